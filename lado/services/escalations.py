"""Escalating: every rung that was reached is recorded once, and the person of the highest is told of all of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, exists, select

from lado.act import Act
from lado.domain.cover import Cover, gap_of
from lado.domain.escalation import Step, Team, find_in, leader, or_contact, reach
from lado.errors import NotFound
from lado.models import Authority, DueMoment, Escalation, Referral, SetAside
from lado.queries import climbs, cover, ledger, practices
from lado.queries import escalation as climbing
from lado.queries.climbs import Climber
from lado.queries.cover import Uncovered
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices, rungs
from lado.services.insertion import put
from lado.services.record import project
from lado.services.rungs import Climb

Answers = dict[tuple[int, int, int | None, frozenset[int], str], Cover]
"""Whom the resolver found at the instant of one act: by authority, owner, holder, those who are barred, and role."""

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

    Safe to repeat: what was climbed is no longer to come, and a unique index is the last word. A rung that finds
    nobody is recorded so, and the next one up is climbed at once. Cases that another node has in hand are left alone.
    """
    ensure(act.who, Permission.ESCALATION_CLIMB)
    held = climbs.held(act.session, clock_ids)
    stale = {each.referral_id for each in held if not (each.steps and each.steps[0].due_at <= act.at)}
    if stale:
        _bring_into_line(act, stale)
        held = climbs.held(act.session, clock_ids)
    teams = {council: cover.team(act.session, council, act.at) for council in {each.authority_id for each in held}}
    answers: Answers = {}
    reached = [_climb(each, teams[each.authority_id], act.at, answers) for each in held]
    total = _write(act, [each for each in reached if each.reached], teams)
    act.session.execute(delete(SetAside).where(SetAside.clock_id.in_(clock_ids)))
    return total


def climb_unreached(act: Act) -> Climbed:
    """Tell somebody at last of each lapsed clock whose whole ladder had found nobody, as soon as anyone is there."""
    ensure(act.who, Permission.ESCALATION_CLIMB)
    councils = act.session.scalars(select(Authority.id)).all()
    waiting = [clock for council in councils for clock in climbing.unreached(act.session, act.at, council)]
    if not waiting:
        return Climbed()
    held = {each.id: each for each in climbs.held(act.session, waiting)}
    found, teams = [], {}
    for case in climbing.on_ladder(act.session, list(held), act.at, lock=True):
        teams[case.referral.authority_id] = case.team
        for climber in case.climbers:
            step = climbing.reached_at_last(case, climber, act.at)
            if step is not None:
                found.append(Climb(held[climber.id], (step,), ()))
    return _write(act, found, teams)


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


def _climb(climber: Climber, team: Team, at: datetime, answers: Answers) -> Climb:
    """Say what a clock has reached; a clock whose case has no owner reaches nothing, as no case that is open does.

    At one instant the resolver gives the same person for the same question, so each is asked once and kept.
    """
    if climber.owner is None:
        return Climb(climber, (), climber.steps)
    search = find_in(team, climber.owner, at, climber.holder, climber.barred)
    asked = climber.authority_id, climber.owner, climber.holder, climber.barred

    def find(step: Step) -> Cover:
        question = (*asked, step.role)
        if question not in answers:
            answers[question] = search(step)
        return answers[question]

    reached = or_contact(reach(climber.steps, at, find), team, climber.barred)
    names = {step.step.rung for step in reached}
    return Climb(climber, reached, tuple(step for step in climber.steps if step.rung not in names))


def _write(act: Act, found: Sequence[Climb], teams: dict[int, Team]) -> Climbed:
    if not found:
        return Climbed()
    steps = [step for climb in found for step in climb.reached]
    return Climbed(len(steps), rungs.write(act, found, teams), sum(step.found.is_nobody for step in steps))


def _bring_into_line(act: Act, referral_ids: Collection[int]) -> None:
    """Work out anew when these cases are looked at: nobody had kept their steps, or under an earlier calendar."""
    for referral_id in sorted(referral_ids):
        referral = act.session.get_one(Referral, referral_id, populate_existing=True)
        case = ledger.case_of(act.session, referral_id)
        project(act, referral, case, practices.of_case(act.session, referral), events=referral.events)


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
