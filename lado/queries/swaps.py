"""Reading what is arranged about duty: the swaps that are asked for, and the changes that are still to come."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from lado.act import Act
from lado.models import DutyChange, DutySwap
from lado.queries.month import LARGEST_ID

MOST = 100


class Swap(NamedTuple):
    """A stretch of somebody's duty that they ask colleagues to take."""

    id: int
    authority_id: int
    rank: int
    account_id: int
    from_at: datetime
    until_at: datetime
    asked_at: datetime
    state: str


class Changed(NamedTuple):
    """A change of duty that goes on or is still to come: add, remove, or replace `by_id`."""

    id: int
    authority_id: int
    kind: str
    rank: int
    account_id: int
    by_id: int | None
    from_at: datetime
    until_at: datetime


SWAPS: Select[Any] = select(*(getattr(DutySwap, name) for name in Swap._fields))
CHANGES: Select[Any] = select(*(getattr(DutyChange, name) for name in Changed._fields))


def open_swaps(act: Act) -> list[Swap]:
    """The swaps of one's own authority that somebody could still take, the first to begin first."""
    query = SWAPS.where(
        DutySwap.authority_id == act.who.authority, DutySwap.state == "open", DutySwap.until_at > act.at
    )
    return [Swap(*row) for row in act.session.execute(query.order_by(DutySwap.from_at, DutySwap.id).limit(MOST))]


def swap(act: Act, swap_id: int) -> Swap | None:
    """One swap of one's own authority, settled or not, or None."""
    if swap_id > LARGEST_ID:
        return None
    query = SWAPS.where(DutySwap.id == swap_id, DutySwap.authority_id == act.who.authority)
    row = act.session.execute(query).one_or_none()
    return Swap(*row) if row else None


def coming_changes(act: Act) -> list[Changed]:
    """The changes of duty of one's own authority that go on or are still to come, the first to begin first."""
    query = CHANGES.where(
        DutyChange.authority_id == act.who.authority,
        DutyChange.until_at > act.at,
        DutyChange.cancelled_at.is_(None),
    )
    return [Changed(*row) for row in act.session.execute(query.order_by(DutyChange.from_at, DutyChange.id).limit(MOST))]


def duty_change(act: Act, change_id: int) -> Changed | None:
    """One change of duty of one's own authority that was not cancelled, or None."""
    if change_id > LARGEST_ID:
        return None
    query = CHANGES.where(
        DutyChange.id == change_id,
        DutyChange.authority_id == act.who.authority,
        DutyChange.cancelled_at.is_(None),
    )
    row = act.session.execute(query).one_or_none()
    return Changed(*row) if row else None
