"""The past queue is found through an index, a few places of it, and never by reading the history through."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from lado.queries import standings
from tests.conftest import ON_POSTGRESQL


def asked(database, who, at, ask):
    """The one statement that the question makes, and how SQLite goes about it."""
    said = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: said.append((told[2], told[3])))
    with database.reading(who) as act:
        ask(act, at)
        statement, values = said[-1]
        plan = act.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return " ".join(row[3] for row in plan)


@pytest.mark.skipif(ON_POSTGRESQL, reason="a plan of SQLite's; PostgreSQL reads a small table through")
@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (standings.page, "SEARCH standing USING INDEX ix_standing_open (authority_id=? AND node=?)"),
        (standings.tallies, "SEARCH standing USING INDEX ix_standing_open (authority_id=? AND node=?)"),
        (standings.late, "SEARCH referral USING INDEX ix_referral_recorded (authority_id=? AND recorded_at>?)"),
    ],
)
def test_a_past_queue_is_read_through_its_index(database, people, caseload, clock, ask, index):
    caseload.referral(("meet_threshold",))

    plan = asked(database, people.olive, clock.now() - timedelta(minutes=1), ask)

    assert index in plan
    assert "SCAN" not in plan


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
