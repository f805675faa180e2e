"""Reading a span of the cover calendar: what falls due in it, and one absence as its form shows it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from lado.act import Act
from lado.models import Absence, Referral
from lado.queries.cover import IS_OPEN

LARGEST_ID = 2**31 - 1
"""What a database can look for; an address may name any number."""

MOST_DUE = 500
"""Cases that a calendar names at most; a month of a large council has fewer."""


class Falling(NamedTuple):
    """A case whose next clock falls due."""

    due_at: datetime
    reference: str


class Booked(NamedTuple):
    """An absence as it stands: whose, why, from when until when (the end excluded), who covers, and its version."""

    id: int
    authority_id: int
    account_id: int
    kind: str
    from_at: datetime
    until_at: datetime
    cover_id: int | None
    second_id: int | None
    cancelled_at: datetime | None
    version: int


BOOKED: Select[Any] = select(*(getattr(Absence, name) for name in Booked._fields))


def falling_due(act: Act, from_at: datetime, until_at: datetime) -> list[Falling]:
    """The open cases of one's own authority whose next clock falls due in the span, the first due first."""
    query = (
        select(Referral.next_due_at, Referral.reference)
        .where(IS_OPEN, Referral.authority_id == act.who.authority)
        .where(Referral.next_due_at >= from_at, Referral.next_due_at < until_at)
        .order_by(Referral.next_due_at, Referral.id)
        .limit(MOST_DUE)
    )
    return [Falling(due_at, reference) for due_at, reference in act.session.execute(query) if due_at is not None]


def absence(act: Act, absence_id: int) -> Booked | None:
    """One absence in one's own authority that was not cancelled, or None."""
    if absence_id > LARGEST_ID:
        return None
    query = BOOKED.where(
        Absence.id == absence_id, Absence.authority_id == act.who.authority, Absence.cancelled_at.is_(None)
    )
    row = act.session.execute(query).one_or_none()
    return Booked(*row) if row else None


def coming(act: Act, limit: int = 50) -> list[Booked]:
    """The absences of one's own authority that go on or are still to come, the first to begin first."""
    query = (
        BOOKED.where(
            Absence.authority_id == act.who.authority, Absence.until_at > act.at, Absence.cancelled_at.is_(None)
        )
        .order_by(Absence.from_at, Absence.id)
        .limit(limit)
    )
    return [Booked(*row) for row in act.session.execute(query)]
