"""Out of hours: by when the night hands over to the day, who is on call, and the nights on which nobody is."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import NamedTuple

from workflows.calendar import ONE_DAY, Calendar
from workflows.london import instant_on, london_day
from workflows.office import OfficeHours

HANDED_OVER_BY = time(9)
"""By when on the next working day the day service has taken over (Islington's protocol for out of hours)."""


class Shift(NamedTuple):
    """Somebody on call between two instants, the end excluded."""

    id: int
    person: int
    from_at: datetime
    until_at: datetime


class Stretch(NamedTuple):
    """A stretch of time, the end excluded."""

    from_at: datetime
    until_at: datetime


def handed_over_by(happened_at: datetime, calendar: Calendar) -> datetime:
    """09:00 of the working day that comes next, which for what happens before nine on a working day is that day."""
    day = london_day(happened_at)
    due_at = instant_on(day, HANDED_OVER_BY)
    if calendar.is_working(day, provisional=True) and happened_at < due_at:
        return due_at
    return instant_on(calendar.next_open(day, provisional=True), HANDED_OVER_BY)


def now_and_next(shifts: Iterable[Shift], at: datetime) -> tuple[Shift | None, Shift | None]:
    """Who is on call at the instant, and whose turn comes next; None where nobody is."""
    ordered = sorted(shifts, key=lambda shift: (shift.from_at, shift.id))
    now = next((shift for shift in ordered if shift.from_at <= at < shift.until_at), None)
    following = next((shift for shift in ordered if shift.from_at > at), None)
    return now, following


def closed_between(from_at: datetime, until_at: datetime, office: OfficeHours, calendar: Calendar) -> list[Stretch]:
    """When the office is closed between two instants: evenings, nights, weekends and holidays."""
    found, begins, day = [], from_at, london_day(from_at)
    while instant_on(day, time()) < until_at:
        hours = office.open_on(day, calendar)
        if hours is not None and hours[1] > begins:
            if begins < min(hours[0], until_at):
                found.append(Stretch(begins, min(hours[0], until_at)))
            begins = hours[1]
        day += ONE_DAY
    if begins < until_at:
        found.append(Stretch(begins, until_at))
    return found


def without_anybody(stretches: Iterable[Stretch], shifts: Sequence[Shift]) -> list[Stretch]:
    """What is left of the stretches where nobody is on call."""
    left = list(stretches)
    for shift in shifts:
        left = [piece for stretch in left for piece in _less(stretch, shift)]
    return left


def _less(stretch: Stretch, shift: Shift) -> list[Stretch]:
    if shift.until_at <= stretch.from_at or shift.from_at >= stretch.until_at:
        return [stretch]
    pieces = [Stretch(stretch.from_at, shift.from_at), Stretch(shift.until_at, stretch.until_at)]
    return [piece for piece in pieces if piece.from_at < piece.until_at]
