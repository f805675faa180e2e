"""Writing rungs that were reached, of many clocks at once: rows, ledger, due moments and notices together."""

from collections.abc import Sequence
from typing import NamedTuple

from lado.act import Act
from lado.domain.escalation import Reached, Step, Team, write_steps
from lado.models import DueMoment, Escalation, LapsedForNobody, Referral
from lado.queries.climbs import Party
from lado.services import bulk, escalation_notices, notices
from lado.services.record import append_to_many, hold_head
from workflows.events import Escalated


class Climb(NamedTuple):
    """Clocks that are alike, the steps that they have reached, the highest last, and those then still to come."""

    party: Party
    reached: tuple[Reached, ...]
    left: tuple[Step, ...]


def write(act: Act, climbs: Sequence[Climb], teams: dict[int, Team]) -> int:
    """Write what these clocks have reached, and return how many notices that made.

    Their cases are held by this act. A rung that stands already makes the database refuse the whole: its unique index
    has the last word on what happened once.
    """
    head = hold_head(act)
    with bulk.together(act.session):
        _record(act, head, climbs)
        _move_on(act, climbs)
        _keep_alarm(act, climbs)
        letters = [
            letter
            for climb in climbs
            for letter in escalation_notices.letters(
                climb.party, climb.reached, teams[climb.party.authority_id], act.at
            )
        ]
    return notices.queue_all(act, letters)


def _record(act: Act, head: tuple[int, bytes], climbs: Sequence[Climb]) -> None:
    numbers: dict[int, int] = {}
    events, rows = [], []
    for party, reached, _ in climbs:
        for step, found in reached:
            event = Escalated(party.key, party.occurrence, step.rung, step.due_at, found.person)
            chain = ",".join(map(str, found.chain))
            for clock in party.climbers:
                case = clock.referral_id
                number = numbers[case] = numbers.get(case, clock.events) + 1
                events.append((case, number, event))
                rows.append((clock.id, case, step.rung, party.occurrence, step.due_at, found.person, chain))
    names = "clock_id", "referral_id", "rung", "occurrence", "due_at", "told_id", "chain"
    bulk.insert(
        act.session, Escalation, dict(zip(names, zip(*rows, strict=True), strict=True)), {"recorded_at": act.at}
    )
    bulk.change(act.session, Referral, {"id": list(numbers)}, {"events": list(numbers.values())})
    append_to_many(act, head, events)


def _move_on(act: Act, climbs: Sequence[Climb]) -> None:
    """Look at these clocks again when their next step is due, and no more at those that have none left."""
    coming, gone = [], []
    for party, _, left in climbs:
        if left:
            moment = left[0].due_at, write_steps(left)
            coming += [(party.next_at, clock.id, *moment) for clock in party.climbers]
        elif party.next_at is not None:
            gone += [(party.next_at, clock.id) for clock in party.climbers]
    if coming:
        stood_at, clocks, next_at, steps = zip(*coming, strict=True)
        place = {"next_at": stood_at, "clock_id": clocks}
        bulk.change(act.session, DueMoment, place, {"next_at": next_at, "steps": steps})
    if gone:
        stood_at, clocks = zip(*gone, strict=True)
        bulk.drop(act.session, DueMoment, {"next_at": stood_at, "clock_id": clocks})


def _keep_alarm(act: Act, climbs: Sequence[Climb]) -> None:
    """Keep which clocks have lapsed for nobody, so that somebody is told as soon as anyone is there."""
    alarms = [
        clock.id
        for party, reached, _ in climbs
        if reached[-1].found.is_nobody and not reached[-1].step.is_warning
        for clock in party.climbers
    ]
    bulk.insert(act.session, LapsedForNobody, {"clock_id": alarms}, {"since_at": act.at}, unless_there=True)
