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


class TellingAgreed(NamedTuple):
    """What one audience may be told was agreed; what exactly, by whom and why is sealed beside it."""

    audience: str
    extent: str


class UpdatePromised(NamedTuple):
    """An audience was promised to hear from us by the end of a day; its due date is a clock of its own."""

    audience: str
    by_on: date


class UpdateGiven(NamedTuple):
    """An audience had an update on a day; how and what is sealed beside it."""

    audience: str
    given_on: date


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


class ClockExtended(NamedTuple):
    """A clock was given more time: `by` more units of its own limit, or a new date where an officer gave it (`by` 0).

    The date that stood before stays in the events before this one, and the first promise on the clock.
    """

    clock: str
    occurrence: int
    by: int
    due_at: datetime
    provisional: bool
    calendar: str


class ClockRederived(NamedTuple):
    """The dates of a clock were worked out anew `because` of a correction, a calendar, rules or a procedure.

    `ended_at` is None while the clock runs.
    """

    clock: str
    occurrence: int
    because: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    rule: str
    calendar: str
    ended_at: datetime | None


class CorrectionAsked(NamedTuple):
    """Somebody asks to correct a date: the one called `name` in entry number `entry`. The original stays there.

    An instant is in `from_at` and `to_at`, a day in `from_on` and `to_on`. `clocks` is what is proposed for the clocks
    that hang on the date: derive or keep.
    """

    number: int
    entry: int
    name: str
    from_at: datetime | None
    to_at: datetime | None
    from_on: date | None
    to_on: date | None
    precision: str
    clocks: str


class CorrectionDecided(NamedTuple):
    """A second person agreed to a correction, or refused it; `clocks` is what they chose: derive or keep."""

    number: int
    agreed: bool
    clocks: str


class RulesChanged(NamedTuple):
    """The case goes on under other rules of its council; `change` is the change that was published."""

    rules: str
    change: int


class CalendarChanged(NamedTuple):
    """The case goes on with another snapshot of the bank holidays; `change` is the change that brought it."""

    calendar: str
    change: int


class ProcedureChanged(NamedTuple):
    """The case goes on under another version of its procedure, in the state that stands there for its own."""

    procedure: str
    version: int
    leaves: str
    enters: str
    change: int


class UrgencyRaised(NamedTuple):
    """The safety of a child is at stake now: until it is lifted a lapse waits for nobody. Why is sealed beside it."""

    number: int


class UrgencyLifted(NamedTuple):
    """The safety of a child is no longer at stake now; why is sealed beside it."""

    number: int


class EscalationSnoozed(NamedTuple):
    """Whoever was told of a rung comes back to it at `until_at`, at the latest when the next rung is due."""

    clock: str
    occurrence: int
    rung: str
    until_at: datetime


class HandedOver(NamedTuple):
    """The case was offered to whoever covers for its owner, who is away until `until_at`; `user` None: to nobody."""

    owner: int
    user: int | None
    until_at: datetime


class HandOverAccepted(NamedTuple):
    """Whoever recorded this took the case up while its owner is away; `user` is whom it had been offered to."""

    owner: int
    user: int | None


class HandOverRefused(NamedTuple):
    """The person it was offered to said why not; it goes on to the next one."""

    owner: int
    user: int


class HandOverRaised(NamedTuple):
    """Nobody had accepted the case by `due_at`; `told` is who was told of it, or None for nobody there."""

    rung: str
    due_at: datetime
    told: int | None


class HandedBack(NamedTuple):
    """The owner is there again, and the case is with them."""

    owner: int


class MessageSent(NamedTuple):
    """Words between the officers and one partner who follows the case; what was written is sealed beside it."""

    partner: int
    is_from_partner: bool


class MessageSettled(NamedTuple):
    """An officer says that the message in entry number `entry` needs no written answer, and why not beside it."""

    entry: int


class OutcomeReleasedTo(NamedTuple):
    """The officer let one partner see the outcome on their own page."""

    partner: int


class OutcomeWithheld(NamedTuple):
    """The officer keeps the outcome from one partner until it is released to them; why is sealed beside it."""

    partner: int


class OutcomeAcknowledged(NamedTuple):
    """A partner says that they have read the outcome."""

    partner: int


class PartnerReminded(NamedTuple):
    """A partner was reminded that something on their page waits for them."""

    partner: int


class AccessGiven(NamedTuple):
    """One partner may follow the case on line, until when (None: until it is ended); why is sealed beside it."""

    partner: int
    ends_at: datetime | None


class AccessEnded(NamedTuple):
    """A partner's access was ended before it ended by itself; why is sealed beside it."""

    partner: int


class Restricted(NamedTuple):
    """The case exists for these people alone from now on; `keeper` answers for the list.

    `because` is chosen, match (the adult may be somebody who signs in here), changed, reviewed or lapsed. What was
    written is sealed beside it.
    """

    people: tuple[int, ...]
    keeper: int
    because: str


class RestrictionEnded(NamedTuple):
    """The case is there for everybody again whom nothing else keeps from it; `because` is chosen or match."""

    because: str


class GlassAsked(NamedTuple):
    """Somebody who is not on the list asks to read the case for some hours; why is sealed beside it."""

    person: int
    hours: int


class GlassAnswered(NamedTuple):
    """A second person let them read it until an instant, or did not (None); what they wrote is sealed beside it."""

    person: int
    until_at: datetime | None


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
    | TellingAgreed
    | UpdatePromised
    | UpdateGiven
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
    | ClockExtended
    | ClockRederived
    | CorrectionAsked
    | CorrectionDecided
    | RulesChanged
    | CalendarChanged
    | ProcedureChanged
    | UrgencyRaised
    | UrgencyLifted
    | EscalationSnoozed
    | HandedOver
    | HandOverAccepted
    | HandOverRefused
    | HandOverRaised
    | HandedBack
    | MessageSent
    | MessageSettled
    | OutcomeReleasedTo
    | OutcomeWithheld
    | OutcomeAcknowledged
    | PartnerReminded
    | AccessGiven
    | AccessEnded
    | Restricted
    | RestrictionEnded
    | GlassAsked
    | GlassAnswered
)

KINDS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__args__}
"""Each event under the name by which the ledger knows it."""

PLAIN = frozenset({int, str, bool, int | None})
"""What JSON says as it is meant. Everything else is a day, an instant or a container."""

TO_READ: Mapping[str, tuple[str, ...]] = {
    name: tuple(field for field, said in kind.__annotations__.items() if said not in PLAIN)
    for name, kind in KINDS.items()
}
"""The fields of each event that are not plain."""


def to_plain(event: Event) -> dict[str, Any]:
    """Say an event as JSON values. Instants end `_at` and days `_on`, so `from_plain` can find them again."""
    return {name: _plain(value) for name, value in zip(event._fields, event, strict=True)}


def from_plain(kind: str, data: Mapping[str, Any]) -> Event:
    """Read an event back. An unknown kind or a missing field raises: a ledger row is never half understood."""
    read = {name: _typed(name, data[name]) for name in TO_READ[kind] if name in data}
    return KINDS[kind](**{**data, **read})


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
