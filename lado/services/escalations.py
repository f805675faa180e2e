"""Escalating: every rung that was reached is recorded once, and the person of the highest is told of all of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import delete, exists, select

from lado.act import Act
from lado.domain.cover import gap_of
from lado.domain.escalation import Reached, highest, leader
from lado.errors import NotFound
from lado.models import Authority, DueMoment, Escalation, Referral, SetAside
from lado.queries import cover
from lado.queries import escalation as climbing
from lado.queries.cover import Uncovered
from lado.queries.escalation import CaseOnLadder, Climber
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import escalation_notices, notices
from lado.services.insertion import insert_new, put
from lado.services.record import project, record
from workflows.events import Escalated

LONGEST_WAIT = 6
"""A clock that was set aside is tried again after 2, 4, 8 ... minutes, at most two to this power."""


class Climbed(NamedTuple):
    """What a pass did: rungs recorded, notices written, and how often nobody was there."""

    escalated: int = 0
    notices: int = 0
    nobody_on_cover: int = 0

    def plus(self, other: "Climbed") -> "Climbed":
        """Both together."""
        return Climbed(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def climb(act: Act, clock_ids: Sequence[int]) -> Climbed:
    """Record every rung that these clocks have reached, with its true due time, and tell the person of the highest.

    Safe to repeat: the ledger says what was climbed already, and a unique index is the last word. A rung that finds
    nobody is recorded so, and the next one up is climbed at once. Cases that another node has in hand are left alone.
    """
    ensure(act.who, Permission.ESCALATION_CLIMB)
    total = Climbed()
    for found in climbing.on_ladder(act.session, clock_ids, act.at, lock=True):
        steps = [(climber, climbing.reached(found, climber, act.at)) for climber in found.climbers]
        total = total.plus(_record(act, found, steps))
    act.session.execute(delete(SetAside).where(SetAside.clock_id.in_(clock_ids)))
    return total


def climb_unreached(act: Act) -> Climbed:
    """Tell somebody at last of each lapsed clock whose whole ladder had found nobody, as soon as anyone is there."""
    ensure(act.who, Permission.ESCALATION_CLIMB)
    total = Climbed()
    waiting = [
        clock
        for authority in act.session.scalars(select(Authority.id)).all()
        for clock in climbing.unreached(act.session, act.at, authority)
    ]
    for found in climbing.on_ladder(act.session, waiting, act.at, lock=True):
        steps = []
        for climber in found.climbers:
            step = climbing.reached_at_last(found, climber, act.at)
            if step is not None:
                steps.append((climber, (step,)))
        if steps:
            total = total.plus(_record(act, found, steps))
    return total


def raise_gaps(act: Act) -> Climbed:
    """Raise, once for each reason, that nobody is there for somebody who owns open cases.

    A leader is told; where none is there either, the notice stands as failed, so that every page says so.
    """
    ensure(act.who, Permission.ESCALATION_CLIMB)
    total = Climbed()
    for authority in act.session.scalars(select(Authority.id).order_by(Authority.id)):
        for gap in cover.uncovered(act.session, authority, act.at):
            total = total.plus(_raise(act, gap))
    return total


def set_aside(act: Act, clock_id: int, problem: str) -> None:
    """Put a clock that could not be escalated aside, to be tried again after a growing wait; the rest go on.

    `problem` is the name of what went wrong and nothing of the case.
    """
    known = act.session.get(SetAside, clock_id, populate_existing=True)
    tries = known.tries + 1 if known else 1
    row = {
        "clock_id": clock_id,
        "problem": problem,
        "since_at": known.since_at if known else act.at,
        "tries": tries,
        "next_try_at": act.at + timedelta(minutes=2 ** min(tries, LONGEST_WAIT)),
    }
    put(act.session, SetAside, "clock_id", row)


def forget_settled(act: Act) -> None:
    """Forget what was set aside and has been settled by people since: nothing of it is due any more."""
    still_due = exists().where(DueMoment.clock_id == SetAside.clock_id)
    act.session.execute(delete(SetAside).where(~still_due))


def acknowledge(act: Act, escalation_id: int) -> Escalation:
    """Say that the escalation has been seen and is being dealt with. Again, it changes nothing. Raises NotFound."""
    query = select(Escalation).where(Escalation.id == escalation_id).with_for_update()
    escalation = act.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if escalation is None:
        raise NotFound("no such escalation")
    ensure(act.who, Permission.REFERRAL_WORK, act.session.get_one(Referral, escalation.referral_id))
    if escalation.acknowledged_at is None:
        escalation.acknowledged_at, escalation.acknowledged_by_id = act.at, act.who.id
    return escalation


def _record(act: Act, found: CaseOnLadder, steps: Sequence[tuple[Climber, tuple[Reached, ...]]]) -> Climbed:
    """Write the rungs of one case: rows, ledger, due moments and notices, together or not at all."""
    events = [event for climber, reached in steps for event in _events(climber, reached)]
    if not events:
        # The due moment was worked out under an earlier calendar: bring it into line with what the case says now.
        project(act, found.referral, found.case, found.practice, events=found.referral.events)
        return Climbed()
    total = Climbed()
    for climber, reached in steps:
        new = _write(act, found.referral, climber, reached)
        total = total.plus(Climbed(len(new), 0, sum(step.found.is_nobody for step in new)))
        if new and (top := highest(new)) is not None:
            sent = escalation_notices.queue(act, found, climber, new, top)
            total = total.plus(Climbed(notices=sent))
    record(act, found.referral, found.case, events, found.practice)
    return total


def _events(climber: Climber, reached: Sequence[Reached]) -> list[Escalated]:
    clock = climber.clock
    if clock is None:
        return []
    return [Escalated(clock.key, clock.occurrence, step.rung, step.due_at, found.person) for step, found in reached]


def _write(act: Act, referral: Referral, climber: Climber, reached: Sequence[Reached]) -> list[Reached]:
    """Write the rows and return the steps that were not there yet."""
    rows = [
        {
            "clock_id": climber.id,
            "referral_id": referral.id,
            "rung": step.rung,
            "occurrence": climber.clock.occurrence if climber.clock else 0,
            "due_at": step.due_at,
            "recorded_at": act.at,
            "told_id": found.person,
            "chain": ",".join(str(person) for person in found.chain),
        }
        for step, found in reached
    ]
    new = set(insert_new(act.session, Escalation, rows, Escalation.rung))
    return [step for step in reached if step.step.rung in new]


def _raise(act: Act, gap: Uncovered) -> Climbed:
    team = cover.team(act.session, gap.authority_id, act.at)
    told = leader(team, act.at, besides=gap.owner)
    key = f"gap.{gap_of(gap.cover, act.at, team.rota)}"
    cases = "1 open case" if gap.cases == 1 else f"{gap.cases} open cases"
    body = f"Nobody is there for a colleague who is accountable for {cases}. Please name who covers."
    if told.person is not None:
        is_new = notices.queue(act, told.person, None, "Nobody is on cover", body, key=key)
        return Climbed(notices=is_new, nobody_on_cover=is_new)
    failure = "nobody was there to be told"
    is_new = notices.queue(act, gap.owner, None, "Nobody is on cover", body, key=f"{key}.nobody", failure=failure)
    return Climbed(nobody_on_cover=is_new)
