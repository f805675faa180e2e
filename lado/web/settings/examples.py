"""A time limit tried out: when it would fall due from a few telling moments, now and as changed, and who would hear."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from lado.domain.escalation import ROLE_WORDS
from lado.domain.rule_words import starts_when
from lado.web.due import day_words, point
from lado.web.templating import time as clock_time
from workflows.calendar import ONE_DAY, WEEKEND, Calendar
from workflows.clocks import Due, warning_at
from workflows.london import instant_on, london_day
from workflows.rules import Rules, TimeRule, begins_at, due_under, rung_at

FRIDAY = 4
LATE, NOON = time(16, 30), time(12)
FAR = timedelta(days=200)
"""How far ahead to look for a bank holiday."""


@dataclass(frozen=True)
class ExampleRow:
    """One moment, and by when the limit would have to be kept from it."""

    when: str
    in_force: str
    changed: str
    is_other: bool


@dataclass(frozen=True)
class Example:
    """The limit tried out. `hears`: who would be told, and when, if it began now."""

    starts: str
    rows: list[ExampleRow]
    hears: list[str]


@dataclass(frozen=True)
class Trial:
    """A limit among the rules that it belongs to; `england` has the bank holidays alone."""

    rule: TimeRule
    rules: Rules
    england: Calendar

    def due(self, begun_at: datetime) -> Due | None:
        """When it falls due; None where an officer gives the date."""
        return due_under(self.rules, self.rule, begun_at, self.rules.calendar(self.england))

    def words(self, begun_at: datetime, at: datetime) -> str:
        """By the end of Tuesday 3 March."""
        due = self.due(begun_at)
        if due is None:
            return "On the day that the officer gives"
        return f"By {point(due.at, at)}" + (" (provisional)" if due.provisional else "")


def example(in_force: Trial, changed: Trial, at: datetime) -> Example:
    """Try the limit as it is in force and as it would be."""
    rows = []
    for when, begun_at in _moments(changed, at):
        was, now = in_force.words(begun_at, at), changed.words(begun_at, at)
        rows.append(ExampleRow(when, was, now, was != now))
    return Example(f"If {starts_when(changed.rule)}", rows, list(_hears(changed, at)))


def _moments(trial: Trial, at: datetime) -> Iterator[tuple[str, datetime]]:
    """Now, late on the next Friday, and the last working day before the next bank holiday or closure."""
    today = london_day(at)
    yield _moment(at, at), at
    days = trial.rules.calendar(trial.england)
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7 or 7)
    late = instant_on(friday, LATE)
    yield _moment(late, at), late
    closed = {**days.holidays, **days.closures}
    ahead = [day for day in sorted(closed) if today < day <= today + FAR and day.weekday() not in WEEKEND]
    if ahead:
        eve = ahead[0] - ONE_DAY
        while not days.is_working(eve, provisional=True):
            eve -= ONE_DAY
        if eve > today:
            noon = instant_on(eve, NOON)
            yield f"{_moment(noon, at)}, before {closed[ahead[0]]}", noon


def _moment(when: datetime, at: datetime) -> str:
    day = day_words(when, at)
    return f"today at {clock_time(when)}" if day == "today" else f"on {day} at {clock_time(when)}"


def _hears(trial: Trial, at: datetime) -> Iterator[str]:
    due = trial.due(at)
    if due is None:
        return
    rules, days = trial.rules, trial.rules.calendar(trial.england)
    began_at = begins_at(rules, trial.rule, at, days)
    for share in rules.warns_at(trial.rule):
        said = f"the accountable officer is warned, with {round(share * 100)}% of the time used"
        yield f"{_first(point(warning_at(began_at, due, share, rules.office, days), at))}: {said}"
    for rung in rules.ladder_of(trial.rule):
        told_at = rung_at(due.at, rung, rules.office, days)
        if rung.wait.count == 0:
            yield f"When it lapses: {ROLE_WORDS[rung.role]}"
        else:
            yield f"If it is still open then, {point(told_at, at)}: {ROLE_WORDS[rung.role]}"


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
