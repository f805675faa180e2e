"""What can happen to a case, in the past tense. Plain facts only: names and words are sealed beside them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple


class Opened(NamedTuple):
    """A referral or a request for advice arrived and was recorded. The four dates are kept apart, each its own fact."""

    procedure: str
    version: int
    rules: str
    calendar: str
    received_at: datetime
    recorded_at: datetime
    received_precision: str
    channel: str
    evidence: str
    source: str
    sector: str
    incident_from_on: date | None
    incident_to_on: date | None
    incident_precision: str
    employer_aware_at: datetime | None
    employer_aware_precision: str
    late_entry: bool
    advice_call: bool


class Moved(NamedTuple):
    """A step of the procedure was made; `answers` are the plain answers given with it."""

    move: str
    leaves: str
    enters: str
    answers: Mapping[str, Any]


class Noted(NamedTuple):
    """Something was written on the record that changes no state: a note, a call, a fact that was missing."""

    kind: str
    answers: Mapping[str, Any]


class PersonAdded(NamedTuple):
    """A person was named on the case: its one subject, a child, the referrer, a witness."""

    number: int
    role: str


class AllegationAdded(NamedTuple):
    """An allegation was put on the case, with its harm category and the numbers of the children it concerns."""

    number: int
    category: str
    children: tuple[int, ...]


class ThresholdDecided(NamedTuple):
    """The threshold was decided; `limbs` are the limbs of the harm threshold that are met."""

    met: bool
    limbs: tuple[int, ...]


class MeetingArranged(NamedTuple):
    """A meeting was arranged for an instant."""

    number: int
    planned_at: datetime


class MeetingHeld(NamedTuple):
    """A meeting or review took place."""

    number: int
    held_at: datetime
    kind: str


class StrandChanged(NamedTuple):
    """One of the parallel strands (police, social care, employer, regulator) changed its status."""

    strand: str
    status: str


class OutcomeProposed(NamedTuple):
    """An outcome was proposed for one allegation."""

    allegation: int
    outcome: str


class OutcomeDecided(NamedTuple):
    """The outcome of one allegation was decided."""

    allegation: int
    outcome: str


class ActionSet(NamedTuple):
    """An action was given to someone; its due date is the clock `action:<number>`."""

    number: int
    holder: str
    user: int | None


class ActionDone(NamedTuple):
    """An action was done."""

    number: int


class Told(NamedTuple):
    """One audience was told, or there is a reason why not."""

    audience: str
    told: bool
    told_on: date | None


class OnwardDecided(NamedTuple):
    """Whether to refer on to a body (DBS, regulator, social care) was decided."""

    body: str
    decision: str


class OwnerAssigned(NamedTuple):
    """The case has a new accountable officer."""

    owner: int
    why: str


class TransferOffered(NamedTuple):
    """The case was offered to another authority; it stays open here until accepted."""

    authority: str


class TransferRefused(NamedTuple):
    """The other authority refused the case."""


class OutcomeReleased(NamedTuple):
    """The officer let the referrer see the outcome on their own page."""


class ClockStarted(NamedTuple):
    """A clock began. `due_at` is derived from the rules and the calendar named here, and can be derived again.

    `rule` is empty where an officer gave the date: then there is nothing to derive, and a pause does not move it.
    """

    clock: str
    occurrence: int
    started_at: datetime
    due_at: datetime
    provisional: bool
    rule: str
    calendar: str


class ClockMet(NamedTuple):
    """What a clock waited for happened at `met_at`, in time or late."""

    clock: str
    occurrence: int
    met_at: datetime


class ClockStopped(NamedTuple):
    """A clock no longer applies."""

    clock: str
    occurrence: int
    stopped_at: datetime


class ClockPaused(NamedTuple):
    """A clock stands still while `holder` has the ball."""

    clock: str
    occurrence: int
    paused_at: datetime
    holder: str


class ClockResumed(NamedTuple):
    """A clock runs again; `due_at` is derived anew from its start, its pauses and the calendar."""

    clock: str
    occurrence: int
    resumed_at: datetime
    due_at: datetime
    provisional: bool
    calendar: str


class Escalated(NamedTuple):
    """A rung of the ladder was reached, due at `due_at`; `told` is who was told, or None for nobody on cover."""

    clock: str
    occurrence: int
    rung: str
    due_at: datetime
    told: int | None


Event = (
    Opened
    | Moved
    | Noted
    | PersonAdded
    | AllegationAdded
    | ThresholdDecided
    | MeetingArranged
    | MeetingHeld
    | StrandChanged
    | OutcomeProposed
    | OutcomeDecided
    | ActionSet
    | ActionDone
    | Told
    | OnwardDecided
    | OwnerAssigned
    | TransferOffered
    | TransferRefused
    | OutcomeReleased
    | ClockStarted
    | ClockMet
    | ClockStopped
    | ClockPaused
    | ClockResumed
    | Escalated
)

KINDS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__args__}
"""Each event under the name by which the ledger knows it."""


def to_plain(event: Event) -> dict[str, Any]:
    """Say an event as JSON values. Instants end `_at` and days `_on`, so `from_plain` can find them again."""
    return {name: _plain(value) for name, value in zip(event._fields, event, strict=True)}


def from_plain(kind: str, data: Mapping[str, Any]) -> Event:
    """Read an event back. An unknown kind or a missing field raises: a ledger row is never half understood."""
    return KINDS[kind](**{name: _typed(name, value) for name, value in data.items()})


def write_data(event: Event) -> str:
    """The plain part of an event as canonical JSON: the same event gives the same bytes on every machine."""
    return json.dumps(to_plain(event), sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def read_data(text: str) -> dict[str, Any]:
    """Read what `write_data` wrote, ready for `from_plain`."""
    found: dict[str, Any] = json.loads(text)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _typed(name: str, value: Any) -> Any:
    if isinstance(value, str):
        if name.endswith("_at"):
            return datetime.fromisoformat(value)
        if name.endswith("_on"):
            return date.fromisoformat(value)
        return value
    if isinstance(value, list):
        return tuple(_typed("", item) for item in value)
    if isinstance(value, Mapping):
        return {key: _typed(key, item) for key, item in value.items()}
    return value
