"""`flask council`: a year lived through from the terminal, who can sign in, and what is refused."""

import pytest

from lado.db import Database
from tests.support.commands import refused, runner, said

pytestmark = pytest.mark.database

WEEK = ("--profile", "bromley-2021-22", "--seed", 3, "--from", "2021-06-01", "--to", "2021-06-07")


def test_a_week_is_reported_and_marks_the_database(migrated: Database) -> None:
    run = runner(migrated)

    result = run("council", "simulate", *WEEK)

    report = said(result)
    assert set(report) == {"referrals", "outcomes", "open", "advice_calls", "escalations", "uncovered_days"}
    assert set(report["outcomes"]) == {"substantiated", "unsubstantiated", "unfounded", "false", "malicious"}
    assert report["referrals"] == sum(report["outcomes"].values()) + report["open"] == 4
    assert report["uncovered_days"] == 0
    assert "June 2021" in result.stderr
    assert "olive@northbrook.example" in run("council", "sign-ins").stdout
    assert said(run("ledger", "verify"))["differences"] == []
    refused(run("council", "simulate", *WEEK), "in use already")
    refused(runner(migrated, production=True)("council", "sign-ins"), "This database is a demonstration")


def test_there_are_no_sign_ins_without_a_demonstration(migrated: Database) -> None:
    refused(runner(migrated)("council", "sign-ins"), "not a demonstration")


def test_a_councils_own_database_is_not_filled(migrated: Database) -> None:
    run = runner(migrated)
    said(run("authority", "add", "elsewhere", "--name", "Elsewhere Council", "--prefix", "EL"))

    refused(run("council", "simulate", *WEEK), "in use already")


@pytest.mark.parametrize(
    "words",
    [
        ("--profile", "nowhere", *WEEK[2:]),
        (*WEEK[:4], "--from", "2021-06-07", "--to", "2021-06-01"),
        (*WEEK[:4], "--from", "yesterday", "--to", "2021-06-01"),
    ],
)
def test_what_cannot_be_read_is_a_usage_error(migrated: Database, words: tuple[object, ...]) -> None:
    assert runner(migrated)("council", "simulate", *words).exit_code == 2
