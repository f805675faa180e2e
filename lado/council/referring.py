"""A referral that a partner has begun on line and not sent yet: two parts of it, and a note, wait for them."""

from collections.abc import Mapping

from lado.db import Database
from lado.domain.online import ADULT, YOU
from lado.domain.self_check import Check
from lado.security.identity import Identity
from lado.services import attachments, online_drafts

NOTE = "Note taken on the telephone.\n\nA parent rang. Her son says that a supply teacher took him by the arm.\n"

BEGUN: Mapping[str, tuple[Mapping[str, str], bool]] = {
    YOU: ({"source": "education", "role": "Head teacher", "phone": "01632 960 140", "reach": "Before nine"}, True),
    ADULT: ({"subject_unknown": "y", "subject_role": "Supply teacher", "sector": "primary"}, False),
}
"""What stands in each part, and whether it is whole."""


def begin(database: Database, partner: Identity) -> None:
    """Leave a referral that this partner has begun."""
    note = attachments.check("Note of the call.txt", NOTE.encode(), None)
    with database.work(partner) as act:
        online_drafts.begin(act, Check("no", "yes", ("1",), "yes"))
        for part, (typed, is_whole) in BEGUN.items():
            online_drafts.keep(act, part, {name: [words] for name, words in typed.items()}, is_whole=is_whole)
        online_drafts.add_file(act, note)
