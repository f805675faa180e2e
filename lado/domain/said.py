"""Instants in the words that a notice uses: always London's day and time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from workflows.london import LONDON

LAST_SECOND = (23, 59, 59)
MOST_TIMES = 3
"""Times of one and the same that are written out; the rest are counted."""


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
    """From Monday 9 March to Friday 13 March; on Tuesday 10 March where it is one day. The end is excluded.

    A time of day is said where the absence does not begin or end with a day.
    """
    first, until = from_at.astimezone(LONDON), until_at.astimezone(LONDON)
    if not _is_midnight(until):
        return f"from {_day(first, with_time=True)} to {_day(until, with_time=True)}"
    last = until - timedelta(days=1)  # on the wall clock: a day on which the clocks change is a day too
    if not _is_midnight(first):
        return f"from {_day(first, with_time=True)} to the end of {_day(last)}"
    return f"on {_day(first)}" if first.date() == last.date() else f"from {_day(first)} to {_day(last)}"


def times(spans: Sequence[str], until_at: datetime) -> str:
    """What comes again and again: the first few times, how many more, and until which day. The end is excluded."""
    more = len(spans) - MOST_TIMES
    if more <= 0:
        return "; ".join(spans)
    last = (until_at - timedelta(seconds=1)).astimezone(LONDON)
    many = "1 more time" if more == 1 else f"{more} more times"
    return "; ".join((*spans[:MOST_TIMES], f"and {many} until {whole_day(last)}"))


def day(on: date) -> str:
    """Monday 9 March."""
    return f"{on:%A} {on.day} {on:%B}"


def whole_day(on: date) -> str:
    """Monday 9 March 2026."""
    return f"{day(on)} {on.year}"


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute) == (0, 0)


def _day(local: datetime, *, with_time: bool = False) -> str:
    return f"{day(local)} at {local:%H:%M}" if with_time else day(local)
