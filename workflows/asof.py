"""What held of a case at an instant, as the whole record tells it now: by when things happened, corrections applied.

What was known at the instant is another question: that is a replay of what had been recorded by then. Pure, so both can
be compared for any case and any instant. The rules:

- the case was received at the corrected date; any other step was made when it says that it happened, or else when it
  was recorded;
- a clock began, stood still and ended when its own dates say; a corrected date counts as if it had always stood;
- an extension, other rules, another calendar and another owner hold from when they were recorded: no limit is longer,
  and nobody accountable, before it was agreed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from workflows import events as e
from workflows.case import Clock
from workflows.corrections import BECAUSE, received_at
from workflows.engine import replay
from workflows.model import START
from workflows.practice import Practice
from workflows.running import due_by_rule

CLAIMED = ("held_at", "happened_at")
"""Under which names a step says when it happened."""

Corrected = Mapping[tuple[int, str], datetime | date]

Find = Callable[[], Practice]
"""The practice that a case runs under now: looked up only for the few clocks whose date has to be derived again."""


class Recorded(NamedTuple):
    """An event as the ledger has it: its number within the case and when it was recorded."""

    number: int
    event: e.Event
    recorded_at: datetime


class Held(NamedTuple):
    """What held at an instant. While `is_received` is not true, nothing had arrived yet."""

    is_received: bool
    received_at: datetime | None
    procedure: str
    version: int
    state: str
    owner: int | None
    clocks: tuple[Clock, ...]
    """The clocks that had begun by then, each as it stood at the instant, in order of their starts."""


def known(entries: Sequence[Recorded], at: datetime) -> Sequence[Recorded]:
    """What had been recorded by the instant: everything up to the last entry that carries this time or an earlier one.

    Two people who record at the same moment wait for each other, so an entry can carry a time before its forerunner's.
    """
    last = max((place for place, entry in enumerate(entries, start=1) if entry.recorded_at <= at), default=0)
    return entries[:last]


def held(entries: Sequence[Recorded], at: datetime, find: Find) -> Held:
    """What held at the instant, from the whole record. `find` gives the present practice of the case, if needed."""
    case = replay(entry.event for entry in entries)
    arrived_at = received_at(case)
    owners = [entry.event.owner for entry in known(entries, at) if isinstance(entry.event, e.OwnerAssigned)]
    clocks = sorted(_clocks(entries, at, find), key=lambda clock: (clock.started_at, clock.due_at, clock.key))
    return Held(
        arrived_at is not None and arrived_at <= at,
        arrived_at,
        *_stood(entries, case.corrected, arrived_at, at),
        owners[-1] if owners else None,
        tuple(clocks),
    )


def _stood(
    entries: Sequence[Recorded], corrected: Corrected, arrived_at: datetime | None, at: datetime
) -> tuple[str, int, str]:
    """The procedure, its version, and the state that the last step made by then led to, in the order of the record."""
    procedure, version, state = "", 0, START
    for entry in entries:
        event = entry.event
        if isinstance(event, e.Opened):
            procedure, version = event.procedure, event.version
        elif isinstance(event, e.Moved):
            moment = arrived_at if event.leaves == START else _made_at(entry, event, corrected)
            state = event.enters if moment is not None and moment <= at else state
        elif isinstance(event, e.ProcedureChanged) and entry.recorded_at <= at:
            procedure, version, state = event.procedure, event.version, event.enters
    return procedure, version, state


def _made_at(entry: Recorded, event: e.Moved, corrected: Corrected) -> datetime:
    for name in CLAIMED:
        claimed = corrected.get((entry.number, name), event.answers.get(name))
        if isinstance(claimed, datetime):
            return claimed
    return entry.recorded_at


def _clocks(entries: Sequence[Recorded], at: datetime, find: Find) -> Iterator[Clock]:
    for lives in _lives(entries).values():
        clock = _clock(lives, at, find)
        if clock.started_at > at:
            continue
        if clock.ended_at is not None and clock.ended_at > at:
            clock = clock._replace(ended_at=None, met=False)
        yield clock


def _lives(entries: Sequence[Recorded]) -> dict[tuple[str, int], list[Recorded]]:
    """What happened to each running of each clock, its start first."""
    found: dict[tuple[str, int], list[Recorded]] = {}
    for entry in entries:
        if isinstance(entry.event, OF_A_CLOCK):
            found.setdefault((entry.event.clock, entry.event.occurrence), []).append(entry)
    return found


def _clock(lives: Sequence[Recorded], at: datetime, find: Find) -> Clock:
    """One running of a clock as it stood at the instant. What was agreed or happened later is left out."""
    start = lives[0].event
    if not isinstance(start, e.ClockStarted):
        raise ValueError(f"a clock begins with its start, not with {type(start).__name__}")
    clock = Clock(*start[:4], start.due_at, start.provisional, start.rule)
    has_later = False
    for entry in lives[1:]:
        event = entry.event
        if isinstance(event, e.ClockRederived) and event.because == BECAUSE:
            clock = _corrected(clock, event, find if has_later else None)
        elif isinstance(event, e.ClockMet | e.ClockStopped):
            clock = _ended(clock, event)
        elif _happened_at(entry) <= at:
            clock = _changed(clock, event)
        else:
            has_later = True
    return clock


def _happened_at(entry: Recorded) -> datetime:
    event = entry.event
    if isinstance(event, e.ClockPaused):
        return event.paused_at
    return event.resumed_at if isinstance(event, e.ClockResumed) else entry.recorded_at


def _ended(clock: Clock, event: e.ClockMet | e.ClockStopped) -> Clock:
    if isinstance(event, e.ClockMet):
        return clock._replace(ended_at=event.met_at, met=True)
    return clock._replace(ended_at=event.stopped_at, met=False)


def _changed(clock: Clock, event: e.Event) -> Clock:
    """The clock after a pause, a resumption, an extension, or other rules or another calendar."""
    match event:
        case e.ClockPaused(paused_at=paused_at, holder=holder):
            return clock._replace(paused_at=paused_at, holder=holder)
        case e.ClockResumed() if clock.paused_at is not None:
            return clock._replace(
                paused_at=None,
                pauses=(*clock.pauses, (clock.paused_at, event.resumed_at)),
                holders=(*clock.holders, clock.holder),
                due_at=event.due_at,
                provisional=event.provisional,
            )
        case e.ClockExtended():
            return clock._replace(due_at=event.due_at, provisional=event.provisional, extra=clock.extra + event.by)
        case e.ClockRederived():
            return _corrected(clock, event, None)
    return clock


def _corrected(clock: Clock, event: e.ClockRederived, find: Find | None) -> Clock:
    """The clock with its dates worked out anew.

    With `find`, what was worked out counts pauses or extensions that came after the instant asked about, so the due
    moment is derived without them, where the clock still runs under the same rules.
    """
    clock = clock._replace(
        started_at=event.started_at,
        due_at=event.due_at,
        provisional=event.provisional,
        rule=event.rule,
        ended_at=event.ended_at,
    )
    practice = find() if find else None
    if practice is None or clock.rule != practice.rules_version:
        return clock
    due = due_by_rule(practice.rules.by_key[clock.key], clock, practice)
    return clock._replace(due_at=due.at, provisional=due.provisional)


OF_A_CLOCK = (
    e.ClockStarted,
    e.ClockMet,
    e.ClockStopped,
    e.ClockPaused,
    e.ClockResumed,
    e.ClockExtended,
    e.ClockRederived,
)
"""The events that say something of one running of one clock."""

OF_HOW_IT_STANDS = (
    e.Opened,
    e.Moved,
    e.OwnerAssigned,
    *OF_A_CLOCK,
    e.CorrectionAsked,
    e.CorrectionDecided,
    e.RulesChanged,
    e.CalendarChanged,
    e.ProcedureChanged,
)
"""The events that say how a case stands: received, state, owner and clocks follow from these alone."""
