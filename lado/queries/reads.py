"""Reading who has looked at a case. Each query follows an index, however long the log has grown."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from lado.act import Act
from lado.models import ReadEntry
from lado.queries.accounts import names_of

PAGE = 50
LARGEST_ID = 2**31 - 1
"""What either database can look for in a column of ids; an address may name any number."""


class Read(NamedTuple):
    """One look at the case."""

    id: int
    at: datetime
    name: str
    role: str
    what: str
    page: str
    right: str


class Reader(NamedTuple):
    """Somebody who has looked at the case: how often, and when first and last."""

    name: str
    role: str
    times: int
    first_at: datetime
    last_at: datetime


class Looked(NamedTuple):
    """Who has looked at a case, the latest first, and one page of their looks; `next_before` begins the next page."""

    readers: tuple[Reader, ...]
    reads: tuple[Read, ...]
    next_before: int | None


def of_case(act: Act, referral_id: int, before: int | None = None) -> Looked:
    """Who has looked at the case; `before` is the id after which the page begins."""
    query = select(ReadEntry).where(ReadEntry.referral_id == referral_id)
    if before is not None:
        query = query.where(ReadEntry.id < max(0, min(before, LARGEST_ID)))
    rows = act.session.scalars(query.order_by(ReadEntry.id.desc()).limit(PAGE + 1)).all()
    times = func.count().label("times")
    first_at, last_at = func.min(ReadEntry.at).label("first_at"), func.max(ReadEntry.at).label("last_at")
    people = act.session.execute(
        select(ReadEntry.account_id, ReadEntry.role, times, first_at, last_at)
        .where(ReadEntry.referral_id == referral_id)
        .group_by(ReadEntry.account_id, ReadEntry.role)
        .order_by(last_at.desc(), ReadEntry.account_id)
    ).all()
    names = names_of(act, {row.account_id for row in rows} | {row.account_id for row in people})
    return Looked(
        tuple(Reader(names[row.account_id], row.role, row.times, row.first_at, row.last_at) for row in people),
        tuple(
            Read(row.id, row.at, names[row.account_id], row.role, row.what, row.page, row.right) for row in rows[:PAGE]
        ),
        rows[PAGE - 1].id if len(rows) > PAGE else None,
    )
