"""The working of a due date reads as a person would count it."""

from datetime import UTC, date, datetime, time

import pytest

from lado.adapters.bank_holidays import england
from workflows.calendar import BeyondCalendar
from workflows.clocks import LONDON, CutOff, Span, Unit, working

ENGLAND = england()


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def lines(*args, **kwargs):
    return [(f"{step.day:%a %d %b}", step.counted, step.why) for step in working(*args, **kwargs)]


def test_each_day_is_counted_or_says_why_not():
    closed = england({date(2026, 12, 29): "Council closed"})
    pause = (at("2026-12-30 09:00"), at("2026-12-31 09:00"))
    assert lines(at("2026-12-23 16:00"), Span(2, Unit.WORKING_DAY), closed, pauses=(pause,)) == [
        ("Wed 23 Dec", 0, "day 0: started at 16:00"),
        ("Thu 24 Dec", 1, "counted"),
        ("Fri 25 Dec", None, "Christmas Day"),
        ("Sat 26 Dec", None, "Saturday"),
        ("Sun 27 Dec", None, "Sunday"),
        ("Mon 28 Dec", None, "Boxing Day"),
        ("Tue 29 Dec", None, "closed: Council closed"),
        ("Wed 30 Dec", None, "paused"),
        ("Thu 31 Dec", 2, "counted: due at 23:59:59"),
    ]


def test_a_start_after_the_cut_off_shows_the_days_it_loses():
    late = lines(at("2026-03-06 16:01"), Span(1, Unit.WORKING_DAY), ENGLAND, cut_offs=(CutOff(4, time(16)),))
    assert late == [
        ("Fri 06 Mar", None, "16:01, after the cut-off"),
        ("Sat 07 Mar", None, "Saturday"),
        ("Sun 08 Mar", None, "Sunday"),
        ("Mon 09 Mar", 0, "day 0: the next working day"),
        ("Tue 10 Mar", 1, "counted: due at 23:59:59"),
    ]


def test_a_start_on_a_closed_day_says_so():
    assert lines(at("2026-03-07 09:00"), Span(1, Unit.WORKING_DAY), ENGLAND, day_ends=time(17)) == [
        ("Sat 07 Mar", 0, "day 0: started at 09:00 (Saturday)"),
        ("Sun 08 Mar", None, "Sunday"),
        ("Mon 09 Mar", 1, "counted: due at 17:00"),
    ]


def test_calendar_days_count_every_day():
    assert [step.counted for step in working(at("2026-03-06 09:00"), Span(1, Unit.WEEK), ENGLAND)] == list(range(8))


def test_hours_show_the_moments_that_matter():
    pauses = ((at("2026-03-02 12:00"), at("2026-03-02 15:00")), (at("2026-03-09 12:00"), at("2026-03-09 15:00")))
    assert lines(at("2026-03-02 10:00"), Span(24, Unit.HOUR), ENGLAND, pauses=pauses) == [
        ("Mon 02 Mar", 0, "hours run from 10:00"),
        ("Mon 02 Mar", None, "paused at 12:00"),
        ("Mon 02 Mar", None, "resumed at 15:00"),
        ("Tue 03 Mar", 24, "24 hours have passed: due at 13:00"),
    ]
    assert lines(at("2026-03-02 10:00"), Span(1, Unit.HOUR), ENGLAND)[-1][2] == "1 hour has passed: due at 11:00"


def test_a_day_whose_bank_holidays_are_not_published_says_so():
    assert lines(at("2028-12-29 10:00"), Span(1, Unit.WORKING_DAY), ENGLAND)[-1] == (
        "Mon 01 Jan",
        1,
        "counted: due at 23:59:59 (bank holidays not yet published)",
    )
    with pytest.raises(BeyondCalendar):
        working(at("2028-12-29 10:00"), Span(1, Unit.WORKING_DAY), ENGLAND, strict=True)
