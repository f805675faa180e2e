"""Reading what an audit of the ladders compares: every clock that runs, however old, beside what was recorded of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from lado.domain.escalation import read_steps, roles_of
from lado.models import CaseClock, DueMoment, Escalation, Notice, Referral, Unrecorded
from lado.queries import practices
from workflows.practice import Practice


class Missing(NamedTuple):
    """A rung of a running clock that has no record although it is due, or that nobody would ever look at."""

    clock_id: int
    referral_id: int
    authority_id: int
    reference: str
    key: str
    rung: str
    due_at: datetime
    why: str


NOT_CLIMBED, NEVER_LOOKED_AT, NOBODY_TOLD = "not climbed", "never looked at", "no notice"
"""What can be missing: the record of a due rung, the moment at which a clock is looked at, or the notice of a rung."""

RUNS = and_(CaseClock.ended_at.is_(None), CaseClock.paused_at.is_(None))
PLACE = (
    CaseClock.id,
    CaseClock.key,
    CaseClock.due_at,
    Referral.id.label("referral_id"),
    Referral.authority_id,
    Referral.reference,
)


def missing(session: Session, at: datetime) -> Iterator[Missing]:
    """Everything that is missing although it was due at the instant; a fixed number of statements."""
    yield from _overdue(session, at)
    yield from _left_out(session, at)
    yield from _untold(session, at)


def kept(session: Session, authority_id: int | None = None) -> list[Any]:
    """What the last audit found and is not settled, the oldest first, with case and clock."""
    query = (
        select(Unrecorded.clock_id, Unrecorded.rung, Unrecorded.why, Unrecorded.due_at, *PLACE[1:2], Referral.reference)
        .join(CaseClock, CaseClock.id == Unrecorded.clock_id)
        .join(Referral, Referral.id == CaseClock.referral_id)
        .order_by(Unrecorded.found_at, Unrecorded.clock_id)
    )
    if authority_id is not None:
        query = query.where(Referral.authority_id == authority_id)
    return list(session.execute(query))


def _overdue(session: Session, at: datetime) -> Iterator[Missing]:
    """Clocks that should have been looked at by now."""
    query = (
        select(*PLACE, DueMoment.next_at, DueMoment.steps)
        .join(CaseClock, CaseClock.id == DueMoment.clock_id)
        .join(Referral, Referral.id == CaseClock.referral_id)
        .where(DueMoment.next_at <= at)
        .order_by(DueMoment.next_at)
    )
    for row in session.execute(query):
        rung = read_steps(row.steps)[0].rung if row.steps else "unknown"
        yield _missing(row, rung, row.next_at, NOT_CLIMBED)


def _left_out(session: Session, at: datetime) -> Iterator[Missing]:
    """Clocks that nobody would look at again, and rungs of a lapsed clock that are neither recorded nor to come."""
    suspects = and_(RUNS, or_(DueMoment.clock_id.is_(None), CaseClock.due_at <= at))
    terms = (Referral.authority_id, Referral.procedure, Referral.procedure_version, Referral.rules, Referral.calendar)
    clocks = (
        select(*PLACE, *terms[1:], CaseClock.occurrence, DueMoment.next_at, DueMoment.steps)
        .join(Referral, Referral.id == CaseClock.referral_id)
        .outerjoin(DueMoment, DueMoment.clock_id == CaseClock.id)
        .where(suspects)
        .order_by(CaseClock.id)
    )
    climbed = _climbed(session, suspects)
    known: dict[tuple[Any, ...], Practice] = {}
    for row in session.execute(clocks):
        place = tuple(row._mapping[column.key] for column in terms)
        if place not in known:
            known[place] = practices.of(session, *place)
        there = climbed.get((row.id, row.occurrence), set())
        there |= {step.rung for step in read_steps(row.steps)} if row.steps else set()
        roles = roles_of(row.key, known[place])
        absent = [role for role in roles if role not in there]
        if absent and not (row.next_at is not None and row.steps == ""):
            is_left = row.next_at is None and roles[-1] in absent
            yield _missing(row, absent[0], row.due_at, NEVER_LOOKED_AT if is_left else NOT_CLIMBED)


def _climbed(session: Session, suspects: ColumnElement[bool]) -> dict[tuple[int, int], set[str]]:
    rungs = (
        select(Escalation.clock_id, Escalation.occurrence, Escalation.rung)
        .join(CaseClock, CaseClock.id == Escalation.clock_id)
        .outerjoin(DueMoment, DueMoment.clock_id == CaseClock.id)
        .where(suspects)
    )
    found: dict[tuple[int, int], set[str]] = {}
    for row in session.execute(rungs):
        found.setdefault((row.clock_id, row.occurrence), set()).add(row.rung)
    return found


def _untold(session: Session, at: datetime) -> Iterator[Missing]:
    """Rungs that found somebody, of a pass that wrote no notice about their clock."""
    other = aliased(Escalation)
    parts = (cast(other.clock_id, String), func.replace(other.rung, " ", "-"), cast(other.told_id, String))
    key = literal("rung.") + parts[0] + "." + parts[1] + "." + parts[2]
    has_notice = exists(
        select(other.id)
        .join(Notice, Notice.message_id == key)
        .where(other.clock_id == Escalation.clock_id, other.recorded_at == Escalation.recorded_at)
    )
    query = (
        select(*PLACE, Escalation.rung, Escalation.due_at.label("rung_due_at"))
        .join(CaseClock, CaseClock.id == Escalation.clock_id)
        .join(Referral, Referral.id == CaseClock.referral_id)
        .where(RUNS, Escalation.told_id.is_not(None), Escalation.recorded_at <= at, ~has_notice)
        .order_by(Escalation.id)
    )
    for row in session.execute(query):
        yield _missing(row, row.rung, row.rung_due_at, NOBODY_TOLD)


def _missing(row: Any, rung: str, due_at: datetime, why: str) -> Missing:
    return Missing(row.id, row.referral_id, row.authority_id, row.reference, row.key, rung, due_at, why)


def first_of_each(found: Sequence[Missing]) -> dict[int, Missing]:
    """One finding for each clock: the first."""
    kept_first: dict[int, Missing] = {}
    for one in found:
        kept_first.setdefault(one.clock_id, one)
    return kept_first
