"""The queue's statements: one range of one index, in order, whatever the number of cases."""

from datetime import timedelta

import pytest

from lado.queries import queue
from lado.queries.queue import After
from tests.support.plans import crowd, plans, reads_through


@pytest.fixture
def act(database, people):
    with database.reading(people.olive) as act:
        yield act


@pytest.fixture
def crowded(database, caseload):
    caseload.referral()
    crowd(database)


@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize("after", [None, "some"])
@pytest.mark.parametrize("whose", ["mine", "two", "everyone"])
def test_a_page_of_the_queue_is_read_from_its_index_in_order(act, people, clock, whose, after):
    owners = {"mine": (people.olive.id,), "two": (people.olive.id, people.carl.id), "everyone": None}[whose]
    key = After(clock.now(), 1) if after else None

    (plan,) = plans(act, lambda: queue.page(act, owners, key, size=0))

    assert ("ix_referral_queue" if owners is None else "ix_referral_owner_queue") in plan
    assert not reads_through(plan, "referral")


@pytest.mark.usefixtures("crowded")
def test_counts_are_read_from_the_same_indexes_in_one_statement(act, people, clock):
    wanted = {
        "mine": ((people.olive.id,), (None, clock.now())),
        "all": (None, (clock.now(), clock.now() + timedelta(days=1))),
    }

    (plan,) = plans(act, lambda: queue.counts(act, wanted))

    assert "ix_referral_owner_queue" in plan
    assert "ix_referral_queue" in plan
    assert not reads_through(plan, "referral")


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
