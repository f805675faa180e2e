"""`flask clocks due`: the due moment and its working, refusals beyond the known years, and no database opened."""

import pytest

from lado.clock import FixedClock
from lado.db import Database
from tests.support.commands import Run, refused, runner, said


@pytest.fixture
def closed_door(vault, clock: FixedClock, tmp_path) -> Run:
    """Runs a command beside a database that cannot be opened."""
    return runner(Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}", vault, clock))


@pytest.mark.parametrize(
    ("words", "due_at", "because"),
    [
        ("--from 2026-03-06T09:30 --limit 1 --unit working_day", "2026-03-09T23:59:59+00:00", "over a weekend"),
        ("--from 2026-04-02T09:30 --limit 1 --unit working_day", "2026-04-07T23:59:59+01:00", "over Easter"),
        ("--from 2026-03-06T09:30 --limit 24 --unit hour", "2026-03-07T09:30:00+00:00", "hours simply elapse"),
        ("--from 2026-03-28T09:30 --limit 24 --unit hour", "2026-03-29T10:30:00+01:00", "a night of 23 hours"),
        ("--from 2026-03-06T09:30Z --limit 5 --unit calendar_day", "2026-03-11T23:59:59+00:00", "days of the calendar"),
        ("--from 2026-03-06 --limit 4 --unit week", "2026-04-03T23:59:59+01:00", "weeks"),
        ("--from 2026-01-31T12:00 --limit 1 --unit calendar_month", "2026-02-28T23:59:59+00:00", "a shorter month"),
        ("--from 2026-06-30T23:30+00:00 --limit 1 --unit calendar_day", "2026-07-02T23:59:59+01:00", "July in London"),
        (
            "--from 2026-03-06T16:01 --limit 24 --unit hour --cut-off FRI=16:00",
            "2026-03-10T00:00:00+00:00",
            "after the cut-off on a Friday, from the first moment of Monday",
        ),
        (
            "--from 2026-03-05T16:01 --limit 1 --unit working_day --cut-off Friday=16:00 --cut-off 17:00",
            "2026-03-06T23:59:59+00:00",
            "no cut-off has passed on a Thursday at one minute past four",
        ),
    ],
)
def test_a_clock_falls_due(closed_door: Run, words: str, due_at: str, because: str) -> None:
    found = said(closed_door("clocks", "due", *words.split()))

    assert found["due_at"] == due_at, because
    assert found["working"][-1]["day"] == due_at[:10] or due_at.endswith("T00:00:00+00:00")
    assert len(found["calendar"]) == 12


def test_the_working_counts_day_by_day(closed_door: Run) -> None:
    found = said(closed_door("clocks", "due", "--from", "2026-03-06T09:30", "--limit", 1, "--unit", "working_day"))

    assert [(step["day"], step["counted"]) for step in found["working"]] == [
        ("2026-03-06", 0),
        ("2026-03-07", None),
        ("2026-03-08", None),
        ("2026-03-09", 1),
    ]


@pytest.mark.parametrize("start", ["2031-05-01T09:00", "2028-12-30T09:00", "1999-05-01T09:00", "9999-12-31T23:00"])
def test_beyond_the_known_years_it_refuses_and_names_them(closed_door: Run, start: str) -> None:
    refusal = closed_door("clocks", "due", "--from", start, "--limit", 5, "--unit", "calendar_day")

    refused(refusal, "Bank holidays are known from 2012-01-01 to 2028-12-31")


@pytest.mark.parametrize("limit", [10**6, 10**12])
@pytest.mark.parametrize("unit", ["hour", "working_day", "calendar_day", "week", "calendar_month"])
def test_an_endless_limit_is_refused_in_words(closed_door: Run, unit: str, limit: int) -> None:
    refusal = closed_door("clocks", "due", "--from", "2026-03-06T09:30", "--limit", limit, "--unit", unit)

    refused(refusal, "known from 2012-01-01 to 2028-12-31")


@pytest.mark.parametrize(
    "words",
    [
        "--from yesterday --limit 1 --unit hour",
        "--from 2026-03-06T09:30 --limit 0 --unit hour",
        "--from 2026-03-06T09:30 --limit 1 --unit fortnight",
        "--from 2026-03-06T09:30 --limit 1 --unit hour --cut-off 25:00",
        "--from 2026-03-06T09:30 --limit 1 --unit hour --cut-off someday=16:00",
        "--limit 1 --unit hour",
    ],
)
def test_what_cannot_be_read_is_a_usage_error(closed_door: Run, words: str) -> None:
    assert closed_door("clocks", "due", *words.split()).exit_code == 2
