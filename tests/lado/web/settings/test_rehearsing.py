"""A rehearsal in counts and sentences."""

from datetime import UTC, datetime, timedelta

from lado.domain.rehearsal import ClockChange, Rehearsed
from lado.web.settings.rehearsing import effect_rows, gathered, summary

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def case(reference, *clocks, kept=""):
    return Rehearsed(reference, 1, clocks, "received", "received", kept)


def test_dates_and_hearers_are_counted_apart():
    found = gathered(
        [
            case("NB-2", ClockChange("meeting", 1, AT, LATER, "owner", "owner", 1, 1)),
            case("NB-1", ClockChange("meeting", 1, AT, AT, "warning 80", "owner", 1, 2)),
            case("NB-3", kept="already"),
        ]
    )

    assert (found.dates, found.tellings, found.cases, found.unchanged) == (1, 1, 3, 1)
    assert [effect.reference for effect in found.effects] == ["NB-1", "NB-2"]
    assert summary(found)[-1] == "1 case of 3 open would stay as they are."


def test_a_case_that_cannot_come_along_is_named():
    assert summary(gathered([case("NB-4", kept="clock")]))[-1] == (
        "Kept under their rules, for nothing would be running in them: NB-4."
    )


def test_a_clock_that_would_stop_and_one_that_finds_nobody_are_said(app):
    stops = case("NB-5", ClockChange("action:3", 1, AT, None, "owner", "", None, None))
    with app.test_request_context():
        (row,) = effect_rows(gathered([stops]).effects, {"action": "Action"}, {}, AT)

    assert row[1] == "Action 3"
    assert "Then: Not running" in row[2]
    assert "Now: nobody is there, as the accountable officer" in row[3]
    assert "Then: Nobody more" in row[3]
