"""The queue's statements: one range of one index, in order, whatever the number of cases."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from lado.queries import queue
from lado.queries.queue import After


@pytest.fixture
def act(database, people):
    with database.reading(people.olive) as act:
        yield act


def plans(act, read):
    """The plans of the statements that the reading makes, as text."""
    made = []
    connection = act.session.connection()

    def listen(connection, cursor, statement, parameters, *told):
        made.append((statement, parameters))

    engine = act.session.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    try:
        read()
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    is_sqlite = engine.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a small table is read whole whatever its indexes
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    return [
        "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
        for statement, parameters in made
    ]


@pytest.mark.parametrize("after", [None, "some"])
@pytest.mark.parametrize("whose", ["mine", "two", "everyone"])
def test_a_page_of_the_queue_is_read_from_its_index_in_order(act, people, clock, whose, after):
    owners = {"mine": (people.olive.id,), "two": (people.olive.id, people.carl.id), "everyone": None}[whose]
    key = After(clock.now(), 1) if after else None

    (plan,) = plans(act, lambda: queue.page(act, owners, key))

    assert ("ix_referral_queue" if owners is None else "ix_referral_owner_queue") in plan
    assert "SCAN referral" not in plan.replace("SCAN referral USING", "")
    assert "Seq Scan on referral" not in plan


def test_counts_are_read_from_the_same_indexes_in_one_statement(act, people, clock):
    wanted = {
        "mine": ((people.olive.id,), (None, clock.now())),
        "all": (None, (clock.now(), clock.now() + timedelta(days=1))),
    }

    (plan,) = plans(act, lambda: queue.counts(act, wanted))

    assert "ix_referral_owner_queue" in plan
    assert "ix_referral_queue" in plan
    assert "SCAN referral" not in plan


def test_what_waits_for_me_is_found_by_my_name(act):
    told, held = plans(act, lambda: queue.waiting(act))

    assert "ix_escalation_told" in told
    assert "ix_case_action_holder" in held


def test_a_count_stops_at_its_bound(act, caseload, people, monkeypatch):
    monkeypatch.setattr(queue, "MOST", 2)
    for _ in range(4):
        caseload.referral()

    found = queue.counts(act, {"mine": ((people.olive.id,), (None, None)), "none": ((), (None, None))})

    assert found == {"mine": 3, "none": 0}
