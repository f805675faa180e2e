"""What a move does to the clocks of a case: which are met, stop, pause, resume and start, and when they fall due."""

from collections.abc import Iterator
from datetime import date, datetime

from workflows import events as e
from workflows.attempt import Attempt
from workflows.calendar import Calendar
from workflows.case import Case, Clock
from workflows.clocks import Due, day_end, due
from workflows.facts import FACTS
from workflows.model import ACTION, Move
from workflows.practice import Practice, Start
from workflows.rules import TimeRule

BY_OFFICER = ""
"""In place of the version of the rules: the due date was given by an officer and is derived from nothing."""


def clock_events(case: Case, attempt: Attempt, move: Move, practice: Practice) -> Iterator[e.Event]:
    """Say what happens to the clocks when the move is made: endings first, then pauses, then starts."""
    fired = _fired(attempt, move, practice)
    enters = move.enters or case.state
    dated = {key: attempt.answers[answer] for answer, key in move.dates if attempt.answers.get(answer) is not None}
    ended: dict[str, e.ClockMet | e.ClockStopped] = {}
    for clock in case.running.values():
        ending = _ending(clock, fired, enters, attempt, practice)
        if ending is None and clock.key in dated:
            ending = e.ClockStopped(clock.key, clock.occurrence, attempt.at)
        if ending is not None:
            ended[clock.key] = ending
            yield ending
    if enters != case.state:
        yield from _pausing(case, enters, ended, attempt.at, practice)
    yield from _starting(case, fired, enters, ended, dated, attempt, practice)


def due_by_rule(rule: TimeRule, clock: Clock, practice: Practice, calendar: Calendar | None = None) -> Due:
    """Derive the due moment of a clock again from its rule, its start and its pauses."""
    if rule.limit is None:
        raise ValueError(f"{rule.key} has no limit: an officer gives its date")
    return due(
        clock.started_at,
        rule.limit,
        calendar or practice.calendar,
        cut_offs=rule.cut_offs,
        day_ends=practice.rules.day_ends,
        pauses=clock.pauses,
    )


def _fired(attempt: Attempt, move: Move, practice: Practice) -> dict[str, datetime]:
    fired = {}
    for trigger, answer in practice.triggers[move.key]:
        instant = attempt.answers.get(answer) if answer else attempt.at
        if instant is not None:
            fired[trigger] = instant
    return fired


def _ending(
    clock: Clock, fired: dict[str, datetime], enters: str, attempt: Attempt, practice: Practice
) -> e.ClockMet | e.ClockStopped | None:
    key = clock.key
    if key.startswith(f"{ACTION}:"):
        is_done = "action_done" in fired and key == f"{ACTION}:{attempt.answers['number']}"
        return e.ClockMet(key, clock.occurrence, fired["action_done"]) if is_done else None
    for trigger, instant in fired.items():
        if key in practice.met_by.get(trigger, ()) and not _in_lead_in(clock, attempt.at, practice):
            return e.ClockMet(key, clock.occurrence, instant)
        if key in practice.stopped_by.get(trigger, ()):
            return e.ClockStopped(key, clock.occurrence, instant)
    if enters not in practice.runs_in[key]:
        return e.ClockStopped(key, clock.occurrence, attempt.at)
    return None


def _pausing(
    case: Case, enters: str, ended: dict[str, e.ClockMet | e.ClockStopped], at: datetime, practice: Practice
) -> Iterator[e.Event]:
    states = practice.flow.state_by_key
    if case.state in states and states[case.state].pauses:
        for clock in case.running.values():
            rule = practice.rule(clock.key)
            if clock.paused_at is not None and clock.key not in ended and rule is not None:
                pauses = (*clock.pauses, (clock.paused_at, at))
                again = due_by_rule(rule, clock._replace(pauses=pauses), practice)
                version = practice.calendar.version
                yield e.ClockResumed(clock.key, clock.occurrence, at, again.at, again.provisional, version)
    if states[enters].pauses:
        for clock in case.running.values():
            rule = practice.rule(clock.key)
            # A date that an officer gave stands, whatever the police do.
            can_pause = rule is not None and rule.pauses and clock.rule != BY_OFFICER
            if can_pause and clock.key not in ended and clock.status(at) == "running":
                yield e.ClockPaused(clock.key, clock.occurrence, at, states[enters].holder)


def _starting(
    case: Case,
    fired: dict[str, datetime],
    enters: str,
    ended: dict[str, e.ClockMet | e.ClockStopped],
    dated: dict[str, date | datetime],
    attempt: Attempt,
    practice: Practice,
) -> Iterator[e.Event]:
    for key, day in dated.items():
        name = _name(key, case)
        moment = Due(_moment(day, practice), False, practice.calendar.version)
        yield _started(case, name, attempt.at, moment, BY_OFFICER)
    for trigger, instant in fired.items():
        for start in practice.starts.get(trigger, ()):
            key = start.timescale.key
            is_free = key not in case.running or key in ended
            if is_free and key not in dated and enters in practice.runs_in[key] and _applies(start, case, attempt):
                yield from _beginning(_by_rule(case, start.rule, instant, practice), trigger, fired, practice)
    for key, ending in ended.items():
        rule = practice.rule(key)
        if rule is None or not isinstance(ending, e.ClockMet) or key in dated or rule.starts in fired:
            continue
        if rule.repeats and enters in practice.runs_in[key]:
            yield _by_rule(case, rule, ending.met_at, practice, is_first=False)


def _beginning(
    began: e.ClockStarted, starter: str, fired: dict[str, datetime], practice: Practice
) -> Iterator[e.ClockStarted | e.ClockMet]:
    """A clock begins. It may end at once: the employer knew on Monday and rang on Tuesday.

    Where its end came first (the LADO knew before the employer) there was nothing to wait for, and no clock.
    """
    for trigger, instant in fired.items():
        if trigger != starter and began.clock in practice.met_by.get(trigger, ()):
            if instant >= began.started_at:
                yield began
                yield e.ClockMet(began.clock, began.occurrence, instant)
            return
    yield began


def _in_lead_in(clock: Clock, at: datetime, practice: Practice) -> bool:
    """Whether a repeating clock has yet to begin: a reason given before the first is asked for does not answer it."""
    rule = practice.rule(clock.key)
    return clock.started_at > at and rule is not None and rule.repeats


def _applies(start: Start, case: Case, attempt: Attempt) -> bool:
    fact = start.timescale.only_if
    return start.rule.limit is not None and (fact is None or FACTS[fact].holds(case, attempt))


def _by_rule(
    case: Case, rule: TimeRule, instant: datetime, practice: Practice, is_first: bool = True
) -> e.ClockStarted:
    if rule.limit is None:
        raise ValueError(f"{rule.key} has no limit: an officer gives its date")
    started_at = instant
    if is_first and rule.starts_after is not None:
        started_at = due(instant, rule.starts_after, practice.calendar, day_ends=practice.rules.day_ends).at
    moment = due(started_at, rule.limit, practice.calendar, cut_offs=rule.cut_offs, day_ends=practice.rules.day_ends)
    return _started(case, rule.key, started_at, moment, practice.rules.version)


def _started(case: Case, key: str, started_at: datetime, moment: Due, rule: str) -> e.ClockStarted:
    return e.ClockStarted(
        key,
        case.occurrences(key) + 1,
        started_at,
        moment.at,
        moment.provisional,
        rule,
        moment.calendar_version,
    )


def _name(key: str, case: Case) -> str:
    """The clock of a new action carries the action's number."""
    return f"{ACTION}:{len(case.actions) + 1}" if key == ACTION else key


def _moment(day: date | datetime, practice: Practice) -> datetime:
    return day if isinstance(day, datetime) else day_end(day, practice.rules.day_ends)
