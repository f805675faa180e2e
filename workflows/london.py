"""The one place that turns an instant into a day in England, and a day back into an instant."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)


def london_day(instant: datetime) -> date:
    """The day it is in London at `instant`, which must be aware: in summer that is not always the day in UTC."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone: a naive time could be on either of two days")
    return instant.astimezone(LONDON).date()


@lru_cache(maxsize=32_768)
def instant_on(day: date, at: time = END_OF_DAY) -> datetime:
    """The instant, in UTC, at which London's clocks show `at` on `day`; without a time, the end of the day."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)
