"""The periods over which figures are counted: the last twelve months, or a year from April to March. Pure.

Reports of designated officers count years from 1 April to 31 March; what is asked today is of the last twelve months.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from workflows.london import instant_on, london_day

LATEST = "last"
"""The key of the last twelve months."""

APRIL = 4
LEAP_DAY = (2, 29)
MOST_YEARS = 12
"""How many years are offered."""

ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
    """The days of a period, both included. Its key is `last`, or the year in which it begins."""

    key: str
    first_on: date
    last_on: date

    @property
    def from_at(self) -> datetime:
        """Its first instant."""
        return instant_on(self.first_on, time.min)

    @property
    def until_at(self) -> datetime:
        """The first instant after it."""
        return instant_on(self.last_on + ONE_DAY, time.min)

    @property
    def words(self) -> str:
        """1 April 2025 to 31 March 2026."""
        first, last = self.first_on, self.last_on
        return f"{first.day} {first:%B} {first.year} to {last.day} {last:%B} {last.year}"


def last_twelve_months(at: datetime) -> Period:
    """The twelve months up to today, today included."""
    today = london_day(at)
    is_leap_day = (today.month, today.day) == LEAP_DAY
    a_year_ago = today.replace(year=today.year - 1, day=today.day - is_leap_day)
    return Period(LATEST, a_year_ago + ONE_DAY, today)


def year_from(year: int) -> Period:
    """The year from 1 April."""
    return Period(str(year), date(year, APRIL, 1), date(year + 1, APRIL, 1) - ONE_DAY)


def offered(first_at: datetime | None, at: datetime) -> list[Period]:
    """What can be chosen, the latest first: back to the year of the first case, as far as many years go."""
    this_year = _year_of(london_day(at))
    first_year = this_year if first_at is None else _year_of(london_day(first_at))
    years = range(this_year, max(first_year, this_year - MOST_YEARS + 1) - 1, -1)
    return [last_twelve_months(at), *map(year_from, years)]


def chosen(key: str, among: list[Period]) -> Period:
    """The period of this key; the first of them for any other."""
    return next((period for period in among if period.key == key), among[0])


def _year_of(day: date) -> int:
    return day.year if day.month >= APRIL else day.year - 1
