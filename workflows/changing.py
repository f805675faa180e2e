"""Bringing a running case under other rules, another calendar or another version of its procedure: pure, as events.

What is settled stays settled. A clock that was met, stopped or has lapsed never changes; a date that an officer gave
stands; a paused clock is derived anew when it resumes; the beginning of a clock, its pauses and what was added to its
limit are kept. A date that would be over already under the new terms is not brought in: no change makes anybody late.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from workflows.calendar import Calendar
from workflows.case import Case, Clock
from workflows.events import (
    CalendarChanged,
    ClockRederived,
    ClockStarted,
    ClockStopped,
    Event,
    ProcedureChanged,
    RulesChanged,
)
from workflows.fold import apply
from workflows.london import london_day
from workflows.model import ACTION, OF_ANY, Passage
from workflows.practice import Practice
from workflows.running import BY_OFFICER, due_by_rule

RULES, CALENDAR, PROCEDURE = "rules", "calendar", "procedure"
"""The kinds of change, and because of which a date is worked out anew."""

ALREADY = "already"


class Kept(NamedTuple):
    """A case that stays as it is, and why, in a plain code: a word, and after a colon what it is about.

    already: it has these terms. way: there is no way from its version. state: its state has none there. used: it has
    used what only its version has. lapsed: a clock has lapsed that the other version does not know. clock: nothing
    would run.
    """

    why: str


Changed = tuple[Event, ...] | Kept


class Late(NamedTuple):
    """A clock that ended or lapsed over a day announced too late: when it was due, and when it would have been."""

    clock: str
    occurrence: int
    due_at: datetime
    would_be_due_at: datetime


def under_rules(case: Case, practice: Practice, at: datetime, change: int) -> Changed:
    """Say what happens when the case goes on under the rules of this practice."""
    closures = _same_calendar(case, practice, change)
    if case.rules == practice.rules_version and not closures:
        return Kept(ALREADY)
    events = [RulesChanged(practice.rules_version, change), *closures, *_rederived(case, practice, at, RULES)]
    return _settled(case, events, practice, at)


def under_calendar(case: Case, practice: Practice, at: datetime, change: int) -> Changed:
    """Say what happens when the case goes on with the calendar of this practice."""
    changed = _same_calendar(case, practice, change)
    if not changed:
        return Kept(ALREADY)
    return *changed, *_rederived(case, practice, at, CALENDAR)


def under_procedure(case: Case, practice: Practice, passage: Passage | None, at: datetime, change: int) -> Changed:
    """Say what happens when the case goes on under the procedure of this practice, or why it cannot.

    `passage` is the way there from the version that the case has. Clocks keep their dates; one that is not known
    there, or cannot run in the state that stands for the case's own, is stopped.
    """
    flow = practice.flow
    if (case.procedure, case.version) == (flow.key, flow.version):
        return Kept(ALREADY)
    if passage is None:
        return Kept("way")
    enters = passage.states.get(case.state, case.state)
    if enters not in flow.state_by_key:
        return Kept(f"state:{case.state}")
    used = (fact for fact in passage.leaves_behind if fact in case.recorded)
    for name in used:
        return Kept(f"used:{name}")
    gone = [clock for clock in case.running.values() if not _can_run(clock, enters, practice)]
    for clock in gone:
        if clock.status(at) == "lapsed":
            return Kept(f"lapsed:{clock.key}")
    moved = ProcedureChanged(flow.key, flow.version, case.state, enters, change)
    return _settled(case, [moved, *(ClockStopped(clock.key, clock.occurrence, at) for clock in gone)], practice, at)


def after(case: Case, events: Iterable[Event]) -> Case:
    """The case as it would be after the events; the case itself is not touched."""
    found = copy(case)
    for event in events:
        apply(found, event)
    return found


def late_days(case: Case, was: Calendar, now: Calendar, at: datetime, under: Callable[[str], Practice]) -> list[Late]:
    """Name the clocks that a day concerns which turned out to be closed, or open, only after it had passed.

    `was` is the calendar that the case had, `now` the new one, a council's closures left out of both; `under` gives
    the practice of a version of the rules. Days still to come are no matter for a review: they move dates. A clock that
    was met in time either way is none either.
    """
    days = _past_days(was, now, london_day(at))
    if not days:
        return []
    known = _with_days(was, now, days)
    ended = (clock for clock in case.ended if clock.met)
    lapsed = (clock for clock in case.running.values() if clock.status(at) == "lapsed")
    return [found for clock in (*ended, *lapsed) for found in _late(clock, days, was, known, under)]


def _past_days(was: Calendar, now: Calendar, today: date) -> tuple[date, ...]:
    """The days up to today that only one of the two calendars knows as holidays, within the years that both know."""
    first = max(was.known_from, now.known_from)
    return tuple(sorted(day for day in was.holidays.keys() ^ now.holidays.keys() if first <= day <= today))


@lru_cache(maxsize=16)
def _with_days(was: Calendar, now: Calendar, days: tuple[date, ...]) -> Calendar:
    """The calendar that was, with these days as the new one has them."""
    kept = {day: name for day, name in was.holidays.items() if day not in days}
    added = {day: now.holidays[day] for day in days if day in now.holidays}
    return Calendar.of(was.name, {**kept, **added}, was.known_from, was.known_to, was.closures)


def _late(
    clock: Clock, days: tuple[date, ...], was: Calendar, known: Calendar, under: Callable[[str], Practice]
) -> Iterator[Late]:
    if clock.rule == BY_OFFICER:
        return
    first, last = london_day(clock.started_at), london_day(clock.ended_at or clock.due_at)
    if not any(first <= day <= last for day in days):
        return
    practice = under(clock.rule)
    rule = practice.rules.by_key.get(clock.key)
    if rule is None or rule.limit is None:
        return
    then, instead = (due_by_rule(rule, clock, practice, practice.rules.calendar(which)) for which in (was, known))
    was_in_time = clock.ended_at is not None and clock.ended_at <= min(clock.due_at, instead.at)
    if then.at == clock.due_at != instead.at and not was_in_time:
        yield Late(clock.key, clock.occurrence, clock.due_at, instead.at)


def _same_calendar(case: Case, practice: Practice, change: int) -> list[CalendarChanged]:
    """The calendar that the practice counts with, where the case has another: a council's closures are part of it."""
    if case.calendar == practice.calendar_version:
        return []
    return [CalendarChanged(practice.calendar_version, change)]


def _rederived(case: Case, practice: Practice, at: datetime, because: str) -> Iterator[Event]:
    """The new dates of the clocks that run, are not over and hang on a rule; one without a rule any more stops."""
    for clock in case.running.values():
        if clock.rule == BY_OFFICER or clock.status(at) == "lapsed":
            continue
        rule = practice.rule(clock.key)
        if rule is None:
            yield ClockStopped(clock.key, clock.occurrence, at)
            continue
        if clock.paused_at is not None or rule.limit is None:
            continue
        due_at, provisional, calendar = due_by_rule(rule, clock, practice)
        if due_at > at and (due_at, provisional) != (clock.due_at, clock.provisional):
            yield ClockRederived(
                clock.key,
                clock.occurrence,
                because,
                clock.started_at,
                due_at,
                provisional,
                practice.rules_version,
                calendar,
                None,
            )


def _can_run(clock: Clock, state: str, practice: Practice) -> bool:
    key = ACTION if clock.key.startswith(f"{ACTION}:") else clock.key
    row = practice.flow.timescale_by_key.get(key)
    return key in OF_ANY or (row is not None and state in (row.runs_in or practice.flow.open_states))


def _settled(case: Case, events: list[Event], practice: Practice, at: datetime) -> Changed:
    """The events, and where nothing would run after them the clock of the state itself; no open case ever drifts."""
    then = after(case, events)
    if practice.flow.state_by_key[then.state].final or any(not clock.paused_at for clock in then.running.values()):
        return tuple(events)
    own = _own_clock(then, practice, at)
    return Kept("clock") if own is None else (*events, own)


def _own_clock(case: Case, practice: Practice, at: datetime) -> ClockStarted | None:
    """The clock that belongs most to the state of the case: of those that may run in it, the one of the fewest."""
    rows = (row for row in practice.flow.timescales if case.state in row.runs_in and row.only_if is None)
    rules = [(len(row.runs_in), rule) for row in rows if (rule := practice.rule(row.key)) and rule.limit is not None]
    if not rules:
        return None
    _, rule = min(rules, key=lambda found: found[0])
    due_at, provisional, calendar = practice.due(rule, at)
    return ClockStarted(
        rule.key,
        case.occurrences(rule.key) + 1,
        at,
        due_at,
        provisional,
        practice.rules_version,
        calendar,
    )
