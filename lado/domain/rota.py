"""The rota: who is away and when, working patterns, who is on duty, and what was changed about it. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from workflows.calendar import ONE_DAY, Calendar
from workflows.london import instant_on, london_day
from workflows.office import USUAL_HOURS, OfficeHours, Opening

KINDS: Mapping[str, str] = {
    "leave": "Leave",
    "sickness": "Sickness",
    "training": "Training",
    "vacancy": "Vacancy",
}
"""Why someone is not there, as it can be recorded."""

PATTERN = "pattern"
"""The kind of an absence that follows from somebody's working pattern: hours of the office that they do not work."""

ADD, REMOVE, REPLACE = "add", "remove", "replace"
PRIMARY, SECOND = 1, 2
"""The ranks of duty: who is asked first, and who when the first is not there."""

MIDNIGHT = time(0)
DAYS = 7


@dataclass(frozen=True, slots=True)
class Away:
    """One absence: who is away, from when until when (the end excluded), who covers, and who covers when they cannot.

    `cover` and `second` are None where nobody is named.
    """

    person: int
    from_at: datetime
    until_at: datetime
    cover: int | None
    kind: str = "leave"
    id: int = 0
    second: int | None = None

    def holds(self, at: datetime) -> bool:
        """Whether the person is away at the instant."""
        return self.from_at <= at < self.until_at

    @property
    def named(self) -> tuple[int, ...]:
        """Those who were named to cover it, in the order in which they are asked."""
        return tuple(person for person in (self.cover, self.second) if person is not None)


Week = tuple[Opening | None, ...]
"""The hours worked on each weekday, Monday first; None on a day off."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """The hours that a person works on each weekday, Monday first, from a day on; `week` None: all office hours."""

    person: int
    from_on: date
    week: Week | None


@dataclass(frozen=True, slots=True)
class DutyDay:
    """Who has a weekday's duty from a day on, week after week; None: nobody any more. Monday is 0."""

    rank: int
    weekday: int
    person: int | None
    from_on: date


@dataclass(frozen=True, slots=True)
class DutyChange:
    """A change of duty for a stretch of time: a person added, removed, or replaced `by` somebody else."""

    kind: str
    rank: int
    from_at: datetime
    until_at: datetime
    person: int
    by: int | None = None
    id: int = 0


class Answer(NamedTuple):
    """Who was there for somebody as it was written down then: those asked, who was found, why each other was not."""

    chain: tuple[int, ...]
    person: int | None
    passed: tuple[str, ...]


@dataclass(frozen=True)
class Rota:
    """What the resolver needs to know of one council.

    Absences, standing deputies, accounts that are shut, working patterns, duty days, and changes of duty, each in the
    order in which they were recorded; the office hours and closed days against which patterns and duty days are read;
    `leaders`, the nearest first, who have what everybody else said that they cannot take.
    `written` is who was really there at one moment of the past: for those people nothing is worked out again.
    """

    absences: tuple[Away, ...] = ()
    deputies: Mapping[int, int] = field(default_factory=dict)
    inactive: frozenset[int] = frozenset()
    patterns: tuple[Pattern, ...] = ()
    duty_days: tuple[DutyDay, ...] = ()
    duty_changes: tuple[DutyChange, ...] = ()
    office: OfficeHours = USUAL_HOURS
    calendar: Calendar | None = None
    written: Mapping[int, Answer] = field(default_factory=dict)
    leaders: tuple[int, ...] = ()

    def away(self, person: int, at: datetime) -> Away | None:
        """The absence that keeps the person away at the instant; of several, the one recorded last.

        Hours of the office that the person's working pattern leaves out are an absence of the kind `pattern`.
        """
        for absence in reversed(self._absences_of.get(person, ())):
            if absence.holds(at):
                return absence
        return next((gap for gap in self.unworked(person, london_day(at)) if gap.holds(at)), None)

    def is_there(self, person: int, at: datetime) -> bool:
        """Whether the person themselves can act at the instant."""
        return person not in self.inactive and self.away(person, at) is None

    def not_there(self, at: datetime) -> frozenset[int]:
        """Everybody of whom the rota knows that they are not there at the instant: away, not at work, or shut."""
        known = self._absences_of.keys() | {pattern.person for pattern in self.patterns}
        return frozenset(person for person in known if self.away(person, at)) | self.inactive

    def unworked(self, person: int, day: date) -> tuple[Away, ...]:
        """The office hours of a day that the person's pattern leaves out; a closed day has none."""
        week = self._week_of(person, day)
        hours = self.hours_on(day) if week is not None else None
        if week is None or hours is None:
            return ()
        opens_at, closes_at = hours
        worked = week[day.weekday()]
        if worked is None:
            return (Away(person, opens_at, closes_at, None, PATTERN),)
        begins_at, ends_at = (min(max(instant_on(day, edge), opens_at), closes_at) for edge in worked)
        gaps = ((opens_at, begins_at), (ends_at, closes_at)) if begins_at < ends_at else ((opens_at, closes_at),)
        return tuple(Away(person, begin, end, None, PATTERN) for begin, end in gaps if begin < end)

    def on_duty(self, rank: int, at: datetime) -> tuple[int, ...]:
        """Who has this rank of duty at the instant, in the order in which they are asked, away or not.

        A duty day is a whole London day on which the council is open. A later change outranks an earlier one, and every
        change outranks the weekly days; somebody who was added is asked before those who had the duty already.
        """
        people = self._weekly(rank, london_day(at))
        for change in self.duty_changes:
            if change.rank == rank and change.from_at <= at < change.until_at:
                people = _changed(people, change)
        return tuple(dict.fromkeys(people))

    def hours_on(self, day: date) -> tuple[datetime, datetime] | None:
        """When the office opens and closes on a day; None when it is closed."""
        if self.calendar is not None:
            return self.office.open_on(day, self.calendar)
        opening = self.office.week[day.weekday()]
        return (instant_on(day, opening[0]), instant_on(day, opening[1])) if opening else None

    def next_edge(self, people: Iterable[int], at: datetime, until_at: datetime, *, duty: bool) -> datetime:
        """The first instant after this one at which one of these people may come or go, or duty may change.

        At most `until_at`. Nothing of what the rota says of them differs before it.
        """
        edges = [until_at]
        for person in people:
            own = self._absences_of.get(person, ())
            edges += [edge for absence in own for edge in (absence.from_at, absence.until_at) if edge > at]
            if person in self._patterns_of:
                edges += self._pattern_edge(person, at, min(edges))
        if duty:
            edges += [edge for change in self.duty_changes for edge in (change.from_at, change.until_at) if edge > at]
            if self.duty_days:
                edges.append(instant_on(london_day(at) + ONE_DAY, MIDNIGHT))
        return min(edges)

    @cached_property
    def _absences_of(self) -> Mapping[int, tuple[Away, ...]]:
        found: dict[int, tuple[Away, ...]] = {}
        for absence in self.absences:
            found[absence.person] = (*found.get(absence.person, ()), absence)
        return found

    @cached_property
    def _patterns_of(self) -> Mapping[int, tuple[Pattern, ...]]:
        found: dict[int, tuple[Pattern, ...]] = {}
        for pattern in self.patterns:
            found[pattern.person] = (*found.get(pattern.person, ()), pattern)
        return found

    def _week_of(self, person: int, day: date) -> Week | None:
        held = [pattern for pattern in self._patterns_of.get(person, ()) if pattern.from_on <= day]
        return max(reversed(held), key=lambda pattern: pattern.from_on).week if held else None

    def _weekly(self, rank: int, day: date) -> list[int]:
        held = [
            one for one in self.duty_days if one.rank == rank and one.weekday == day.weekday() and one.from_on <= day
        ]
        last = max(reversed(held), key=lambda one: one.from_on) if held else None
        return [last.person] if last and last.person is not None and self.hours_on(day) else []

    def _pattern_edge(self, person: int, at: datetime, until_at: datetime) -> Iterator[datetime]:
        """The first edge of unworked hours after the instant, if one comes before the other."""
        day = london_day(at)
        while instant_on(day, MIDNIGHT) < until_at:
            edges = [edge for gap in self.unworked(person, day) for edge in (gap.from_at, gap.until_at) if edge > at]
            if edges:
                yield min(edges)
                return
            day += timedelta(days=1)


def write_week(week: Week) -> str:
    """A week as one text: seven pairs of times separated by commas, empty on a day off."""
    return ",".join(f"{opening[0]:%H:%M}-{opening[1]:%H:%M}" if opening else "" for opening in week)


def read_week(text: str) -> Week:
    """Read what `write_week` wrote. Raises ValueError for anything else."""
    week = tuple(_hours(part) if part else None for part in text.split(","))
    if len(week) != DAYS:
        raise ValueError(f"a week has seven days, not {len(week)}")
    return week


def _hours(text: str) -> Opening:
    begin, _, end = text.partition("-")
    return time.fromisoformat(begin), time.fromisoformat(end)


def _changed(people: list[int], change: DutyChange) -> list[int]:
    if change.kind == ADD:
        return [change.person, *people]
    if change.kind == REMOVE:
        return [person for person in people if person != change.person]
    return [change.by if person == change.person and change.by is not None else person for person in people]
