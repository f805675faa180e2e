"""The one place that turns an instant into a day in England, and a day back into an instant."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)
LAST_HOUR = 23  # of a day in UTC: the only one that can belong to the next day in London
LAST_ODD_YEAR = 1971  # double summer time in the war, summer time all the year round until 1971


def london_day(instant: datetime) -> date:
    """The day it is in London at `instant`, which must be aware: in summer that is not always the day in UTC."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone: a naive time could be on either of two days")
    if instant.tzinfo is UTC and instant.hour < LAST_HOUR and instant.year > LAST_ODD_YEAR:
        return instant.date()  # London is at most one hour ahead of UTC: the usual case, and no zone to look up
    return instant.astimezone(LONDON).date()


@lru_cache(maxsize=32_768)
def instant_on(day: date, at: time = END_OF_DAY) -> datetime:
    """The instant, in UTC, at which London's clocks show `at` on `day`; without a time, the end of the day."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)
