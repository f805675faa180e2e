"""Demand: the expected level and its limit, arrivals by weekday, and how many to expect in a gap."""

from datetime import UTC, date, datetime, timedelta
from math import isclose

import pytest

from lado.domain.demand import (
    FEWEST_WEEKS,
    Level,
    Week,
    by_weekday,
    chance_of_any,
    expected_in,
    level_of,
    monday_of,
    weeks_of,
)
from lado.domain.gaps import Piece
from workflows.calendar import Calendar

MONDAY = date(2026, 3, 2)
GOOD_FRIDAY = date(2026, 4, 3)
CALENDAR = Calendar.of(
    "test", {GOOD_FRIDAY: "Good Friday", date(2026, 4, 6): "Easter Monday"}, date(2026, 1, 1), date(2026, 12, 31)
)


def weeks(*arrivals, days=5):
    return [Week(MONDAY + timedelta(weeks=number), count, days) for number, count in enumerate(arrivals)]


def test_the_level_is_per_working_day_so_that_a_short_week_expects_less():
    level = level_of([*weeks(*[10] * 9), Week(GOOD_FRIDAY, 0, 0)])

    assert (level.per_day, level.weeks) == (2.0, 9)
    assert level.expected(4) == 8.0
    assert level.limit(5) == 10 + 3 * 10**0.5


@pytest.mark.parametrize(
    ("arrivals", "days", "is_above", "because"),
    [
        (19, 5, False, "19 of 10 is within three standard deviations"),
        (20, 5, True, "20 is not"),
        (17, 4, True, "in a short week less is within the limit"),
        (5, 0, False, "a week without a working day has no limit"),
    ],
)
def test_a_week_above_its_limit(arrivals, days, is_above, because):
    assert Level(2.0, 52).is_above(Week(MONDAY, arrivals, days)) is is_above, because


def test_with_too_few_weeks_nothing_is_above_anything():
    assert not Level(0.1, FEWEST_WEEKS - 1).is_above(Week(MONDAY, 99, 5))
    assert level_of([]).per_day == 0


@pytest.mark.parametrize(
    ("council", "a_year", "the_year_after", "is_seen_in_a_week"),
    [
        # As the councils published them: Devon's notifications of 2022-23 and 2023-24, and Wokingham's contacts from
        # schools of 2021-22 and 2022-23.
        ("Devon", 847, 1445, True),
        ("Wokingham", 80, 121, False),
    ],
)
def test_a_rise_as_published_shows_in_an_ordinary_week_of_a_large_council_alone(
    council, a_year, the_year_after, is_seen_in_a_week
):
    level = level_of(weeks(*[a_year / 52] * 52))
    ordinary_week = round(the_year_after / 52) + 1

    assert level.is_above(Week(MONDAY, ordinary_week, 5)) is is_seen_in_a_week, council


def test_what_comes_on_a_closed_day_counts_on_the_next_open_one():
    saturday, easter = date(2026, 3, 7), date(2026, 4, 5)
    arrivals = {saturday: 4, easter: 3, MONDAY: 1}

    rates = by_weekday(arrivals, MONDAY, MONDAY + timedelta(weeks=6), CALENDAR)

    assert rates[0] == (1 + 4) / 5, "five Mondays were open in six weeks"
    assert rates[1] == 3 / 6, "Tuesday takes what came over Easter"
    assert rates[5:] == (0.0, 0.0)


def test_weeks_begin_on_monday_and_know_their_working_days():
    found = weeks_of({MONDAY: 2, date(2026, 4, 1): 5}, MONDAY, MONDAY + timedelta(weeks=6), CALENDAR)

    assert [week.arrivals for week in found] == [2, 0, 0, 0, 5, 0]
    assert [week.working_days for week in found] == [5, 5, 5, 5, 4, 4]
    assert monday_of(date(2026, 3, 8)) == MONDAY


def test_half_a_day_expects_half_of_what_its_weekday_brings():
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    office = [Piece(nine + timedelta(days=day), nine + timedelta(days=day, hours=8)) for day in range(5)]
    half = Piece(nine, nine + timedelta(hours=4))

    assert expected_in([half, office[1]], office, (2.0, 3.0, 0, 0, 0, 0, 0)) == 4.0
    assert expected_in([], office, (2.0,) * 7) == 0


def test_the_chance_that_any_comes_is_that_of_a_poisson_process():
    assert chance_of_any(0) == 0
    assert isclose(chance_of_any(1), 0.632, abs_tol=0.001)
