"""Instants in the words that a notice uses: always London's day and time, always with the year."""

from datetime import datetime, timedelta

from workflows.london import LONDON

LAST_SECOND = (23, 59, 59)


def moment(at: datetime) -> str:
    """15:40 on Thursday 26 November 2026."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} on {local:%A} {local.day} {local:%B %Y}"


def by(at: datetime) -> str:
    """By the end of Thursday 26 November 2026; by 15:40 on that day where it is not the day's end."""
    local = at.astimezone(LONDON)
    if (local.hour, local.minute, local.second) == LAST_SECOND:
        return f"by the end of {local:%A} {local.day} {local:%B %Y}"
    return f"by {moment(at)}"


def span(from_at: datetime, until_at: datetime) -> str:
    """From Monday 9 March to Friday 13 March; on Tuesday 10 March where it is one day. The end is excluded."""
    first, last = _first_day(from_at), _last_day(until_at)
    return f"on {first}" if first == last else f"from {first} to {last}"


def _first_day(from_at: datetime) -> str:
    """Monday 9 March, or with the time where it does not begin with the day."""
    local = from_at.astimezone(LONDON)
    day = f"{local:%A} {local.day} {local:%B}"
    return day if (local.hour, local.minute) == (0, 0) else f"{day} at {local:%H:%M}"


def _last_day(until_at: datetime) -> str:
    """The last whole day before the instant, or the instant itself where it ends within a day."""
    local = until_at.astimezone(LONDON)
    if (local.hour, local.minute) != (0, 0):
        return _first_day(until_at)
    return _first_day(local - timedelta(days=1))  # on the wall clock: a day that clocks change on is a day too
