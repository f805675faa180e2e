"""What partners refer on line: one has begun and not sent it yet, and one has just sent theirs to the officers."""

from collections.abc import Mapping
from datetime import timedelta

from lado.db import Database
from lado.domain.online import ADULT, PARTS, YOU, Answers
from lado.domain.self_check import Check
from lado.security.identity import Identity
from lado.services import attachments, online_drafts, online_referrals

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


def send(database: Database, partner: Identity) -> None:
    """Let this partner, who manages a children's home, send a whole referral just now."""
    with database.work(partner) as act:
        online_drafts.begin(act, Check("no", "yes", ("1", "3"), "yes"))
        for part in PARTS:
            online_drafts.keep(act, part, {}, is_whole=True)
        yesterday = act.today - timedelta(days=1)
        online_referrals.send(
            act,
            Answers(
                source="employer",
                organisation="",
                role="Manager",
                phone="01632 960 150",
                reach="Until six. Leave no message at the house.",
                adult={"name": "Linden Thimbleby", "role": "Night care worker", "basis": "agency"},
                setting="Bramble House",
                sector="childrens_home",
                category="physical",
                summary="A young person says that he held her by the wrist and would not let go. She has a mark.",
                incident_from_on=yesterday,
                incident_to_on=None,
                incident_precision="exact",
                employer_aware_at=act.at,
                children=({"name": "Fern Oatgrove", "more": "She has lived with us since spring."},),
                children_safe="yes",
                safety_steps="He is not on the rota until we have spoken with you.",
                told=("social_care",),
                told_more="Her social worker asked us to ring you as well.",
            ),
        )
