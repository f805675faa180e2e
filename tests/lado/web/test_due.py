"""When something is due, as people say it."""

from datetime import UTC, datetime

import pytest

from lado.adapters.bank_holidays import england
from lado.web.due import due_words, point

ENGLAND = england()
THURSDAY = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def at(day, hour, minute=0, second=0, month=11, year=2026):
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "text", "status"),
    [
        (at(26, 23, 59, 59), "by the end of today", "Due today"),
        (at(26, 15, 40), "by 15:40 today", "Due today"),
        (at(27, 23, 59, 59), "by the end of Friday 27 November: 1 working day left", "Due soon"),
        (at(28, 12), "by 12:00 on Saturday 28 November: 1 working day left", "Due soon"),
        (at(30, 17), "by 17:00 on Monday 30 November: 2 working days left", "Due soon"),
        (at(3, 23, 59, 59, month=12), "by the end of Thursday 3 December: 5 working days left", "Due soon"),
        (at(4, 23, 59, 59, month=12), "by the end of Friday 4 December: 6 working days left", "Later"),
        (at(4, 23, 59, 59, 1, 2027), "by the end of Monday 4 January 2027: 24 working days left", "Later"),
        (at(26, 9, 30), "by 09:30 today", "Due today"),
        (at(26, 9, 29), "Late since 09:29 today", "Lapsed"),
        (at(25, 23, 59, 59), "Late by 1 working day: was due by the end of Wednesday 25 November", "Lapsed"),
        (at(20, 23, 59, 59), "Late by 4 working days: was due by the end of Friday 20 November", "Lapsed"),
    ],
)
def test_a_due_moment_in_words(due_at, text, status):
    words = due_words(due_at, THURSDAY, ENGLAND)

    assert (words.text, words.status) == (text, status)


def test_a_lapse_within_a_weekend_is_not_late_by_a_working_day():
    words = due_words(at(27, 23, 59, 59), at(28, 12), ENGLAND)

    assert words.text == "Late since the end of Friday 27 November"


def test_a_weekend_date_has_no_working_day_left():
    assert due_words(at(29, 12), at(28, 12), ENGLAND).text == "by 12:00 on Sunday 29 November: no working day left"


def test_an_absence_that_ends_at_midnight_lasts_to_the_end_of_the_day_before():
    assert point(at(28, 0), THURSDAY) == "the end of Friday 27 November"


def test_days_are_those_of_london():
    summer = datetime(2026, 6, 9, 22, 30, tzinfo=UTC)  # half past eleven in the evening in London

    assert due_words(datetime(2026, 6, 9, 22, 59, 59, tzinfo=UTC), summer, ENGLAND).text == "by the end of today"
