"""Show working: why a clock is due when it is, one line for each day, in plain words.

It steps through the days one at a time and so does not lean on the arithmetic whose answer it explains.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from workflows.calendar import ONE_DAY, Calendar
from workflows.london import END_OF_DAY, LONDON, instant_on, london_day
from workflows.pauses import Pause, elapsed_to, joined
from workflows.spans import CutOff, Span, Unit, day_zero, days_in


class Step(NamedTuple):
    """One line of the working: the day, which day of the limit it is (None when it does not count), and why."""

    day: date
    counted: int | None
    why: str


def working(
    start: datetime,
    span: Span,
    calendar: Calendar,
    *,
    cut_offs: tuple[CutOff, ...] = (),
    day_ends: time = END_OF_DAY,
    pauses: tuple[Pause, ...] = (),
    strict: bool = False,
) -> tuple[Step, ...]:
    """Every day from the start to the due day, counted or not; for hours, the moments that matter.

    Takes what `clocks.due` takes. The last step is the due day. `strict` raises `BeyondCalendar` as there.
    """
    day, begins_at = day_zero(start, cut_offs, calendar, provisional=not strict)
    steps = list(_opening(start, day, calendar))
    if span.unit is Unit.HOUR:
        steps += _hours(begins_at, span.count, pauses)
    else:
        only_working = span.unit is Unit.WORKING_DAY
        last = span.count if only_working else days_in(span, day)
        why = _day_zero_words(start, day, calendar)
        steps += [Step(day, 0, why), *_days(day, last, only_working, calendar, day_ends, joined(pauses, begins_at))]
    if strict:
        calendar.ensure_known(steps[0].day)
        calendar.ensure_known(steps[-1].day)
    return tuple(steps)


def _opening(start: datetime, day_zero: date, calendar: Calendar) -> Iterator[Step]:
    """The days lost to a cut-off, before day 0."""
    day = london_day(start)
    if day < day_zero:
        yield Step(day, None, f"{_clock(start)}, after the cut-off")
    while (day := day + ONE_DAY) < day_zero:
        yield Step(day, None, _closed(day, calendar) or "")


def _day_zero_words(start: datetime, day: date, calendar: Calendar) -> str:
    if london_day(start) < day:
        return "day 0: the next working day"
    closed = _closed(day, calendar)
    return f"day 0: started at {_clock(start)}" + (f" ({closed})" if closed else "")


def _days(
    day: date, last: int, only_working: bool, calendar: Calendar, day_ends: time, pauses: list[Pause]
) -> Iterator[Step]:
    counted = 0
    while counted < last:
        day += ONE_DAY
        end = instant_on(day, day_ends)
        closed = _closed(day, calendar) if only_working else None
        if closed:
            yield Step(day, None, closed)
        elif any(paused_at <= end < resumed_at for paused_at, resumed_at in pauses):
            yield Step(day, None, "paused")
        else:
            counted += 1
            why = "counted" if counted < last else f"counted: due at {_clock(end, seconds=True)}"
            unsure = only_working and not calendar.knows(day)
            yield Step(day, counted, f"{why} (bank holidays not yet published)" if unsure else why)


def _hours(begins_at: datetime, hours: int, pauses: tuple[Pause, ...]) -> Iterator[Step]:
    at = elapsed_to(begins_at, timedelta(hours=hours), pauses)
    yield Step(london_day(begins_at), 0, f"hours run from {_clock(begins_at)}")
    for paused_at, resumed_at in joined(pauses, begins_at):
        if paused_at < at:
            yield Step(london_day(paused_at), None, f"paused at {_clock(paused_at)}")
            yield Step(london_day(resumed_at), None, f"resumed at {_clock(resumed_at)}")
    count = "1 hour has" if hours == 1 else f"{hours} hours have"
    yield Step(london_day(at), hours, f"{count} passed: due at {_clock(at)}")


def _closed(day: date, calendar: Calendar) -> str | None:
    """Why a day does not count as a working day, a council's own closure named as such."""
    closed = calendar.why_closed(day, provisional=True)
    return f"closed: {closed}" if closed and day in calendar.closures and day not in calendar.holidays else closed


def _clock(instant: datetime, seconds: bool = False) -> str:
    """What London's clocks show, to the second only where that is the point."""
    local = instant.astimezone(UTC).astimezone(LONDON)
    return f"{local:%H:%M:%S}" if seconds and local.second else f"{local:%H:%M}"
