"""Escalating: every rung that was reached is recorded once, and the person of the highest is told of all of them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, exists, select

from lado.act import Act
from lado.domain.cover import Cover, gap_of
from lado.domain.escalation import Step, Team, find_in, leader, or_contact, reach
from lado.errors import NotFound
from lado.models import Authority, Base, DueMoment, Escalation, LapsedForNobody, Referral, SetAside
from lado.queries import climbs, cover, ledger, practices
from lado.queries import escalation as climbing
from lado.queries.climbs import Party
from lado.queries.cover import Uncovered
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import bulk, notices, rungs
from lado.services.insertion import put
from lado.services.record import project
from lado.services.rungs import Climb

Answers = dict[tuple[int, int, int | None, frozenset[int], str], Cover]
"""Whom the resolver found at the instant of one act: by authority, owner, holder, those who are barred, and role."""

LONGEST_WAIT = 6
"""A clock that was set aside is tried again after 2, 4, 8 ... minutes, at most two to this power."""

ASIDE, FOR_NOBODY, MOMENTS = (
    Base.metadata.tables[each.__tablename__] for each in (SetAside, LapsedForNobody, DueMoment)
)
FORGET_SETTLED = delete(ASIDE).where(~exists().where(MOMENTS.c.clock_id == ASIDE.c.clock_id))
FORGET_TOLD = delete(FOR_NOBODY).where(climbing.told_of(FOR_NOBODY.c.clock_id))


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
    return climb_held(act, climbs.hold(act.session, clock_ids))


def climb_held(act: Act, clock_ids: Sequence[int]) -> Climbed:
    """The same for clocks whose cases this act holds already, as after `claim_due`."""
    ensure(act.who, Permission.ESCALATION_CLIMB)
    parties = climbs.parties(act.session, clock_ids)
    stale = [party for party in parties if not (party.steps and party.steps[0].due_at <= act.at)]
    if stale:
        _bring_into_line(act, {clock.referral_id for party in stale for clock in party.climbers})
        parties = climbs.parties(act.session, clock_ids)
    teams = _teams(act, parties)
    answers: Answers = {}
    reached = [_climb(party, teams[party.authority_id], act.at, answers) for party in parties]
    total = _write(act, [each for each in reached if each.reached], teams)
    bulk.drop(act.session, SetAside, {"clock_id": clock_ids})
    return total


def climb_unreached(act: Act, clock_ids: Sequence[int]) -> Climbed:
    """Tell somebody at last of these lapsed clocks, whose whole ladder had found nobody, if anyone is there now.

    A case is only replayed for it once somebody is there whom its ladder could find.
    """
    ensure(act.who, Permission.ESCALATION_CLIMB)
    parties = climbs.parties(act.session, climbs.hold(act.session, clock_ids))
    teams = _teams(act, parties)
    cases = {clock.referral_id for party in parties for clock in party.climbers}
    roles = climbing.roles_looked_for(act.session, cases)
    hopeful = [party for party in parties if _could_find(party, roles, teams[party.authority_id], act.at)]
    alone = {clock.id: party._replace(climbers=(clock,)) for party in hopeful for clock in party.climbers}
    found = [
        Climb(alone[climber.id], (step,), ())
        for case in climbing.on_ladder(act.session, list(alone), act.at, lock=True)
        for climber in case.climbers
        if (step := climbing.reached_at_last(case, climber, act.at)) is not None
    ]
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
    """Forget what was set aside and has been settled by people since, and the alarms that have reached somebody."""
    connection = act.session.connection()
    connection.execute(FORGET_SETTLED)
    connection.execute(FORGET_TOLD)


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


def _teams(act: Act, parties: Sequence[Party]) -> dict[int, Team]:
    return {council: cover.team(act.session, council, act.at) for council in {each.authority_id for each in parties}}


def _climb(party: Party, team: Team, at: datetime, answers: Answers) -> Climb:
    """Say what clocks have reached; those whose case has no owner reach nothing, as no case that is open does.

    At one instant the resolver gives the same person for the same question, so each is asked once and kept.
    """
    if party.owner is None:
        return Climb(party, (), party.steps)
    search = find_in(team, party.owner, at, party.holder, party.barred)
    asked = party.authority_id, party.owner, party.holder, party.barred

    def find(step: Step) -> Cover:
        question = (*asked, step.role)
        if question not in answers:
            answers[question] = search(step)
        return answers[question]

    reached = or_contact(reach(party.steps, at, find), team, party.barred)
    names = {step.step.rung for step in reached}
    return Climb(party, reached, tuple(step for step in party.steps if step.rung not in names))


def _could_find(party: Party, roles: dict[int, set[str]], team: Team, at: datetime) -> bool:
    """Whether anybody is there whom a ladder of their council could find for these clocks."""
    if party.owner is None:
        return False
    find = find_in(team, party.owner, at, party.holder, party.barred)
    return any(not find(Step(role, at, role)).is_nobody for role in roles[party.authority_id])


def _write(act: Act, found: Sequence[Climb], teams: dict[int, Team]) -> Climbed:
    if not found:
        return Climbed()
    steps = [(step, len(climb.party.climbers)) for climb in found for step in climb.reached]
    nobody = sum(many for step, many in steps if step.found.is_nobody)
    return Climbed(sum(many for _, many in steps), rungs.write(act, found, teams), nobody)


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
    count = cover.cases_known_to(act.session, gap, told.person)
    cases = "1 open case" if count == 1 else f"{count} open cases"
    whom = f"a colleague who is accountable for {cases}" if count else "a colleague"
    body = f"Nobody is there for {whom}. Please name who covers."
    if told.person is not None:
        is_new = notices.queue(act, told.person, None, "Nobody is on cover", body, key=key)
        return Climbed(notices=is_new, nobody_on_cover=is_new)
    failure = "nobody was there to be told"
    is_new = notices.queue(act, gap.owner, None, "Nobody is on cover", body, key=f"{key}.nobody", failure=failure)
    return Climbed(nobody_on_cover=is_new)
