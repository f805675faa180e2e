"""When clocks fall due, as a specification: one line a case, in London time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from lado.adapters.bank_holidays import england
from workflows.calendar import BeyondCalendar
from workflows.clocks import LONDON, CutOff, Due, Span, Unit, day_end, due, london_day, share, warning_at
from workflows.office import USUAL_HOURS

ENGLAND = england()
FRIDAY_FOUR = (CutOff(4, time(16)),)
EVERY_DAY_FOUR = (CutOff(None, time(16)),)
H, WD, CD, W, M = Unit.HOUR, Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.WEEK, Unit.CALENDAR_MONTH


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def london(instant):
    return instant.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("start", "count", "unit", "expected", "because"),
    [
        ("2026-03-02 10:00", 1, WD, "2026-03-03 23:59:59", "the end of the next working day"),
        ("2026-03-06 23:59", 1, WD, "2026-03-09 23:59:59", "Friday to Monday"),
        ("2026-03-07 09:00", 1, WD, "2026-03-09 23:59:59", "after a closed start the next open day is day 1"),
        ("2026-12-24 15:00", 5, WD, "2027-01-05 23:59:59", "Christmas, Boxing Day and New Year do not count"),
        ("2026-06-03 00:30", 1, WD, "2026-06-04 23:59:59", "half past midnight in summer is already the 3rd"),
        ("2026-03-02 10:00", 24, H, "2026-03-03 10:00:00", "hours elapse"),
        ("2026-03-07 10:00", 24, H, "2026-03-08 10:00:00", "over a weekend too"),
        ("2026-03-28 12:00", 24, H, "2026-03-29 13:00:00", "24 hours are 24 hours when the clocks go forward"),
        ("2026-10-24 12:00", 24, H, "2026-10-25 11:00:00", "and when they go back"),
        ("2026-03-02 10:00", 5, CD, "2026-03-07 23:59:59", "calendar days end on a Saturday if they must"),
        ("2026-03-01 10:00", 28, CD, "2026-03-29 23:59:59", "the end of the day on which summer time begins"),
        ("2026-03-07 10:00", 5, CD, "2026-03-12 23:59:59", "calendar days do not mind a closed start"),
        ("2026-12-11 10:00", 2, W, "2026-12-25 23:59:59", "weeks end on Christmas Day if they must"),
        ("2026-01-31 10:00", 1, M, "2026-02-28 23:59:59", "a month from the 31st ends with a shorter month"),
        ("2028-01-31 10:00", 1, M, "2028-02-29 23:59:59", "in a leap year too"),
        ("2026-02-28 10:00", 1, M, "2026-03-28 23:59:59", "and is not pulled to the end of a longer one"),
        ("2026-11-30 10:00", 3, M, "2027-02-28 23:59:59", "over the year's end"),
    ],
)
def test_due(start, count, unit, expected, because):
    assert london(due(at(start), Span(count, unit), ENGLAND, strict=True).at) == expected, because


@pytest.mark.parametrize(
    ("start", "span", "cut_offs", "expected", "because"),
    [
        ("2026-03-06 15:59", Span(1, WD), FRIDAY_FOUR, "2026-03-09 23:59:59", "before the cut-off"),
        ("2026-03-06 16:00", Span(1, WD), FRIDAY_FOUR, "2026-03-09 23:59:59", "at the cut-off is in time"),
        ("2026-03-06 16:01", Span(1, WD), FRIDAY_FOUR, "2026-03-10 23:59:59", "after it Monday is day 0"),
        ("2026-03-05 16:01", Span(1, WD), FRIDAY_FOUR, "2026-03-06 23:59:59", "no cut-off on a Thursday"),
        ("2026-03-05 16:01", Span(1, WD), EVERY_DAY_FOUR, "2026-03-09 23:59:59", "a cut-off on every day"),
        ("2026-03-07 17:00", Span(1, WD), EVERY_DAY_FOUR, "2026-03-09 23:59:59", "a closed day has no cut-off"),
        (
            "2026-03-06 17:00",
            Span(24, H),
            FRIDAY_FOUR,
            "2026-03-10 00:00:00",
            "hours elapse from Monday's first moment",
        ),
        ("2026-03-06 15:00", Span(24, H), FRIDAY_FOUR, "2026-03-07 15:00:00", "before it they simply elapse"),
        ("2026-04-02 17:00", Span(1, WD), EVERY_DAY_FOUR, "2026-04-08 23:59:59", "day 0 is after Easter"),
        ("2026-03-06 17:00", Span(5, CD), FRIDAY_FOUR, "2026-03-14 23:59:59", "calendar days count from Monday"),
        (
            "2026-07-03 15:59",
            Span(1, WD),
            FRIDAY_FOUR,
            "2026-07-06 23:59:59",
            "the cut-off is London time, in summer too",
        ),
    ],
)
def test_cut_off(start, span, cut_offs, expected, because):
    assert london(due(at(start), span, ENGLAND, cut_offs=cut_offs).at) == expected, because


def test_a_council_may_end_its_days_at_the_close_of_business():
    closing = due(at("2026-07-06 10:00"), Span(1, WD), ENGLAND, day_ends=time(17))
    assert london(closing.at) == "2026-07-07 17:00:00"
    assert closing.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("span", "pause", "expected", "because"),
    [
        (Span(24, H), ("2026-03-02 12:00", "2026-03-02 15:00"), "2026-03-03 13:00:00", "three hours more"),
        (Span(24, H), ("2026-03-03 10:00", "2026-03-05 10:00"), "2026-03-03 10:00:00", "paused when already due"),
        (Span(3, WD), ("2026-03-03 09:00", "2026-03-05 09:00"), "2026-03-09 23:59:59", "Tuesday and Wednesday paused"),
        (Span(3, WD), ("2026-03-03 09:00", "2026-03-03 17:00"), "2026-03-05 23:59:59", "resumed on the same day"),
        (Span(3, WD), ("2026-03-06 09:00", "2026-03-09 09:00"), "2026-03-05 23:59:59", "paused after it lapsed"),
        (Span(5, WD), ("2026-03-06 18:00", "2026-03-09 09:00"), "2026-03-10 23:59:59", "only Friday was a working day"),
        (Span(28, CD), ("2026-03-06 18:00", "2026-03-09 09:00"), "2026-04-02 23:59:59", "Friday, Saturday and Sunday"),
        (Span(2, W), ("2026-03-10 09:00", "2026-04-10 09:00"), "2026-04-16 23:59:59", "31 days more"),
        (Span(3, M), ("2026-03-10 09:00", "2026-03-20 09:00"), "2026-06-12 23:59:59", "a month is moved on by days"),
    ],
)
def test_pause(span, pause, expected, because):
    paused = due(at("2026-03-02 10:00"), span, ENGLAND, pauses=((at(pause[0]), at(pause[1])),))
    assert london(paused.at) == expected, because


def test_a_pause_cannot_end_before_it_begins():
    wrong = ((at("2026-03-04 10:00"), at("2026-03-03 10:00")),)
    with pytest.raises(ValueError, match="before it begins"):
        due(at("2026-03-02 10:00"), Span(3, WD), ENGLAND, pauses=wrong)


@pytest.mark.parametrize("count", [0, -1])
def test_a_limit_is_at_least_one(count):
    with pytest.raises(ValueError, match="at least 1"):
        due(at("2026-03-02 10:00"), Span(count, WD), ENGLAND)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_naive_start_is_refused(unit):
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 3, 2, 10), Span(1, unit), ENGLAND)  # noqa: DTZ001 the naive start is what is refused


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("start", ["2011-12-31 23:00", "2029-01-02 10:00", "2028-12-31 23:30"])
def test_strictly_beyond_the_known_years_every_unit_refuses(unit, start):
    with pytest.raises(BeyondCalendar):
        due(at(start), Span(1, unit), ENGLAND, strict=True)


@pytest.mark.parametrize(
    ("start", "span", "cut_offs", "expected", "provisional"),
    [
        ("2028-12-29 10:00", Span(1, WD), (), "2029-01-01 23:59:59", True),
        ("2028-12-28 10:00", Span(1, WD), (), "2028-12-29 23:59:59", False),
        ("2030-01-01 10:00", Span(1, WD), (), "2030-01-02 23:59:59", True),
        ("2028-12-29 17:00", Span(1, H), EVERY_DAY_FOUR, "2029-01-01 01:00:00", True),
        ("2028-12-29 10:00", Span(28, CD), (), "2029-01-26 23:59:59", False),
        ("2028-12-29 10:00", Span(3, M), (), "2029-03-29 23:59:59", False),
    ],
)
def test_a_running_case_counts_unknown_weekdays_and_says_so(start, span, cut_offs, expected, provisional):
    moment = due(at(start), span, ENGLAND, cut_offs=cut_offs)
    assert (london(moment.at), moment.provisional) == (expected, provisional)


def test_a_pause_into_unknown_years_makes_the_date_provisional():
    pauses = ((at("2028-12-20 10:00"), at("2029-01-10 10:00")),)
    moment = due(at("2028-12-18 10:00"), Span(5, WD), ENGLAND, pauses=pauses)
    assert (london(moment.at), moment.provisional) == ("2029-01-15 23:59:59", True)


@pytest.mark.parametrize("unit", list(Unit))
def test_an_absurd_limit_is_beyond_any_calendar(unit):
    with pytest.raises(BeyondCalendar):
        due(at("2026-03-02 10:00"), Span(10**12, unit), ENGLAND, strict=True)


def test_a_date_names_the_calendar_that_made_it():
    closed = england({date(2026, 3, 3): "Training day"})
    assert due(at("2026-03-02 10:00"), Span(1, WD), closed) == Due(at("2026-03-04 23:59:59"), False, closed.version)
    assert closed.version != ENGLAND.version


def test_the_london_day_is_not_always_the_day_in_utc():
    assert london_day(datetime(2026, 6, 2, 23, 30, tzinfo=UTC)) == date(2026, 6, 3)
    assert london_day(datetime(2026, 1, 2, 23, 30, tzinfo=UTC)) == date(2026, 1, 2)
    assert day_end(date(2026, 6, 2)) == datetime(2026, 6, 2, 22, 59, 59, tzinfo=UTC)


def test_a_share_leaves_paused_time_out():
    start, end = at("2026-03-02 10:00"), at("2026-03-06 10:00")
    assert share(start, end, 0.5) == at("2026-03-04 10:00")
    pause = (at("2026-03-03 10:00"), at("2026-03-05 10:00"))
    assert share(start, end, 0.5, (pause,)) in pause, "half of the two running days is used when the pause begins"
    assert share(start, end, 0.75, (pause,)) == at("2026-03-05 22:00")
    assert share(start, end, 1, (pause,)) == end


@pytest.mark.parametrize(
    ("start", "due_at", "fraction", "expected", "because"),
    [
        ("2026-03-02 10:00", "2026-03-06 10:00", 0.5, "2026-03-04 10:00:00", "in office hours it stands"),
        ("2026-03-02 10:00", "2026-03-03 23:59:59", 0.8, "2026-03-03 16:23:59", "to the second"),
        ("2026-03-06 10:00", "2026-03-09 23:59:59", 0.8, "2026-03-06 16:30:00", "moved back from a Monday dawn"),
        ("2026-03-03 10:00", "2026-03-04 08:00", 0.9, "2026-03-03 17:00:00", "moved back from before opening"),
        ("2026-03-07 10:00", "2026-03-08 10:00", 0.8, "2026-03-07 10:00:00", "never before the start"),
        ("2026-12-24 10:00", "2026-12-30 10:00", 0.5, "2026-12-24 17:00:00", "nobody reads it at Christmas"),
    ],
)
def test_a_warning_comes_when_somebody_is_there(start, due_at, fraction, expected, because):
    moment = warning_at(at(start), Due(at(due_at), False, ""), fraction, USUAL_HOURS, ENGLAND)
    assert london(moment) == expected, because
    assert moment - at(start) >= timedelta()
