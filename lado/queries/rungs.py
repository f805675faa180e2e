"""Rungs that were reached and rungs still to come, as pages show them: what lapsed, who has it, who hears next."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, case, exists, select
from sqlalchemy.orm import Session, aliased

from lado.domain import escalation
from lado.domain.projection import climbed_rungs
from lado.models import CaseClock, Escalation, Referral, SetAside
from lado.queries import ledger, practices

SHOWN = 50


class Rung(NamedTuple):
    """A rung that was reached: when it was due and when it was recorded, whom it found, and who has taken it up.

    `told` None: nobody was there. `chain` is who was asked, in order. `is_running`: what it is about is still open.
    """

    id: int
    referral_id: int
    reference: str
    clock: str
    occurrence: int
    rung: str
    due_at: datetime
    recorded_at: datetime
    told: int | None
    chain: tuple[int, ...]
    acknowledged_at: datetime | None
    acknowledged_by: int | None
    snoozed_until_at: datetime | None
    clock_due_at: datetime
    is_running: bool

    @property
    def in_words(self) -> str:
        """Whom the rung looks for, as a page says it."""
        return escalation.rung_in_words(self.rung)


class Coming(NamedTuple):
    """A rung that is reached at an instant if nothing is recorded until then."""

    clock: str
    rung: str
    due_at: datetime
    in_words: str


class SetAsideClock(NamedTuple):
    """A clock whose escalation failed: the name of what went wrong, since when, how often, and its next try."""

    reference: str
    clock: str
    problem: str
    since_at: datetime
    tries: int
    next_try_at: datetime


ROWS = (
    select(
        Escalation.id,
        Escalation.referral_id,
        Referral.reference,
        CaseClock.key.label("clock"),
        Escalation.occurrence,
        Escalation.rung,
        Escalation.due_at,
        Escalation.recorded_at,
        Escalation.told_id.label("told"),
        Escalation.chain,
        Escalation.acknowledged_at,
        Escalation.acknowledged_by_id.label("acknowledged_by"),
        Escalation.snoozed_until_at,
        CaseClock.due_at.label("clock_due_at"),
        CaseClock.ended_at.is_(None).label("is_running"),
    )
    .join(CaseClock, CaseClock.id == Escalation.clock_id)
    .join(Referral, Referral.id == Escalation.referral_id)
)


def waiting_for(session: Session, account_id: int, at: datetime, limit: int = SHOWN) -> list[Rung]:
    """What this person was told of, has not answered, and is still open.

    Urgent cases first, then the longest waiting, and at the end what they come back to later.
    """
    query = ROWS.where(
        Escalation.told_id == account_id, Escalation.acknowledged_at.is_(None), CaseClock.ended_at.is_(None)
    )
    last = aliased(Escalation)  # of all that one was told of a clock, the last is what one comes back to
    is_later = exists().where(
        last.clock_id == Escalation.clock_id,
        last.told_id == account_id,
        last.acknowledged_at.is_(None),
        last.snoozed_until_at > at,
    )
    order = (Referral.is_urgent.desc(), case((is_later, 1), else_=0), Escalation.id)
    return read(session, query.order_by(*order).limit(limit))


def recent(session: Session, authority_id: int, *, before: int | None = None, limit: int = SHOWN) -> list[Rung]:
    """What was reached in an authority, the newest first; `before` is the id of the last row of the page before."""
    query = ROWS.where(Referral.authority_id == authority_id)
    if before is not None:
        query = query.where(Escalation.id < before)
    return read(session, query.order_by(Escalation.id.desc()).limit(limit))


def of_referral(session: Session, referral_id: int) -> list[Rung]:
    """What was reached on one case, in order."""
    return read(session, ROWS.where(Escalation.referral_id == referral_id).order_by(Escalation.id))


def coming(session: Session, referral_id: int) -> list[Coming]:
    """Who hears next of one case if nothing is recorded, the next first: all steps of its running clocks."""
    referral = session.get_one(Referral, referral_id)
    replayed, practice = ledger.case_of(session, referral_id), practices.of_case(session, referral)
    found = [
        Coming(clock.key, step.rung, step.due_at, escalation.rung_in_words(step.rung))
        for clock in replayed.running.values()
        if clock.paused_at is None
        for step in escalation.ladder(clock, practice, is_urgent=replayed.urgent)
        if step.rung not in climbed_rungs(replayed, clock)
    ]
    return sorted(found, key=lambda step: (step.due_at, step.clock))


def set_aside(session: Session, authority_id: int) -> list[SetAsideClock]:
    """The clocks of an authority whose escalation failed and is tried again."""
    query = (
        select(
            Referral.reference, CaseClock.key, SetAside.problem, SetAside.since_at, SetAside.tries, SetAside.next_try_at
        )
        .join(CaseClock, CaseClock.id == SetAside.clock_id)
        .join(Referral, Referral.id == CaseClock.referral_id)
        .where(Referral.authority_id == authority_id)
        .order_by(SetAside.since_at)
    )
    return [SetAsideClock(*row) for row in session.execute(query)]


def asked(chain: str) -> tuple[int, ...]:
    """Who was asked, in order, from the way in which it is stored."""
    return tuple(int(person) for person in chain.split(",") if person)


def read(session: Session, query: Select[*tuple[Any, ...]]) -> list[Rung]:
    """Rows of ROWS as values."""
    found = []
    for row in session.execute(query):
        found.append(Rung(**{**row._asdict(), "chain": asked(row.chain)}))
    return found
