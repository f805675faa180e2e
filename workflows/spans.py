"""The parts of a time limit: a count in its own unit, a cut-off, and the day that counting starts from."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from workflows.calendar import Calendar
from workflows.london import LONDON, instant_on, london_day

SHORTEST_MONTH = 28


class Unit(StrEnum):
    """What a limit is counted in. Units are never converted: 24 hours and 1 working day are different promises."""

    HOUR = "hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    WEEK = "week"
    CALENDAR_MONTH = "calendar_month"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as a rule states it: a count and its own unit."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class CutOff:
    """The London time after which the next working day is day 0; on one weekday (0 is Monday) or, with None, on all."""

    weekday: int | None
    at: time

    def passed(self, local: datetime) -> bool:
        """Whether a London time is strictly after this cut-off."""
        return self.weekday in (None, local.weekday()) and local.time() > self.at


def day_zero(
    start: datetime, cut_offs: tuple[CutOff, ...], calendar: Calendar, *, provisional: bool
) -> tuple[date, datetime]:
    """The day a clock counts from and the instant its hours elapse from: the start itself, unless after a cut-off."""
    day = london_day(start)
    if cut_offs:
        local = start.astimezone(LONDON)
        if any(cut_off.passed(local) for cut_off in cut_offs) and calendar.is_working(day, provisional=provisional):
            day = calendar.next_open(day, provisional=provisional)
            return day, instant_on(day, time.min)
    return day, start.astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The same day of the month, `months` later, or the last of a shorter month: 31 January and 1 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError(f"{months} months after {day} is beyond any calendar")
    last = day.day if day.day <= SHORTEST_MONTH else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last)


def days_in(span: Span, day: date) -> int:
    """How many days of the calendar a limit in days, weeks or months takes from `day`, before any pause."""
    if span.unit is Unit.CALENDAR_MONTH:
        return (months_after(day, span.count) - day).days
    return span.count * 7 if span.unit is Unit.WEEK else span.count
