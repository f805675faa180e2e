"""Working days: counted by look-up, checked here by stepping through the days one at a time."""

from datetime import date, timedelta

import pytest

from lado.adapters.bank_holidays import england
from workflows.calendar import BeyondCalendar, Calendar

ENGLAND = england()
FEW = Calendar.of("few", {date(2024, 1, 1): "New Year’s Day"}, date(2024, 1, 1), date(2024, 1, 31))


@pytest.mark.parametrize(
    ("start", "working_days", "due", "because"),
    [
        ("2026-03-02", 1, "2026-03-03", "Monday to Tuesday"),
        ("2026-03-06", 1, "2026-03-09", "Friday to Monday"),
        ("2026-03-07", 1, "2026-03-09", "a weekend start counts from the next working day"),
        ("2026-03-08", 1, "2026-03-09", "and so does a Sunday"),
        ("2026-04-02", 1, "2026-04-07", "over Good Friday and Easter Monday"),
        ("2026-12-24", 1, "2026-12-29", "over Christmas and the Boxing Day substitute"),
        ("2026-12-25", 2, "2026-12-30", "a holiday start counts from the next working day"),
        ("2023-05-05", 1, "2023-05-09", "over the Coronation"),
    ],
)
def test_due_date(start, working_days, due, because):
    assert str(ENGLAND.after(date.fromisoformat(start), working_days)) == due, because


@pytest.mark.parametrize("n", [1, 2, 5, 15, 20])
def test_the_nth_working_day_is_the_one_that_stepping_finds(n):
    day = date(2018, 1, 1)
    while day < date(2028, 11, 1):
        stepped, left = day, n
        while left:
            stepped += timedelta(days=1)
            left -= ENGLAND.is_working(stepped)
        assert ENGLAND.after(day, n) == stepped
        assert ENGLAND.between(day, stepped) == n
        assert ENGLAND.between(stepped, day) == -n
        day += timedelta(days=1)


def test_no_count_goes_backwards():
    with pytest.raises(ValueError, match="forwards from 1"):
        ENGLAND.after(date(2026, 3, 2), 0)


def test_the_next_open_day_is_strictly_after():
    assert FEW.next_open(date(2024, 1, 5)) == date(2024, 1, 8)
    assert FEW.next_open(date(2024, 1, 8)) == date(2024, 1, 9)


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2024, 2, 1)])
def test_an_unknown_day_is_refused(day):
    assert not FEW.knows(day)
    for ask in (FEW.is_working, FEW.why_closed, FEW.next_open):
        with pytest.raises(BeyondCalendar):
            ask(day)
    with pytest.raises(BeyondCalendar):
        FEW.between(day, date(2024, 1, 2))
    with pytest.raises(BeyondCalendar):
        FEW.between(date(2024, 1, 2), day)


def test_a_count_that_runs_out_of_the_known_days_is_refused():
    assert FEW.after(date(2024, 1, 30), 1) == date(2024, 1, 31)
    with pytest.raises(BeyondCalendar):
        FEW.after(date(2024, 1, 31), 1)


def test_a_provisional_count_takes_unknown_weekdays_as_working_days():
    assert FEW.after(date(2024, 1, 31), 2, provisional=True) == date(2024, 2, 2)
    assert FEW.after(date(2024, 2, 2), 1, provisional=True) == date(2024, 2, 5)
    assert FEW.after(date(2023, 12, 29), 1, provisional=True) == date(2024, 1, 2), "the known holiday still counts"
    assert FEW.between(date(2024, 1, 31), date(2024, 2, 5), provisional=True) == 3
    assert FEW.between(date(2024, 2, 5), date(2024, 1, 31), provisional=True) == -3
    assert not FEW.is_working(date(2024, 2, 3), provisional=True)


def test_a_provisional_count_stops_at_the_end_of_all_dates():
    with pytest.raises(BeyondCalendar):
        FEW.after(date.max - timedelta(days=3), 20, provisional=True)


def test_the_version_is_the_content():
    def again(**changed):
        return Calendar.of(
            **{"name": "few", "holidays": {}, "known_from": FEW.known_from, "known_to": FEW.known_to} | changed
        )

    plain = again()
    assert plain == again()
    assert plain.version == again().version
    others = (
        again(name="other"),
        again(holidays={date(2024, 1, 2): "x"}),
        again(closures={date(2024, 1, 2): "x"}),
        again(known_to=date(2024, 2, 1)),
    )
    assert len({plain.version, *(other.version for other in others)}) == 5
    assert len(plain.version) == 12


def test_closures_are_added_and_keep_the_holidays():
    closed = FEW.with_closures({date(2024, 1, 2): "Stocktaking"}).with_closures({date(2024, 1, 3): "Training"})
    assert closed.next_open(date(2023, 12, 31), provisional=True) == date(2024, 1, 4)
    assert [closed.why_closed(date(2024, 1, n)) for n in (1, 2, 3, 4)] == [
        "New Year’s Day",
        "Stocktaking",
        "Training",
        None,
    ]
    assert FEW.with_closures({}) is FEW
