"""The quick way to the London day agrees with the time zone itself, around every midnight of many years."""

from datetime import UTC, datetime, timedelta

from workflows.london import LONDON, london_day


def test_the_london_day_is_the_day_that_the_time_zone_gives():
    midnight = datetime(1968, 1, 1, tzinfo=UTC)
    while midnight.year < 2036:
        for minutes in (-121, -120, -61, -60, -59, -1, 0, 1, 59, 60):
            instant = midnight + timedelta(minutes=minutes)
            assert london_day(instant) == instant.astimezone(LONDON).date()
        midnight += timedelta(days=1 if midnight.year in (1971, 2026) else 13)
