"""`flask tick` and `flask escalations due`: one pass as at an instant, and what it would do."""

from datetime import UTC, datetime

import pytest

from lado.jobs.handovers import Handed
from lado.models import Referral
from lado.security.identity import SYSTEM
from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.commands import said
from tests.support.passes import QUIET, at, counts, spoil

WEDNESDAY = "2026-03-04T14:00+00:00"
NOTHING_HANDED = Handed()._asdict()


def test_a_pass_reports_what_it_did_and_the_next_one_does_nothing(run, caseload):
    caseload.referral()

    assert said(run("tick", "--at", WEDNESDAY)) == {
        "escalation": counts(escalated=4, notices=1, nobody_on_cover=1),
        "handovers": NOTHING_HANDED,
    }
    assert said(run("tick", "--at", WEDNESDAY)) == {"escalation": QUIET, "handovers": NOTHING_HANDED}


def test_a_pass_offers_the_cases_of_whoever_is_away(run, caseload, database, people):
    caseload.referral()
    with database.work(people.mina) as act:
        away = NewAbsence(people.olive.id, "leave", at("2026-03-03T00:00"), at("2026-03-09T00:00"), people.carl.id)
        cover.book_leave(act, away)

    tuesday = said(run("tick", "--at", "2026-03-03T08:00+00:00"))

    assert tuesday == {"escalation": QUIET, "handovers": {**NOTHING_HANDED, "offered": 1, "notices": 1}}


def test_what_is_due_is_listed_and_stays_due(run, caseload, people):
    referral = caseload.referral()

    found = said(run("escalations", "due", "--at", "2026-03-04T00:00"))

    assert found == said(run("escalations", "due", "--at", "2026-03-04T00:00+00:00"))
    assert [row["rung"] for row in found] == ["warning 80", "owner"]
    assert found[1] == {
        "reference": referral.reference,
        "clock": "evaluation_decision",
        "rung": "owner",
        "due_at": "2026-03-03T23:59:59+00:00",
        "role": "owner",
        "would_tell": people.olive.id,
    }


def test_nothing_due_is_an_empty_list(run):
    assert said(run("escalations", "due", "--at", WEDNESDAY)) == []


def test_a_case_that_fails_makes_the_command_fail_and_the_rest_goes_on(run, database, caseload):
    bad = caseload.referral()
    caseload.referral()
    spoil(database, bad)

    result = run("tick", "--at", WEDNESDAY)

    assert result.exit_code == 1
    assert '"escalated": 4' in result.stdout
    assert '"set_aside": 1' in result.stdout


@pytest.mark.parametrize("words", [("tick",), ("tick", "--at", "tomorrow"), ("escalations", "due", "--at", "")])
def test_an_instant_is_asked_for_in_words(run, words):
    result = run(*words)

    assert result.exit_code == 2
    assert "--at" in result.stderr


def test_the_pass_is_as_at_the_instant_whatever_the_time_is(run, caseload, database):
    caseload.referral()

    said(run("tick", "--at", "2026-03-03T17:00Z"))

    with database.reading(SYSTEM) as act:
        referral = act.session.query(Referral).one()
        assert referral.recorded_at < datetime(2026, 3, 3, tzinfo=UTC)
