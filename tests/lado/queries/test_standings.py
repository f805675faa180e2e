"""The past queue is found through an index, a few places of it, and never by reading the history through."""

from datetime import timedelta

import pytest

from lado.queries import standings
from tests.support.plans import crowd, plans, reads_through


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (standings.page, "ix_standing_open"),
        (standings.tallies, "ix_standing_open"),
        (standings.late, "ix_referral_recorded"),
    ],
)
def test_a_past_queue_is_read_through_its_index(database, people, caseload, clock, ask, index):
    caseload.referral()
    crowd(database)

    with database.reading(people.olive) as act:
        plan = plans(act, lambda: ask(act, clock.now() - timedelta(minutes=1)))[-1]

    assert index in plan
    assert not reads_through(plan, "standing")
    assert not reads_through(plan, "referral")


def test_a_page_goes_on_where_the_one_before_ended(database, people, caseload, clock):
    made = {caseload.referral().reference for _ in range(5)}
    at = clock.now()
    clock.advance(days=1)

    with database.reading(people.olive) as act:
        first = standings.page(act, at, size=3)
        second = standings.page(act, at, after=first.following, size=3)

    assert [len(first.rows), len(second.rows)] == [3, 2]
    assert {row.reference for row in (*first.rows, *second.rows)} == made
    assert second.following is None


def test_another_council_sees_its_own_past_only(database, people, caseload, clock):
    caseload.referral()

    with database.reading(people.sam) as act:
        assert standings.page(act, clock.now()).rows == []
        assert standings.tallies(act, clock.now()) == []
        assert standings.late(act, clock.now() - timedelta(days=1)) == []
