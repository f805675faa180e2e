"""Reading what lapsed as its page shows it: each clock once, with the ladder so far and who hears next."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.escalation import Step, ladder
from lado.models import CaseClock, DueMoment, Escalation, Referral, SealingKey
from lado.queries import practices
from lado.queries.referrals import LISTED, Listed, listed
from lado.queries.rungs import ROWS, SHOWN, Rung, read
from workflows.case import Clock
from workflows.practice import Practice

LARGEST_ID = 2**31 - 1
"""What a database can look for; an address may name any number."""

LONGEST_SNOOZE = timedelta(hours=24)
"""How long at most when nobody hears next (a default of this product); otherwise the next step is the end of it."""

Place = tuple[int, str, int]
"""One running of one clock: its case, its key, which occurrence."""


class Lapse(NamedTuple):
    """One clock that climbed: its case, the ladder so far in order, and the next rung (None: there is none)."""

    case: Listed
    clock: Clock
    rungs: tuple[Rung, ...]
    following: Step | None
    owner: int | None
    is_urgent: bool

    @property
    def place(self) -> Place:
        """Which running of which clock it is."""
        return self.case.id, self.clock.key, self.clock.occurrence

    @property
    def is_at_the_end(self) -> bool:
        """Whether the last rung of the ladder was reached and found nobody, while it is still open."""
        return self.clock.ended_at is None and self.following is None and self.rungs[-1].told is None


class Told(NamedTuple):
    """One escalation as the policy asks about it, and what it is about."""

    id: int
    authority_id: int
    clock_id: int
    reference: str


def found(act: Act, escalation_id: int) -> Told | None:
    """The escalation in one's own authority, or None."""
    if escalation_id > LARGEST_ID:
        return None
    query = (
        select(Escalation.id, Referral.authority_id, Escalation.clock_id, Referral.reference)
        .join(Referral, Referral.id == Escalation.referral_id)
        .where(Escalation.id == escalation_id, Referral.authority_id == act.who.authority)
    )
    row = act.session.execute(query).one_or_none()
    return Told(*row) if row else None


def latest_snooze(act: Act, clock_id: int) -> datetime:
    """Until when one may come back to what was escalated: the next step is due then, or a day has passed."""
    next_at = act.session.scalar(select(DueMoment.next_at).where(DueMoment.clock_id == clock_id))
    return min(act.at + LONGEST_SNOOZE, next_at or act.at + LONGEST_SNOOZE)


def to_answer(act: Act, told: Told) -> list[int]:
    """This escalation, and whatever else the person was told of the same clock and has not answered."""
    query = select(Escalation.id).where(
        Escalation.clock_id == told.clock_id,
        Escalation.told_id == act.who.id,
        Escalation.acknowledged_at.is_(None),
    )
    return sorted({told.id, *act.session.scalars(query)})


def nobody(session: Session, authority_id: int, limit: int = SHOWN) -> list[Rung]:
    """The rungs that found nobody and are about something still open, the newest first."""
    query = ROWS.where(
        Referral.authority_id == authority_id, Escalation.told_id.is_(None), CaseClock.ended_at.is_(None)
    )
    return read(session, query.order_by(Escalation.id.desc()).limit(limit))


def lapses(act: Act, rungs: Iterable[Rung]) -> list[Lapse]:
    """The clocks that these rungs are about, in the same order, each once; a fixed number of statements."""
    places = list(dict.fromkeys(place_of(rung) for rung in rungs))
    if not places:
        return []
    ids = sorted({referral for referral, _, _ in places})
    rows = act.session.execute(_cases(ids)).all()
    cases = {case.id: case for case in listed(act, rows)}
    standing = {row.id: row for row in rows}
    under = _practices(act.session, rows)
    climbed: dict[Place, list[Rung]] = {}
    for rung in read(act.session, ROWS.where(Escalation.referral_id.in_(ids)).order_by(Escalation.id)):
        climbed.setdefault(place_of(rung), []).append(rung)
    clocks = _clocks(act.session, ids)
    return [
        Lapse(
            cases[place[0]],
            clocks[place],
            tuple(climbed[place]),
            _following(clocks[place], climbed[place], under[place[0]], is_urgent=standing[place[0]].is_urgent),
            standing[place[0]].owner_id,
            standing[place[0]].is_urgent,
        )
        for place in places
    ]


def place_of(rung: Rung) -> Place:
    """Which running of which clock the rung is about."""
    return rung.referral_id, rung.clock, rung.occurrence


def _cases(ids: Sequence[int]) -> Any:
    columns = (*LISTED, Referral.is_urgent, Referral.rules, Referral.calendar, Referral.authority_id)
    return select(*columns).join(SealingKey, SealingKey.id == Referral.key_id).where(Referral.id.in_(ids))


def _practices(session: Session, rows: Sequence[Any]) -> dict[int, Practice]:
    """The practice of each case; a council has few versions of its rules, and each is read once."""
    known: dict[tuple[Any, ...], Practice] = {}
    found: dict[int, Practice] = {}
    for row in rows:
        key = (row.authority_id, row.procedure, row.procedure_version, row.rules, row.calendar)
        if key not in known:
            known[key] = practices.of(session, *key)
        found[row.id] = known[key]
    return found


def _clocks(session: Session, ids: Sequence[int]) -> dict[Place, Clock]:
    columns = (
        CaseClock.referral_id,
        CaseClock.key,
        CaseClock.occurrence,
        CaseClock.started_at,
        CaseClock.due_at,
        CaseClock.first_due_at,
        CaseClock.is_provisional,
        CaseClock.paused_at,
        CaseClock.ended_at,
        CaseClock.is_met,
    )
    return {
        (row.referral_id, row.key, row.occurrence): Clock(
            row.key,
            row.occurrence,
            row.started_at,
            row.due_at,
            row.first_due_at,
            row.is_provisional,
            "",
            paused_at=row.paused_at,
            ended_at=row.ended_at,
            met=row.is_met,
        )
        for row in session.execute(select(*columns).where(CaseClock.referral_id.in_(ids)))
    }


def _following(clock: Clock, rungs: Sequence[Rung], practice: Practice, *, is_urgent: bool) -> Step | None:
    """The first rung after the lapse that was not reached yet. Warnings are left out: they come before the lapse."""
    if clock.ended_at is not None or clock.paused_at is not None:
        return None
    reached = {rung.rung for rung in rungs}
    steps = ladder(clock, practice, is_urgent=is_urgent)
    return next((step for step in steps if not step.is_warning and step.rung not in reached), None)
