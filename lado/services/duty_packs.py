"""Making a duty pack: what the night needs to know, in one file, recorded for the council and for each case in it."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from lado.act import Act
from lado.domain.reads import Look
from lado.errors import BadInput
from lado.models import DutyPack
from lado.queries import nights, on_call, wall
from lado.queries.nights import Safety, Served
from lado.queries.on_call import Roster
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import once, reads

USUAL_HOURS = 72
"""For how long a pack opens unless another time is chosen (a default of this product): over a long weekend."""

LONGEST_HOURS = 120
MOST_CASES = 50
"""At most so many cases, the most urgent first: more would be a bulk export, which needs a second person."""

PAGE = "duty_packs.new"
"""How the log of reads names this."""

AGAIN = "This form made a duty pack already. Open the page again to make another one."


class Contents(NamedTuple):
    """What one pack holds: one authority, its seniors on call and its most urgent open cases."""

    council: Served
    made_by: str
    made_at: datetime
    expires_at: datetime
    roster: Roster
    cases: list[Safety]
    open_cases: int


def make(
    act: Act, council: Served, hours: int, token: str, write: Callable[[Contents], bytes]
) -> tuple[DutyPack, bytes]:
    """Make a pack for one authority that opens for so many hours; `write` turns its contents into the locked file.

    The making is recorded, and so is, in the log of reads, each case that is in it. One form makes one pack. Raises
    BadInput, or NotAllowed.
    """
    ensure(act.who, Permission.DUTY_PACK_MAKE, council)
    if not 1 <= hours <= LONGEST_HOURS:
        raise BadInput({"hours": f"Enter a number of hours from 1 to {LONGEST_HOURS}."})
    if once.claim(act, token) is not None:
        raise BadInput({"form": AGAIN})
    with wall.before(act):  # the file holds no case that its maker is kept from
        contents = _contents(act, council, act.at + timedelta(hours=hours))
    body = write(contents)
    pack = DutyPack(
        authority_id=council.authority_id,
        made_by_id=act.who.id,
        made_at=act.at,
        expires_at=contents.expires_at,
        cases=len(contents.cases),
        digest=hashlib.sha256(body).digest(),
    )
    act.session.add(pack)
    for case in contents.cases:
        reads.record(act, Look.DOWNLOAD, PAGE, Permission.DUTY_PACK_MAKE, case.reference)
    act.session.flush()
    return pack, body


def _contents(act: Act, council: Served, expires_at: datetime) -> Contents:
    return Contents(
        council,
        act.who.name,
        act.at,
        expires_at,
        on_call.roster(act, council.authority_id, expires_at),
        nights.most_urgent(act, council.authority_id, MOST_CASES),
        nights.count_open(act, council.authority_id),
    )
