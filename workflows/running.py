"""What a move does to the clocks of a case: which are met, stop, pause, resume and start, and when they fall due.

Plain loops over the tables of `steps`: this runs for each move of each case.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from workflows.attempt import Attempt
from workflows.calendar import Calendar
from workflows.case import Case, Clock
from workflows.clocks import Due, due
from workflows.events import (
    ActionDone,
    ClockMet,
    ClockPaused,
    ClockRederived,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    Event,
)
from workflows.facts import FACTS
from workflows.london import instant_on
from workflows.model import ACTION
from workflows.practice import Practice
from workflows.rules import TimeRule
from workflows.steps import Start, Step

BY_OFFICER = ""
"""In place of the version of the rules: the due date was given by an officer and is derived from nothing."""

Endings = dict[str, ClockMet | ClockStopped]
"""The clocks that the move ends, by key."""


def clock_events(case: Case, attempt: Attempt, step: Step, practice: Practice) -> list[Event]:
    """Say what happens to the clocks when the move is made: endings first, then pauses, then starts."""
    ended = _endings(case, attempt, step)
    found: list[Event] = [*ended.values(), *_reviews_ended(case, ended, attempt.at)]
    if step.ends_pause:
        found += _resumed(case, ended, attempt.at, practice)
    if step.paused_for:
        found += _paused(case, ended, attempt.at, step, practice)
    begun: set[str] = set()
    if step.dates:
        found += _dated(case, attempt, step, begun, practice)
    if step.starts:
        found += _started(case, ended, attempt, step, begun, practice)
    if step.again:
        found += _started_again(case, ended, attempt, step, begun, practice)
    return found


def due_by_rule(rule: TimeRule, clock: Clock, practice: Practice, calendar: Calendar | None = None) -> Due:
    """Derive the due moment of a clock again from its rule, its start, its pauses and what was added to its limit.

    Raises ValueError for a rule without a limit: there an officer gives the date.
    """
    if rule.limit is None:
        raise ValueError(f"{rule.key} has no limit: an officer gives its date")
    return due(
        clock.started_at,
        replace(rule.limit, count=rule.limit.count + clock.extra),
        calendar or practice.calendar,
        cut_offs=rule.cut_offs,
        day_ends=practice.day_ends,
        pauses=clock.pauses,
    )


def _endings(case: Case, attempt: Attempt, step: Step) -> Endings:
    """The clocks that end: met or stopped by a trigger, replaced by a new date, or out of the states they run in."""
    at, answers, ways = attempt.at, attempt.answers, step.ends
    ended: Endings = {}
    for key, clock in case.running.items():
        for answer, kind, at_recording, waits in ways.get(key, ()):
            instant = answers.get(answer) if answer else at
            if instant is not None and not (waits and clock.started_at > at):
                ended[key] = kind(key, clock.occurrence, at if at_recording else instant)
                break
    if step.finishes_action:
        key = f"{ACTION}:{answers['number']}"
        ended[key] = ClockMet(key, case.running[key].occurrence, at)
    return ended


def resumed(clock: Clock, paused_at: datetime, at: datetime, practice: Practice) -> tuple[Event, ...]:
    """A paused clock runs again from this instant; its due moment is derived anew without the days of the pause.

    Where the case came under other rules meanwhile, the clock comes under them now, and its record says so. Rules that
    leave the date to an officer leave the one that stood.
    """
    again = clock._replace(pauses=(*clock.pauses, (paused_at, at)))
    rule, place, version = practice.rules.by_key.get(clock.key), (clock.key, clock.occurrence), practice.rules_version
    if rule is None or rule.limit is None:
        return (ClockResumed(*place, at, clock.due_at, clock.provisional, practice.calendar_version),)
    due = due_by_rule(rule, again, practice)
    runs = ClockResumed(clock.key, clock.occurrence, at, *due)
    if clock.rule == version:
        return (runs,)
    return runs, ClockRederived(
        *place, "rules", clock.started_at, due.at, due.provisional, version, due.calendar_version, None
    )


def pauses_done(case: Case, clocks: Iterable[Clock], at: datetime) -> Iterator[Event]:
    """The reviews of the pauses of these clocks are done: an action that still waited for it ends with the pause."""
    for clock in clocks:
        key = f"{ACTION}:{clock.review}"
        if clock.review and key in case.running:
            yield ActionDone(clock.review)
            yield ClockMet(key, case.running[key].occurrence, at)


def _reviews_ended(case: Case, ended: Endings, at: datetime) -> Iterator[Event]:
    return pauses_done(case, [case.running[key] for key in ended], at)


def _resumed(case: Case, ended: Endings, at: datetime, practice: Practice) -> Iterator[Event]:
    for clock in case.running.values():
        # A clock that was paused alone, for the court say, waits on when the police have done their part.
        if clock.paused_at is not None and not clock.review and clock.key not in ended:
            yield from resumed(clock, clock.paused_at, at, practice)


def _paused(case: Case, ended: Endings, at: datetime, step: Step, practice: Practice) -> Iterator[Event]:
    for clock in case.running.values():
        # A date that an officer gave stands, whatever the police do.
        can_pause = clock.key in practice.pauses and clock.rule != BY_OFFICER
        if can_pause and clock.key not in ended and clock.status(at) == "running":
            yield ClockPaused(clock.key, clock.occurrence, at, step.paused_for)


def _dated(case: Case, attempt: Attempt, step: Step, begun: set[str], practice: Practice) -> list[ClockStarted]:
    """The clocks that an officer dates: due at the instant, or at the end of the day, that was given."""
    found = []
    for answer, key in step.dates:
        day = attempt.answers.get(answer)
        if day is not None:
            begun.add(key)
            due_at = day if isinstance(day, datetime) else instant_on(day, practice.day_ends)
            name, occurrence = (key, case.occurrences(key) + 1) if key != ACTION else (_new_action(case), 1)
            version = practice.calendar_version
            found.append(ClockStarted(name, occurrence, attempt.at, due_at, False, BY_OFFICER, version))
    return found


def _new_action(case: Case) -> str:
    return f"{ACTION}:{len(case.actions) + 1}"


def _started(
    case: Case, ended: Endings, attempt: Attempt, step: Step, begun: set[str], practice: Practice
) -> list[Event]:
    """The clocks that a trigger starts, unless they run already."""
    at, answers, running = attempt.at, attempt.answers, case.running
    found: list[Event] = []
    for start in step.starts:
        key, rule, answer, only_if, ends_with = start  # unpacked: this is the busiest loop
        instant = answers.get(answer) if answer else at
        if instant is None or key in begun:
            continue
        begun.add(key)
        is_free = key not in running or key in ended
        if is_free and (only_if is None or FACTS[only_if].holds(case, attempt)):
            began_at = instant if rule.starts_after is None else practice.begins_at(rule, instant)
            began = _by_rule(case, rule, began_at, practice)
            found += _at_once(began, start, attempt) if ends_with else (began,)
    return found


def _at_once(began: ClockStarted, start: Start, attempt: Attempt) -> tuple[Event, ...]:
    """A clock may end in the move that starts it: the employer knew on Monday and rang on Tuesday.

    Where its end came first (the LADO knew before the employer) there was nothing to wait for, and no clock.
    """
    for answer in start.ends_with:
        met_at = attempt.answers.get(answer) if answer else attempt.at
        if met_at is not None:
            met = ClockMet(began.clock, began.occurrence, met_at)
            return (began, met) if met_at >= began.started_at else ()
    return (began,)


def _started_again(
    case: Case, ended: Endings, attempt: Attempt, step: Step, begun: set[str], practice: Practice
) -> Iterator[ClockStarted]:
    """The clocks that repeat begin again when they are met, without their lead-in."""
    for start in step.again:
        ending = ended.get(start.key)
        applies = start.only_if is None or FACTS[start.only_if].holds(case, attempt)
        if applies and isinstance(ending, ClockMet) and start.key not in begun:
            yield _by_rule(case, start.rule, ending.met_at, practice)


def _by_rule(case: Case, rule: TimeRule, started_at: datetime, practice: Practice) -> ClockStarted:
    due_at, is_provisional, calendar = practice.due(rule, started_at)
    key = rule.key
    occurrence = case.occurrences(key) + 1
    return ClockStarted(key, occurrence, started_at, due_at, is_provisional, practice.rules_version, calendar)
