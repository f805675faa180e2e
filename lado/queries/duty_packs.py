"""Reading which duty packs were made: by whom, when, until when they open and how many cases they hold."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from lado.act import Act
from lado.domain.reads import Look
from lado.models import Authority, DutyPack, ReadEntry
from lado.queries import accounts
from lado.queries.reads import LARGEST_ID

PAGE = 25

HELD = (
    select(func.count())
    .select_from(ReadEntry)
    .where(ReadEntry.account_id == DutyPack.made_by_id, ReadEntry.at == DutyPack.made_at)
    .where(ReadEntry.what == Look.DOWNLOAD.value, ReadEntry.referral_id.is_not(None))
    .correlate(DutyPack)
    .scalar_subquery()
)
"""How many cases a pack holds of which the reader may know: each stands in the log of reads by itself."""


class Made(NamedTuple):
    """A pack that was made, and of which council."""

    id: int
    council: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    cases: int
    """As far as the reader may know of them."""


class Packs(NamedTuple):
    """Some packs, the newest first, and before which one the next page begins (None: this is the last)."""

    rows: list[Made]
    following: int | None


def listed(act: Act, before: int = LARGEST_ID, size: int = PAGE) -> Packs:
    """The packs of the authorities that this person works for, a page at a time."""
    query = (
        select(DutyPack, Authority.name, HELD.label("cases"))
        .join(Authority, Authority.id == DutyPack.authority_id)
        .where(DutyPack.authority_id.in_({act.who.authority, *act.who.serves} - {None}), DutyPack.id < before)
        .order_by(DutyPack.id.desc())
    )
    found = act.session.execute(query.limit(size + 1)).all()
    shown = found[:size]
    names = accounts.names_of(act, {row.DutyPack.made_by_id for row in shown})
    rows = [
        Made(pack.id, council, names[pack.made_by_id], pack.made_at, pack.expires_at, cases)
        for pack, council, cases in shown
    ]
    return Packs(rows, shown[-1].DutyPack.id if len(found) > size else None)
