"""Moments in an address and in words: one meaning each, in the hour that comes twice and the one that never does."""

from datetime import UTC, datetime, timedelta

import pytest

from lado.web.then.moments import in_words, is_skipped, iso, moment, read, twin
from workflows.london import LONDON

BACK = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30 in London, in summer time; an hour later it is 01:30 again


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-03-02T09:30:00Z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00.123456Z", datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)),
        ("2026-06-02T09:30:00+01:00", datetime(2026, 6, 2, 8, 30, tzinfo=UTC)),
        ("2026-06-02T09:30:00 01:00", datetime(2026, 6, 2, 8, 30, tzinfo=UTC)),  # a plus sign that became a space
        ("2026-06-02T09:30", datetime(2026, 6, 2, 8, 30, tzinfo=UTC)),  # London time
        ("2026-10-25T01:30", BACK),  # the first of two
        ("2026-10-25T01:30:00+00:00", BACK + timedelta(hours=1)),
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_an_address_names_one_instant(text, found):
    assert read(text) == found


def test_what_is_written_is_read_back_to_the_microsecond():
    at = datetime(2026, 10, 25, 1, 30, 7, 999999, tzinfo=UTC)

    assert read(iso(at)) == at


def test_each_half_of_the_repeated_hour_names_its_season_and_its_twin():
    first, second = moment(BACK), moment(BACK + timedelta(hours=1))

    assert first.words == "Sunday 25 October 2026 at 01:30 (summer time)"
    assert second.words == "Sunday 25 October 2026 at 01:30 (winter time)"
    assert (first.twin, second.twin) == (second.at, first.at)
    assert (first.twin_words, second.twin_words) == ("winter time", "summer time")


@pytest.mark.parametrize("year", range(2025, 2036))
def test_instants_around_the_change_of_clocks_are_said_apart(year):
    october = [day for day in range(25, 32) if datetime(year, 10, day, tzinfo=UTC).weekday() == 6]
    begin = datetime(year, 10, october[-1], tzinfo=UTC) - timedelta(hours=2)
    instants = [begin + timedelta(minutes=15 * step) for step in range(24)]

    assert len({in_words(at) for at in instants}) == len(instants)
    assert sum(twin(at) is not None for at in instants) == 8


@pytest.mark.parametrize(
    ("local", "skipped"),
    [
        ((2026, 3, 29, 1, 30), True),
        ((2026, 3, 29, 0, 59), False),
        ((2026, 3, 29, 2, 0), False),
        ((2026, 10, 25, 1, 30), False),
    ],
)
def test_a_time_that_the_clocks_went_over_is_known(local, skipped):
    assert is_skipped(datetime(*local, tzinfo=LONDON)) is skipped
