"""The steps of one clock by the published rules, for the model of the ladder: office hours walked over day by day."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from tests.support.cover_model import LONDON, OPEN

BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2021-01-01", "2021-04-02", "2021-04-05", "2021-05-03", "2021-05-31", "2021-08-30", "2021-12-27"),
        *("2021-12-28", "2022-01-03", "2022-04-15", "2022-04-18", "2022-05-02", "2022-06-02", "2022-06-03"),
        *("2022-08-29", "2022-09-19", "2022-12-26", "2022-12-27"),
    )
)
"""England and Wales, 2021 and 2022."""
KNOWN = 2021, 2022

HOURS, DAYS = "office hours", "working days"
LADDER = (("owner", 0, HOURS), ("cover", 4, HOURS), ("service_manager", 1, DAYS), ("head_of_service", 3, DAYS))
AFTER_MEETING = (("owner", 1, DAYS), ("cover", 2, DAYS), ("service_manager", 3, DAYS), ("head_of_service", 5, DAYS))
"""Whom a lapse is told to, after how long."""
AT_ONCE = ("owner", "cover", "service_manager")
"""Who waits for nobody in an urgent case."""
MEETING = "meeting_planned"
"""The clock that has no warning, and a ladder of its own."""
WARNED = 4, 5
"""The share of a clock after which its officer is warned."""


class Step(NamedTuple):
    """A step that a clock has before it."""

    rung: str
    role: str
    due_at: datetime


@dataclass
class Running:
    """One running of a clock."""

    key: str
    occurrence: int
    started_at: datetime
    due_at: datetime
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    paused_at: datetime | None = None
    climbed: dict[str, int | None] = field(default_factory=dict)
    """Each rung that was reached, and who was told."""
    last_at: datetime | None = None


def opening(day: date) -> tuple[datetime, datetime] | None:
    """When the office opens and closes on a day."""
    if day.year not in KNOWN:
        raise ValueError(f"the model does not know the bank holidays of {day.year}")
    hours = None if day in BANK_HOLIDAYS else OPEN[day.weekday()]
    return None if hours is None else (london(day, hours[0]), london(day, hours[1]))


def london(day: date, at: time) -> datetime:
    """The instant at which London's clocks show this."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def last_open_moment(at: datetime) -> datetime:
    """The last moment up to this one at which somebody is at their desk, or has just gone."""
    day = at.astimezone(LONDON).date()
    while True:
        hours = opening(day)
        if hours is not None and hours[0] <= at:
            return min(at, hours[1])
        day -= timedelta(days=1)


def after_office_hours(at: datetime, count: int) -> datetime:
    """When so many hours of open office have gone by."""
    left, day = timedelta(hours=count), at.astimezone(LONDON).date()
    while True:
        hours = opening(day)
        if hours is not None and at < hours[1]:
            begins = max(at, hours[0])
            if hours[1] - begins >= left:
                return begins + left
            left -= hours[1] - begins
        day += timedelta(days=1)


def after_working_days(at: datetime, count: int) -> datetime:
    """When the office closes on the working day so many after the day of an instant."""
    day = at.astimezone(LONDON).date()
    while True:
        day += timedelta(days=1)
        hours = opening(day)
        if hours is not None:
            count -= 1
            if not count:
                return hours[1]


def warned_at(clock: Running) -> datetime:
    """When four fifths of the time that a clock runs are used: the last open moment by then, once it has begun."""
    stood: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(clock.pauses):
        begin = max(begin, clock.started_at)
        if stood and begin <= stood[-1][1]:
            stood[-1] = (stood[-1][0], max(end, stood[-1][1]))
        elif begin < end:
            stood.append((begin, end))
    paused = sum((min(end, clock.due_at) - begin for begin, end in stood if begin < clock.due_at), timedelta())
    runs = (clock.due_at - clock.started_at - paused) // timedelta(microseconds=1)
    at = clock.started_at + timedelta(microseconds=round(runs * WARNED[0] / WARNED[1]))
    for begin, end in stood:
        if begin < at:
            at += end - begin
    return max(clock.started_at, last_open_moment(at))


def ladder(clock: Running, *, is_urgent: bool) -> list[Step]:
    """Every step of a running clock, in order of time."""
    is_meeting = clock.key == MEETING
    steps = [] if is_meeting else [Step("warning 80", "owner", warned_at(clock))]
    for role, count, unit in AFTER_MEETING if is_meeting else LADDER:
        if not count or (is_urgent and role in AT_ONCE):
            due_at = clock.due_at
        else:
            due_at = (after_office_hours if unit is HOURS else after_working_days)(clock.due_at, count)
        steps.append(Step(role, role, due_at))
    return sorted(steps, key=lambda step: step.due_at)
