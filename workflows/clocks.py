"""When a clock falls due and when to warn of it: pure arithmetic on instants, days and a calendar.

Units are never converted: 24 hours and 1 working day are different promises. The rules, for every clock:

- hours simply elapse;
- days, weeks and months are due at the end of the due day in London, or at a council's close of business;
- working days are counted after day 0; after a start on a closed day the next open day is day 1;
- a month ends on the same day of the month, or on the last day of a shorter month;
- strictly after a cut-off on a working day, the next working day is day 0, and hours elapse from its first moment.

A pause runs from its first instant up to, not including, the resume. Clocks in hours are moved on by the paused time.
For the other units a day is paused when a pause covers the end of that day: it is not counted, and the due day moves on
by the days not counted. So a longer pause never makes an earlier date, and a clock that was still running when it was
paused is never due before it resumes.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from workflows.calendar import ONE_DAY, BeyondCalendar, Calendar
from workflows.london import END_OF_DAY, LONDON, instant_on, london_day
from workflows.office import OfficeHours
from workflows.pauses import Pause, elapsed_to, paused_days, running_time
from workflows.spans import CutOff, Span, Unit, day_zero, days_in
from workflows.working import Step, working

__all__ = [
    "END_OF_DAY",
    "LONDON",
    "CutOff",
    "Due",
    "Pause",
    "Span",
    "Step",
    "Unit",
    "day_end",
    "due",
    "london_day",
    "share",
    "warning_at",
    "working",
]


class Due(NamedTuple):
    """When a clock falls due. A provisional date counted days whose bank holidays are not published yet."""

    at: datetime
    provisional: bool
    calendar_version: str


def due(
    start: datetime,
    span: Span,
    calendar: Calendar,
    *,
    cut_offs: tuple[CutOff, ...] = (),
    day_ends: time = END_OF_DAY,
    pauses: tuple[Pause, ...] = (),
    strict: bool = False,
) -> Due:
    """When a clock that starts at `start` falls due, by the rules at the top of this module.

    `strict` raises `BeyondCalendar` when the start or the due day lies outside the known years, whatever the unit. A
    running case is not strict: unknown weekdays count as working days and the date is provisional.
    """
    if span.count < 1:
        raise ValueError(f"a limit is at least 1 {span.unit}, not {span.count}")
    try:
        try:
            if span.unit is Unit.WORKING_DAY and not cut_offs and not pauses:  # most clocks: two look-ups
                return _due_on(calendar.after(london_day(start), span.count), day_ends, calendar.version)
            at = _due_at(start, span, calendar, cut_offs, day_ends, pauses, provisional=False)
        except BeyondCalendar:
            if strict:
                raise
            at = _due_at(start, span, calendar, cut_offs, day_ends, pauses, provisional=True)
            return Due(at, True, calendar.version)
    except OverflowError as endless:
        raise BeyondCalendar(date.max, calendar.known_from, calendar.known_to) from endless
    if strict:
        calendar.ensure_known(london_day(start))
        calendar.ensure_known(london_day(at))
    return Due(at, False, calendar.version)


def day_end(day: date, day_ends: time = END_OF_DAY) -> datetime:
    """The instant at which `day` ends in London, or at which a council closes on it."""
    return instant_on(day, day_ends)


def share(start: datetime, due_at: datetime, fraction: float, pauses: tuple[Pause, ...] = ()) -> datetime:
    """The instant at which `fraction` (0 to 1) of the time a clock runs for is used; paused time is not running."""
    return elapsed_to(start, running_time(start, due_at, pauses) * fraction, pauses)


def warning_at(
    start: datetime,
    due: Due,
    fraction: float,
    office: OfficeHours,
    calendar: Calendar,
    pauses: tuple[Pause, ...] = (),
) -> datetime:
    """When to warn: the last moment in office hours by which `fraction` of the clock is used, not before its start."""
    return max(start, office.latest(share(start, due.at, fraction, pauses), calendar))


@lru_cache(maxsize=32_768)
def _due_on(day: date, day_ends: time, calendar_version: str) -> Due:
    return Due(instant_on(day, day_ends), False, calendar_version)


def _due_at(
    start: datetime,
    span: Span,
    calendar: Calendar,
    cut_offs: tuple[CutOff, ...],
    day_ends: time,
    pauses: tuple[Pause, ...],
    *,
    provisional: bool,
) -> datetime:
    day, begins_at = day_zero(start, cut_offs, calendar, provisional=provisional)
    if span.unit is Unit.HOUR:
        return elapsed_to(begins_at, timedelta(hours=span.count), pauses)
    if span.unit is Unit.WORKING_DAY:
        last = _working_day(day, span.count, calendar, day_ends, pauses, provisional=provisional)
    else:
        last = _calendar_day(day, days_in(span, day), day_ends, pauses)
    return instant_on(last, day_ends)


def _working_day(
    day: date, count: int, calendar: Calendar, day_ends: time, pauses: tuple[Pause, ...], *, provisional: bool
) -> date:
    """The day on which `count` working days that were not paused have passed."""
    last = calendar.after(day, count, provisional=provisional)
    for first_paused, last_paused in paused_days(day, day_ends, pauses):
        if first_paused > last:
            break
        count += calendar.between(first_paused - ONE_DAY, last_paused, provisional=provisional)
        last = calendar.after(day, count, provisional=provisional)
    return last


def _calendar_day(day: date, count: int, day_ends: time, pauses: tuple[Pause, ...]) -> date:
    """The day on which `count` days of the calendar that were not paused have passed."""
    last = day + timedelta(days=count)
    for first_paused, last_paused in paused_days(day, day_ends, pauses):
        if first_paused > last:
            break
        last += last_paused - first_paused + ONE_DAY
    return last
