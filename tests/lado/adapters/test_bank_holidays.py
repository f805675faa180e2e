"""England's list is the one GOV.UK publishes, for the years it has published in full."""

from datetime import date, timedelta

import holidays
import pytest

from lado.adapters.bank_holidays import england, full_years
from workflows.calendar import BeyondCalendar

ENGLAND = england()


def test_the_known_years_are_those_published_in_full():
    assert (ENGLAND.known_from, ENGLAND.known_to) == (date(2012, 1, 1), date(2028, 12, 31))


def test_a_year_that_is_only_begun_is_not_known():
    listed = {date(2027, 1, n): "a holiday" for n in range(1, 9)} | {date(2028, 1, 1): "the only one so far"}
    assert full_years(listed) == (2027, 2027)


def test_a_second_opinion_agrees_on_every_working_day():
    theirs = holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2029))
    day, differ = date(2015, 1, 1), []
    while day <= date(2028, 12, 31):
        if ENGLAND.is_working(day) != (day.weekday() < 5 and day not in theirs):
            differ.append(day)
        day += timedelta(days=1)
    assert differ == []


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2023, 5, 8), "Bank holiday for the coronation of King Charles III"),
        (date(2022, 9, 19), "Bank Holiday for the State Funeral of Queen Elizabeth II"),
        (date(2026, 12, 28), "Boxing Day"),
        (date(2026, 12, 26), "Saturday"),
        (date(2026, 12, 29), None),
    ],
)
def test_a_closed_day_says_why(day, why):
    assert ENGLAND.why_closed(day) == why


def test_a_council_adds_its_own_closure_days_and_the_version_changes():
    halton = england({date(2026, 12, 29): "Council closed for Christmas"})
    assert halton.after(date(2026, 12, 24), 1) == date(2026, 12, 30)
    assert halton.version != ENGLAND.version
    assert england({}).version == ENGLAND.version


def test_beyond_the_published_years_it_refuses():
    with pytest.raises(BeyondCalendar, match="2012-01-01 to 2028-12-31"):
        ENGLAND.after(date(2028, 12, 29), 1)
