"""One bad case stops no other: it is set aside, shown, tried again, and forgotten once it is settled."""

from functools import partial

import pytest
from sqlalchemy import delete, select

from lado.jobs.escalation import run_pass
from lado.models import DueMoment, Heartbeat, SetAside
from lado.security.identity import SYSTEM
from tests.support.passes import QUIET, at, counts, spoil


@pytest.fixture
def broken(database):
    """Spoils a case so that its next step cannot be worked out, and mends it again."""
    return partial(spoil, database)


def test_a_bad_case_is_set_aside_the_rest_go_on_and_it_is_tried_again_later(
    run, database, caseload, broken, rungs, clock
):
    bad = caseload.referral()
    for _ in range(3):
        caseload.referral()
    kept = broken(bad)

    assert run("2026-03-04T00:00") == counts(escalated=6, notices=3, set_aside=1)
    assert run("2026-03-04T00:01") == QUIET
    assert run("2026-03-04T00:02") == counts(set_aside=1)
    assert run("2026-03-04T00:05") == QUIET, "four minutes after the second failure, not two"
    with database.reading(SYSTEM) as act:
        found = act.session.scalars(select(SetAside)).one()
        assert (found.problem, found.tries, found.since_at) == ("NoResultFound", 2, at("2026-03-04T00:00"))

    broken(bad, kept)
    assert run("2026-03-04T00:06") == counts(escalated=2, notices=1)
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(SetAside)).all() == []


def test_what_was_set_aside_is_forgotten_once_people_have_settled_it(run, database, caseload, broken):
    bad = caseload.referral()
    kept = broken(bad)
    run("2026-03-04T00:00")
    broken(bad, kept)
    with database.work(SYSTEM) as act:
        act.session.execute(delete(DueMoment))

    run("2026-03-04T00:01")

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(SetAside)).all() == []


def test_more_than_a_batch_is_climbed_in_one_pass(database, caseload, clock):
    for _ in range(5):
        caseload.referral()
    clock.move_to(at("2026-03-04T00:00"))

    assert run_pass(database, limit=2) == counts(escalated=10, notices=5)


def test_a_pass_leaves_a_heartbeat(run, database):
    run("2026-03-04T00:00")

    with database.reading(SYSTEM) as act:
        assert act.session.get_one(Heartbeat, "escalation").beat_at == at("2026-03-04T00:00")
