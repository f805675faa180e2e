"""Demand: arrivals against the council's own expected level, and how many to expect in a span of time. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, sqrt

from lado.domain.gaps import Piece
from workflows.calendar import ONE_DAY, Calendar
from workflows.london import london_day

ONE_WEEK = timedelta(weeks=1)

YEAR = 52
"""Weeks that the expected level is taken from."""

FEWEST_WEEKS = 8
"""Whole weeks that must be known before there is an expected level (a default of this product)."""

SIGMAS = 3
"""How many standard deviations above the mean the upper limit stands, as on any Shewhart chart."""

MOST_OPEN = 40
"""Open cases above which an officer has too many, until the council sets a number: a default of this product. No
published limit was found."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week: its Monday, the referrals recorded in it, and how many working days it has."""

    monday: date
    arrivals: int
    working_days: int


@dataclass(frozen=True, slots=True)
class Level:
    """What the council expects: referrals per working day, from how many whole weeks."""

    per_day: float
    weeks: int

    @property
    def is_known(self) -> bool:
        """Whether there are weeks enough to expect anything."""
        return self.weeks >= FEWEST_WEEKS

    def expected(self, working_days: int) -> float:
        """How many referrals a week of so many working days brings on average."""
        return self.per_day * working_days

    def limit(self, working_days: int) -> float:
        """The most that chance alone explains in such a week: the upper limit of a u-chart."""
        mean = self.expected(working_days)
        return mean + SIGMAS * sqrt(mean)

    def is_above(self, week: Week) -> bool:
        """Whether the week is above its limit. A week without a working day has none."""
        return self.is_known and week.working_days > 0 and week.arrivals > self.limit(week.working_days)


def monday_of(day: date) -> date:
    """The Monday of the week that the day is in."""
    return day - ONE_DAY * day.weekday()


def weeks_of(arrivals: Mapping[date, int], first: date, until: date, calendar: Calendar) -> tuple[Week, ...]:
    """The weeks from one Monday up to another (excluded), with what was recorded on their days."""
    mondays = [first + ONE_WEEK * number for number in range((until - first).days // 7)]
    return tuple(_week(monday, arrivals, calendar) for monday in mondays)


def level_of(weeks: Iterable[Week]) -> Level:
    """The expected level from whole weeks; the present week is never among them."""
    known = [week for week in weeks if week.working_days]
    days = sum(week.working_days for week in known)
    return Level(sum(week.arrivals for week in known) / days if days else 0.0, len(known))


def by_weekday(arrivals: Mapping[date, int], first: date, until: date, calendar: Calendar) -> tuple[float, ...]:
    """Referrals per working day of each weekday, Monday first; what comes on a closed day counts on the next open one.

    Days from `first` up to `until` (excluded).
    """
    came, days = [0] * 7, [0] * 7
    waiting = 0
    for number in range((until - first).days):
        day = first + ONE_DAY * number
        waiting += arrivals.get(day, 0)
        if calendar.is_working(day, provisional=True):
            came[day.weekday()] += waiting
            days[day.weekday()] += 1
            waiting = 0
    return tuple(count / number if number else 0.0 for count, number in zip(came, days, strict=True))


def expected_in(pieces: Iterable[Piece], office: Sequence[Piece], rates: Sequence[float]) -> float:
    """How many referrals to expect in pieces of office hours, where each weekday brings its rate evenly."""
    open_for = {london_day(opening.from_at): opening.length for opening in office}
    found = 0.0
    for piece in pieces:
        day = london_day(piece.from_at)
        found += rates[day.weekday()] * (piece.length / open_for[day])
    return found


def chance_of_any(expected: float) -> float:
    """The chance that at least one comes where so many are expected, if they come as in a Poisson process."""
    return 1 - exp(-expected)


def _week(monday: date, arrivals: Mapping[date, int], calendar: Calendar) -> Week:
    days = [monday + ONE_DAY * number for number in range(7)]
    working = sum(calendar.is_working(day, provisional=True) for day in days)
    return Week(monday, sum(arrivals.get(day, 0) for day in days), working)
