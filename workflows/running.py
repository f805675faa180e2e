"""What a move does to the clocks of a case: which are met, stop, pause, resume and start, and when they fall due.

Plain loops over tables that `Practice` made once: this runs for each move of each case.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from workflows import events as e
from workflows.attempt import Attempt
from workflows.calendar import Calendar
from workflows.case import NOTHING, Case, Clock
from workflows.clocks import Due, Pause, day_end, due
from workflows.facts import FACTS
from workflows.model import ACTION, Move
from workflows.practice import Practice, Start, Trigger
from workflows.rules import TimeRule

BY_OFFICER = ""
"""In place of the version of the rules: the due date was given by an officer and is derived from nothing."""

Ending = e.ClockMet | e.ClockStopped
Fired = list[tuple[Trigger, datetime]]
"""The triggers that a move fires, each with its instant."""


def clock_events(case: Case, attempt: Attempt, move: Move, practice: Practice) -> list[e.Event]:
    """Say what happens to the clocks when the move is made: endings first, then pauses, then starts."""
    fired = _fired(attempt, move, practice)
    enters = move.enters or case.state
    dated = _dated(attempt, move) if move.dates else NOTHING
    if not fired and not dated and enters == case.state:
        return []
    ended = _endings(case, fired, enters, dated, attempt, move, practice)
    found: list[e.Event] = [*ended.values()]
    if enters != case.state and practice.pausing:
        if case.state in practice.pausing:
            found.extend(_resuming(case, ended, attempt.at, practice))
        if enters in practice.pausing:
            found.extend(_pausing(case, enters, ended, attempt.at, practice))
    for key, day in dated.items():
        found.append(_by_officer(case, key, attempt.at, day, practice))
    if fired:
        found.extend(_starting(case, fired, enters, ended, dated, attempt, practice))
    return found


def due_by_rule(rule: TimeRule, clock: Clock, practice: Practice, calendar: Calendar | None = None) -> Due:
    """Derive the due moment of a clock again from its rule, its start and its pauses."""
    return _derived(rule, clock.started_at, clock.pauses, calendar or practice.calendar, practice)


def _fired(attempt: Attempt, move: Move, practice: Practice) -> Fired:
    fired = []
    for trigger in practice.triggers[move.key].each:
        instant = attempt.answers.get(trigger.answer) if trigger.answer else attempt.at
        if instant is not None:
            fired.append((trigger, instant))
    return fired


def _dated(attempt: Attempt, move: Move) -> Mapping[str, date | datetime]:
    """The clocks to which the move gives a date."""
    dated = {}
    for answer, key in move.dates:
        day = attempt.answers.get(answer)
        if day is not None:
            dated[key] = day
    return dated


def _endings(
    case: Case,
    fired: Fired,
    enters: str,
    dated: Mapping[str, date | datetime],
    attempt: Attempt,
    move: Move,
    practice: Practice,
) -> dict[str, Ending]:
    """The clocks that end: met or stopped by a trigger, replaced by a new date, or out of the states they run in."""
    can_run, can_end = practice.can_run[enters], practice.triggers[move.key].can_end
    ended: dict[str, Ending] = {}
    for key, clock in case.running.items():
        ending: Ending | None = None
        if key in can_end:
            ending = _by_trigger(clock, fired, attempt.at, practice)
        elif key.startswith(f"{ACTION}:"):
            ending = _action_done(clock, fired, attempt)
        elif key in can_run and key not in dated:
            continue
        if ending is None and (key in dated or key not in can_run) and not key.startswith(f"{ACTION}:"):
            ending = e.ClockStopped(key, clock.occurrence, attempt.at)
        if ending is not None:
            ended[key] = ending
    return ended


def _by_trigger(clock: Clock, fired: Fired, at: datetime, practice: Practice) -> Ending | None:
    key = clock.key
    for trigger, instant in fired:
        if key in trigger.meets:
            # A reason given before the first one is asked for does not answer a clock that has yet to begin.
            if clock.started_at <= at or key not in practice.repeats:
                return e.ClockMet(key, clock.occurrence, instant)
        elif key in trigger.stops:
            return e.ClockStopped(key, clock.occurrence, instant)
    return None


def _action_done(clock: Clock, fired: Fired, attempt: Attempt) -> Ending | None:
    """The clock of an action ends when that action is done, whatever becomes of the case."""
    for trigger, instant in fired:
        if trigger.name == "action_done" and clock.key == f"{ACTION}:{attempt.answers['number']}":
            return e.ClockMet(clock.key, clock.occurrence, instant)
    return None


def _resuming(case: Case, ended: Mapping[str, Ending], at: datetime, practice: Practice) -> Iterator[e.Event]:
    for clock in case.running.values():
        rule = practice.rule(clock.key)
        if clock.paused_at is not None and clock.key not in ended and rule is not None:
            pauses = (*clock.pauses, (clock.paused_at, at))
            again = _derived(rule, clock.started_at, pauses, practice.calendar, practice)
            yield e.ClockResumed(clock.key, clock.occurrence, at, *again)


def _pausing(
    case: Case, enters: str, ended: Mapping[str, Ending], at: datetime, practice: Practice
) -> Iterator[e.Event]:
    holder = practice.flow.state_by_key[enters].holder
    for clock in case.running.values():
        rule = practice.rule(clock.key)
        # A date that an officer gave stands, whatever the police do.
        can_pause = rule is not None and rule.pauses and clock.rule != BY_OFFICER
        if can_pause and clock.key not in ended and clock.status(at) == "running":
            yield e.ClockPaused(clock.key, clock.occurrence, at, holder)


def _starting(
    case: Case,
    fired: Fired,
    enters: str,
    ended: Mapping[str, Ending],
    dated: Mapping[str, date | datetime],
    attempt: Attempt,
    practice: Practice,
) -> list[e.Event]:
    """The clocks that begin: started by a trigger, and those that begin again because they were met."""
    can_run = practice.can_run[enters]
    found: list[e.Event] = []
    for trigger, instant in fired:
        for start in trigger.starts:
            key = start.key
            if key not in can_run or key in dated or (key in case.running and key not in ended):
                continue
            if start.only_if is None or FACTS[start.only_if].holds(case, attempt):
                began = _by_rule(case, start.rule, practice.begins_at(start.rule, instant), practice)
                found.extend(_at_once(began, start, fired) if start.ends_with else (began,))
    for key, ending in ended.items():
        if key in practice.repeats and isinstance(ending, e.ClockMet) and key in can_run and key not in dated:
            rule = practice.rules.by_key[key]
            if not any(trigger.name == rule.starts for trigger, _ in fired):
                found.append(_by_rule(case, rule, ending.met_at, practice))
    return found


def _at_once(began: e.ClockStarted, start: Start, fired: Fired) -> tuple[e.Event, ...]:
    """A clock may end in the move that starts it: the employer knew on Monday and rang on Tuesday.

    Where its end came first (the LADO knew before the employer) there was nothing to wait for, and no clock.
    """
    for trigger, instant in fired:
        if trigger.name in start.ends_with:
            met = e.ClockMet(began.clock, began.occurrence, instant)
            return (began, met) if instant >= began.started_at else ()
    return (began,)


def _by_rule(case: Case, rule: TimeRule, started_at: datetime, practice: Practice) -> e.ClockStarted:
    due_at, is_provisional, calendar = practice.due(rule, started_at)
    occurrence, version = case.occurrences(rule.key) + 1, practice.rules.version
    return e.ClockStarted(rule.key, occurrence, started_at, due_at, is_provisional, version, calendar)


def _by_officer(case: Case, key: str, at: datetime, day: date | datetime, practice: Practice) -> e.ClockStarted:
    """A clock that is due at the instant, or at the end of the day, that an officer gave."""
    due_at = day if isinstance(day, datetime) else day_end(day, practice.rules.day_ends)
    name = f"{ACTION}:{len(case.actions) + 1}" if key == ACTION else key
    return e.ClockStarted(name, case.occurrences(name) + 1, at, due_at, False, BY_OFFICER, practice.calendar.version)


def _derived(
    rule: TimeRule, started_at: datetime, pauses: tuple[Pause, ...], calendar: Calendar, practice: Practice
) -> Due:
    if rule.limit is None:
        raise ValueError(f"{rule.key} has no limit: an officer gives its date")
    day_ends = practice.rules.day_ends
    return due(started_at, rule.limit, calendar, cut_offs=rule.cut_offs, day_ends=day_ends, pauses=pauses)
