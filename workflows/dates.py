"""The dates that a record holds: every one that people gave, by the number of its entry and the name of the answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from workflows import events as e
from workflows.attempt import is_date
from workflows.model import Workflow

EXACT = "exact"
PRECISION: Mapping[str, str] = {
    "received_at": "received_precision",
    "incident_from_on": "incident_precision",
    "incident_to_on": "incident_precision",
    "employer_aware_at": "employer_aware_precision",
}
"""Where the opening of a case says how exact a date is."""

OPENING = ("received_at", "incident_from_on", "incident_to_on", "employer_aware_at")


class Line(Protocol):
    """One entry of a record: its number, what happened, by whom and when it was recorded."""

    @property
    def number(self) -> int:
        """Its number within the case."""

    @property
    def event(self) -> e.Event:
        """What happened."""

    @property
    def actor_id(self) -> int | None:
        """Who recorded it; None for the scheduler."""

    @property
    def recorded_at(self) -> Any:
        """The instant of recording."""


Group = Sequence[Line]
"""The entries of one move, its first entry first."""


class Dated(NamedTuple):
    """A date on the record as it was entered, by the number of its entry and the name of the answer.

    `plan` marks what is to come, such as the next review: it is no fact that could be wrong.
    """

    entry: int
    name: str
    value: datetime | date
    precision: str
    move: str
    plan: bool
    actor_id: int | None
    recorded_at: datetime


def dates_of(groups: Sequence[Group], flow: Workflow) -> tuple[Dated, ...]:
    """Every date that people gave, in order of their entries; one fact that stands under two names is said once."""
    return tuple(dated for group in groups for dated in _dates_of(group[0], flow))


def answers_of(event: e.Event) -> Mapping[str, Any]:
    """The plain answers that stand in an entry: those of the opening, of a move or of a note."""
    if isinstance(event, e.Opened):
        return event._asdict()
    return event.answers if isinstance(event, e.Moved | e.Noted) else {}


def _dates_of(line: Line, flow: Workflow) -> Iterator[Dated]:
    event = line.event
    said = answers_of(event)
    if isinstance(event, e.Opened):
        for name in OPENING:
            if said[name] is not None:
                yield Dated(line.number, name, said[name], said[PRECISION[name]], "refer", False, *_stamp(line))
    elif isinstance(event, e.Moved | e.Noted):
        key = event.move if isinstance(event, e.Moved) else event.kind
        move = flow.move_by_key.get(key)
        planned = {name for name, _ in move.dates} if move else set(said)
        dates = {name: value for name, value in said.items() if is_date(name) and isinstance(value, date)}
        asked = {value for name, value in dates.items() if move and name in move.asks}
        for name, value in dates.items():
            if value not in asked or (move is not None and name in move.asks):
                yield Dated(line.number, name, value, EXACT, key, name in planned, *_stamp(line))


def _stamp(line: Line) -> tuple[int | None, datetime]:
    return line.actor_id, line.recorded_at
