"""Which days the rota shows: a month or a week, its edges in London, its neighbours and its address."""

from abc import ABC, abstractmethod
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from flask import url_for

from workflows.london import instant_on

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)
MOST_YEARS = 10
"""How many years from today a calendar can be turned to."""


@dataclass(frozen=True)
class Span(ABC):
    """Some days in a row."""

    first: date

    @property
    @abstractmethod
    def days(self) -> tuple[date, ...]:
        """Every day of it."""

    @property
    def from_at(self) -> datetime:
        """Its first moment."""
        return begin(self.days[0])

    @property
    def until_at(self) -> datetime:
        """The first moment after it."""
        return begin(self.days[-1] + ONE_DAY)


@dataclass(frozen=True)
class Month(Span):
    """A calendar month, named by its first day."""

    halves = False

    @classmethod
    def read(cls, text: str, today: date) -> Self:
        """Read `2026-03`; anything else is the present month."""
        return cls((_day(f"{text}-01", today) or today).replace(day=1))

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the month."""
        return tuple(self.first.replace(day=day + 1) for day in range(monthrange(self.first.year, self.first.month)[1]))

    @property
    def href(self) -> str:
        """Where it is shown."""
        return url_for("cover.home", month=f"{self.first:%Y-%m}")

    @property
    def before(self) -> Self:
        """The month before."""
        return type(self)((self.first - ONE_DAY).replace(day=1))

    @property
    def after(self) -> Self:
        """The month after."""
        return type(self)(self.days[-1] + ONE_DAY)

    @property
    def caption(self) -> str:
        """March 2026."""
        return f"{self.first:%B %Y}"


@dataclass(frozen=True)
class Week(Span):
    """A week, named by its Monday; shown in half days."""

    halves = True

    @classmethod
    def read(cls, text: str, today: date) -> Self:
        """Read a day of it, `2026-03-04`; anything else is the present week."""
        day = _day(text, today) or today
        return cls(day - timedelta(days=day.weekday()))

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(self.first + timedelta(days=day) for day in range(7))

    @property
    def href(self) -> str:
        """Where it is shown."""
        return url_for("cover.home", view="week", week=self.first.isoformat())

    @property
    def before(self) -> Self:
        """The week before."""
        return type(self)(self.first - ONE_WEEK)

    @property
    def after(self) -> Self:
        """The week after."""
        return type(self)(self.first + ONE_WEEK)

    @property
    def caption(self) -> str:
        """Monday 2 to Sunday 8 March 2026."""
        last = self.days[-1]
        month = "" if self.first.month == last.month else f" {self.first:%B}"
        year = "" if self.first.year == last.year else f" {self.first.year}"
        return f"Monday {self.first.day}{month}{year} to Sunday {last.day} {last:%B %Y}"


def begin(day: date) -> datetime:
    """The first moment of a day in London."""
    return instant_on(day, time.min)


def _day(text: str, today: date) -> date | None:
    """A day that is written 2026-03-02 and is not too far away, or None."""
    if not (text.isascii() and len(text) == len("2026-03-02") and text[4] == text[7] == "-"):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day.year - today.year) <= MOST_YEARS else None
