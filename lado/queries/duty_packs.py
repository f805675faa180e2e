"""Reading which duty packs were made: by whom, when, until when they open and how many cases they hold."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.models import Authority, DutyPack
from lado.queries import accounts
from lado.queries.reads import LARGEST_ID

PAGE = 25


class Made(NamedTuple):
    """A pack that was made, and of which council."""

    id: int
    council: str
    made_by: str
    made_at: datetime
    expires_at: datetime
    cases: int


class Packs(NamedTuple):
    """Some packs, the newest first, and before which one the next page begins (None: this is the last)."""

    rows: list[Made]
    following: int | None


def listed(act: Act, before: int = LARGEST_ID, size: int = PAGE) -> Packs:
    """The packs of the authorities that this person works for, a page at a time."""
    query = (
        select(DutyPack, Authority.name)
        .join(Authority, Authority.id == DutyPack.authority_id)
        .where(DutyPack.authority_id.in_({act.who.authority, *act.who.serves} - {None}), DutyPack.id < before)
        .order_by(DutyPack.id.desc())
    )
    found = act.session.execute(query.limit(size + 1)).all()
    shown = found[:size]
    names = accounts.names_of(act, {row.DutyPack.made_by_id for row in shown})
    rows = [
        Made(pack.id, council, names[pack.made_by_id], pack.made_at, pack.expires_at, pack.cases)
        for pack, council in shown
    ]
    return Packs(rows, shown[-1].DutyPack.id if len(found) > size else None)
