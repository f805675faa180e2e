"""The periods of figures: the last twelve months whatever the day, and years from April by London's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lado.domain.periods import LATEST, MOST_YEARS, chosen, last_twelve_months, offered, year_from
from workflows.london import london_day

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
instants = st.integers(-200_000, 500_000).map(lambda hours: NOON + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("today", "first_on"),
    [
        (date(2026, 11, 23), date(2025, 11, 24)),
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2027, 2, 28), date(2026, 3, 1)),
        (date(2026, 12, 31), date(2026, 1, 1)),
    ],
)
def test_twelve_months_up_to_today(today, first_on):
    period = last_twelve_months(datetime(today.year, today.month, today.day, 12, tzinfo=UTC))
    assert (period.key, period.first_on, period.last_on) == (LATEST, first_on, today)


@given(instants)
def test_a_day_counts_in_the_last_twelve_months_until_it_comes_again(at):
    period = last_twelve_months(at)
    assert period.from_at < at < period.until_at
    assert period.last_on - period.first_on in (timedelta(days=364), timedelta(days=365))


@given(st.integers(2001, 2099))
def test_one_year_ends_where_the_next_begins(year):
    assert year_from(year).until_at == year_from(year + 1).from_at
    assert london_day(year_from(year).from_at) == date(year, 4, 1)


def test_a_year_is_said_in_words_and_begins_by_london_time():
    assert year_from(2025).words == "1 April 2025 to 31 March 2026"
    assert year_from(2025).from_at == datetime(2025, 3, 31, 23, tzinfo=UTC)


def test_years_go_back_to_the_first_case_and_no_further_than_is_sensible():
    assert [one.key for one in offered(None, NOON)] == [LATEST, "2026"]
    assert [one.key for one in offered(datetime(2024, 3, 31, 12, tzinfo=UTC), NOON)] == [
        LATEST,
        "2026",
        "2025",
        "2024",
        "2023",
    ]
    assert len(offered(datetime(1950, 1, 1, tzinfo=UTC), NOON)) == MOST_YEARS + 1


def test_what_is_no_period_is_the_first_of_those_offered():
    among = offered(None, NOON)
    assert chosen("2026", among) == among[1]
    assert chosen("1066", among) == chosen("", among) == among[0]
