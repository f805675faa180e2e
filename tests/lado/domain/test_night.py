"""By when the night hands over, who is on call, and the nights on which nobody is: over weekends and holidays."""

from datetime import UTC, datetime

import pytest

from lado.adapters.bank_holidays import england
from lado.domain.night import Shift, Stretch, closed_between, handed_over_by, now_and_next, without_anybody
from workflows.london import LONDON
from workflows.office import USUAL_HOURS

ENGLAND = england()


def at(text: str) -> datetime:
    """An instant as London's clocks show it."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("happened", "due", "because"),
    [
        ("2026-03-03 02:10", "2026-03-03 09:00", "before nine on a working day it is that day"),
        ("2026-03-03 08:59", "2026-03-03 09:00", "up to the last minute"),
        ("2026-03-03 09:00", "2026-03-04 09:00", "at nine itself the next working day has to come"),
        ("2026-03-03 22:30", "2026-03-04 09:00", "an evening"),
        ("2026-03-06 22:00", "2026-03-09 09:00", "Friday night is for Monday"),
        ("2026-03-08 03:00", "2026-03-09 09:00", "so is Sunday"),
        ("2026-04-02 23:00", "2026-04-07 09:00", "Maundy Thursday is for the Tuesday after Easter"),
        ("2026-05-04 02:00", "2026-05-05 09:00", "a bank holiday in May is no working day"),
        ("2026-12-24 20:00", "2026-12-29 09:00", "over Christmas and the substitute for Boxing Day"),
        ("2026-03-28 23:30", "2026-03-30 09:00", "summer time begins in between"),
    ],
)
def test_by_when_the_day_takes_over(happened, due, because):
    assert handed_over_by(at(happened), ENGLAND) == at(due), because


def test_a_closure_of_the_council_is_no_working_day():
    closed = ENGLAND.with_closures({at("2026-03-09 12:00").date(): "Flood"})

    assert handed_over_by(at("2026-03-06 22:00"), closed) == at("2026-03-10 09:00")


def test_who_is_on_call_now_and_next():
    first, second = shift(1, "2026-03-02 17:00", "2026-03-03 09:00"), shift(2, "2026-03-03 17:00", "2026-03-04 09:00")

    assert now_and_next([second, first], at("2026-03-03 02:00")) == (first, second)
    assert now_and_next([second, first], at("2026-03-03 09:00")) == (None, second)
    assert now_and_next([second, first], at("2026-03-04 09:00")) == (None, None)


def test_the_office_is_closed_in_evenings_nights_and_at_weekends():
    found = closed_between(at("2026-03-05 10:00"), at("2026-03-09 12:00"), USUAL_HOURS, ENGLAND)

    assert found == [
        Stretch(at("2026-03-05 17:00"), at("2026-03-06 09:00")),
        Stretch(at("2026-03-06 16:30"), at("2026-03-09 09:00")),
    ]


def test_a_span_that_begins_and_ends_in_the_night():
    found = closed_between(at("2026-03-03 23:00"), at("2026-03-04 03:00"), USUAL_HOURS, ENGLAND)

    assert found == [Stretch(at("2026-03-03 23:00"), at("2026-03-04 03:00"))]


def test_a_span_within_office_hours_has_no_night():
    assert closed_between(at("2026-03-03 10:00"), at("2026-03-03 16:00"), USUAL_HOURS, ENGLAND) == []


def test_what_is_left_where_nobody_is_on_call():
    night = Stretch(at("2026-03-02 17:00"), at("2026-03-03 09:00"))
    middle = shift(1, "2026-03-02 20:00", "2026-03-03 01:00")

    assert without_anybody([night], []) == [night]
    assert without_anybody([night], [middle]) == [
        Stretch(night.from_at, middle.from_at),
        Stretch(middle.until_at, night.until_at),
    ]
    assert without_anybody([night], [shift(1, "2026-03-02 12:00", "2026-03-03 12:00")]) == []


def shift(number: int, from_at: str, until_at: str) -> Shift:
    return Shift(number, 7, at(from_at), at(until_at))
