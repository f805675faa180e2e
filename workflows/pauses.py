"""What a pause takes away from a clock: whole days for clocks in days, elapsed time for clocks in hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from workflows.calendar import ONE_DAY
from workflows.london import instant_on, london_day

Pause = tuple[datetime, datetime]


def joined(pauses: tuple[Pause, ...], begins_at: datetime) -> list[Pause]:
    """The pauses after `begins_at`, in order, overlapping and touching ones made one. Each runs up to its resume."""
    runs: list[Pause] = []
    for paused_at, resumed_at in sorted((a.astimezone(UTC), b.astimezone(UTC)) for a, b in pauses):
        if resumed_at < paused_at:
            raise ValueError(f"a pause cannot end at {resumed_at}, before it begins at {paused_at}")
        begin = max(paused_at, begins_at)
        if resumed_at <= begin:
            continue
        if runs and begin <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(resumed_at, runs[-1][1]))
        else:
            runs.append((begin, resumed_at))
    return runs


def elapsed_to(begins_at: datetime, running: timedelta, pauses: tuple[Pause, ...]) -> datetime:
    """The instant at which `running` time has passed since `begins_at`, paused time left out."""
    at = begins_at.astimezone(UTC) + running
    for paused_at, resumed_at in joined(pauses, begins_at):
        if paused_at >= at:
            break
        at += resumed_at - paused_at
    return at


def running_time(begins_at: datetime, ends_at: datetime, pauses: tuple[Pause, ...]) -> timedelta:
    """How long a clock runs from `begins_at` to `ends_at`, paused time left out."""
    paused = (
        min(resumed_at, ends_at) - paused_at
        for paused_at, resumed_at in joined(pauses, begins_at)
        if paused_at < ends_at
    )
    return ends_at - begins_at - sum(paused, timedelta())


def paused_days(day_zero: date, day_ends: time, pauses: tuple[Pause, ...]) -> Iterator[tuple[date, date]]:
    """First and last of each run of paused days after day 0: the days at whose end the clock stands still."""
    for paused_at, resumed_at in joined(pauses, instant_on(day_zero, time.min)):
        first, last = london_day(paused_at), london_day(resumed_at)
        if instant_on(first, day_ends) < paused_at:
            first += ONE_DAY
        if instant_on(last, day_ends) >= resumed_at:
            last -= ONE_DAY
        first = max(first, day_zero + ONE_DAY)
        if first <= last:
            yield first, last
