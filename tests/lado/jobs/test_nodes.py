"""Nodes: a late worker writes nothing, and one whose clock goes another way says so and stands down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.clock import SystemClock
from lado.jobs import escalation
from lado.jobs.node import Here
from lado.models import Escalation, Node
from lado.queries import front
from lado.queries.nodes import database_now
from lado.security.identity import SYSTEM
from lado.services import nodes
from lado.services.nodes import LEASE, Late, ensure_alone
from tests.support.passes import QUIET, at

LAPSED = "2026-03-04T00:00"


@pytest.fixture
def here(clock):
    """A node whose database has the same clock as the test."""
    return Here("here", lambda session: clock.now())


def climbed(database):
    with database.reading(SYSTEM) as act:
        return act.session.scalars(select(Escalation.rung).order_by(Escalation.id)).all()


def test_a_node_climbs_under_its_turn(database, caseload, clock, here):
    caseload.referral()
    clock.move_to(at(LAPSED))

    assert escalation.tick(database, here)["escalated"] == 2
    assert climbed(database) == ["warning 80", "owner"]


def test_a_worker_that_was_held_up_past_its_lease_writes_nothing(database, caseload, clock, here):
    caseload.referral()
    clock.move_to(at(LAPSED))
    held_up = here.stand(database)
    clock.advance(seconds=LEASE.total_seconds() + 1)
    Here("another", lambda session: clock.now()).stand(database)

    with pytest.raises(Late):
        escalation.run_pass(database, turn=held_up)

    assert climbed(database) == []
    assert escalation.tick(database, here)["escalated"] == 2, "with a turn of its own again it goes on"


def test_of_several_nodes_one_climbs_and_the_others_do_not_wait(database, caseload, clock):
    caseload.referral()
    clock.move_to(at(LAPSED))

    with database.work(SYSTEM) as act:
        ensure_alone(act)
        if act.session.get_bind().dialect.name == "postgresql":  # on SQLite nobody else can so much as begin to write
            assert escalation.run_pass(database) == QUIET
            assert climbed(database) == []

    assert escalation.run_pass(database)["escalated"] == 2


def test_a_turn_passes_on_only_when_its_lease_has_run_out(database, clock, here):
    first = here.stand(database)
    clock.advance(seconds=LEASE.total_seconds() - 1)
    Here("another", lambda session: clock.now()).stand(database)

    assert here.stand(database) == first


def test_a_tick_that_lost_its_turn_saves_nothing_and_says_so(database, caseload, clock, here, monkeypatch):
    caseload.referral()
    clock.move_to(at(LAPSED))
    stale = here.stand(database)._replace(token=0)
    monkeypatch.setattr(here, "stand", lambda database: stale)

    assert escalation.tick(database, here) == {}
    assert climbed(database) == []


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(hours=-1), timedelta(seconds=2.1)])
def test_a_node_whose_clock_is_off_stands_down_and_every_page_says_so(database, caseload, clock, off):
    caseload.referral()
    clock.move_to(at(LAPSED))
    astray = Here("astray", lambda session: clock.now() - off)

    assert escalation.tick(database, astray) == {}
    assert astray.stands_down
    assert climbed(database) == []
    with database.reading(SYSTEM) as act:
        said = [alarm for alarm in front.alarms(act) if "clock of astray" in alarm]
    assert len(said) == 1
    assert ("ahead of" if off > timedelta(0) else "behind") in said[0]


def test_a_node_that_is_right_again_goes_on(database, caseload, clock):
    caseload.referral()
    clock.move_to(at(LAPSED))
    offs = iter((timedelta(days=1), timedelta(seconds=1)))
    node = Here("here", lambda session: clock.now() - next(offs))

    assert escalation.tick(database, node) == {}
    assert escalation.tick(database, node)["escalated"] == 2
    with database.reading(SYSTEM) as act:
        assert not [alarm for alarm in front.alarms(act) if "clock of" in alarm]


def test_a_node_that_has_gone_is_forgotten_after_a_day(database, clock, here):
    here.stand(database)
    clock.advance(days=1, minutes=3)
    Here("another", lambda session: clock.now()).stand(database)

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(Node.name)).all() == ["another"]


def test_the_database_is_asked_for_its_own_time(database):
    with database.reading(SYSTEM) as act:
        found = database_now(act.session)

    if act.session.get_bind().dialect.name == "postgresql":
        assert abs(found - SystemClock().now()) < timedelta(seconds=30)
    else:
        assert found is None


def test_a_turn_that_nobody_took_is_no_turn(database, clock):
    with database.work(SYSTEM) as act, pytest.raises(Late):
        nodes.ensure_turn(act, nodes.Turn("nobody", 1))
