"""Writing rungs that were reached, of many clocks at once: rows, ledger, due moments and notices together."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, delete, update

from lado.act import Act
from lado.domain.escalation import Reached, Step, Team, write_steps
from lado.models import Base, DueMoment, Escalation, Referral
from lado.queries.climbs import Climber
from lado.services import escalation_notices, notices
from lado.services.insertion import insert_many
from lado.services.record import append_to_many
from workflows.events import Escalated

MOMENTS, CASES = (Base.metadata.tables[model.__tablename__] for model in (DueMoment, Referral))
DROP_MOMENTS = delete(MOMENTS).where(MOMENTS.c.next_at == bindparam("at"), MOMENTS.c.clock_id == bindparam("clock"))
COUNT_EVENTS = update(CASES).where(CASES.c.id == bindparam("case")).values(events=bindparam("new_events"))


class Climb(NamedTuple):
    """A clock, the steps that it has reached, the highest last, and those that are then still to come."""

    climber: Climber
    reached: tuple[Reached, ...]
    left: tuple[Step, ...]


def write(act: Act, climbs: Sequence[Climb], teams: dict[int, Team]) -> int:
    """Write what these clocks have reached, and return how many notices that made.

    Their cases are held by this act. A rung that stands already makes the database refuse the whole: its unique index
    has the last word on what happened once.
    """
    letters = [
        letter
        for climb in climbs
        for letter in escalation_notices.letters(
            climb.climber, climb.reached, teams[climb.climber.authority_id], act.at
        )
    ]
    _record(act, climbs)
    _move_on(act, climbs)
    return notices.queue_all(act, letters)


def _record(act: Act, climbs: Sequence[Climb]) -> None:
    numbers: dict[int, int] = {}
    events, rows = [], []
    for clock, reached, _ in climbs:
        for step, found in reached:
            number = numbers.get(clock.referral_id, clock.events) + 1
            numbers[clock.referral_id] = number
            event = Escalated(clock.key, clock.occurrence, step.rung, step.due_at, found.person)
            events.append((clock.referral_id, number, event))
            rows.append(
                {
                    "clock_id": clock.id,
                    "referral_id": clock.referral_id,
                    "rung": step.rung,
                    "occurrence": clock.occurrence,
                    "due_at": step.due_at,
                    "recorded_at": act.at,
                    "told_id": found.person,
                    "chain": ",".join(map(str, found.chain)),
                }
            )
    insert_many(act.session, Escalation, rows)
    counted = [{"case": case, "new_events": number} for case, number in numbers.items()]
    act.session.connection().execute(COUNT_EVENTS, counted)
    append_to_many(act, events)


def _move_on(act: Act, climbs: Sequence[Climb]) -> None:
    gone = [{"at": climb.climber.next_at, "clock": climb.climber.id} for climb in climbs if climb.climber.next_at]
    if gone:
        act.session.connection().execute(DROP_MOMENTS, gone)
    coming = [
        {"next_at": climb.left[0].due_at, "clock_id": climb.climber.id, "steps": write_steps(climb.left)}
        for climb in climbs
        if climb.left
    ]
    insert_many(act.session, DueMoment, coming)
