"""Escalating as a service: who may, what would fire, two nodes at once, and saying that it is being dealt with."""

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from lado.clock import FixedClock
from lado.db import Database
from lado.errors import NotAllowed, NotFound
from lado.jobs import escalation as job
from lado.models import DueMoment, Escalation, LedgerEntry, Notice
from lado.queries import escalation as queries
from lado.queries import rungs
from lado.security.identity import SYSTEM
from lado.services import escalations, moves
from tests.support.tampering import refusal

WEDNESDAY = datetime(2026, 3, 4, 14, tzinfo=UTC)


def everything(database):
    with database.reading(SYSTEM) as act:
        return [act.session.execute(select(model.id)).all() for model in (Escalation, Notice, LedgerEntry)]


def test_only_the_scheduler_climbs(database, people, caseload):
    caseload.referral()

    with database.work(people.mina) as act, pytest.raises(NotAllowed):
        escalations.climb(act, [1])


def test_what_would_fire_is_what_fires_and_writes_nothing(database, caseload, clock):
    caseload.referral()
    caseload.referral(moves=("meet_threshold",))
    before = everything(database)

    with database.reading(SYSTEM) as act:
        foreseen = list(queries.would_fire(act.session, WEDNESDAY))
    assert everything(database) == before
    clock.move_to(WEDNESDAY)
    job.run_pass(database)

    with database.reading(SYSTEM) as act:
        rows = act.session.execute(select(Escalation.rung, Escalation.due_at, Escalation.told_id)).all()
    assert Counter((row.rung, row.due_at, row.would_tell) for row in foreseen) == Counter(tuple(row) for row in rows)
    assert {row.clock for row in foreseen} == {"evaluation_decision"}


def test_what_would_fire_goes_through_all_pages(database, caseload, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for _ in range(5):
        caseload.referral()

    with database.reading(SYSTEM) as act:
        foreseen = list(queries.would_fire(act.session, datetime(2026, 3, 4, tzinfo=UTC)))

    assert Counter(row.rung for row in foreseen) == {"warning 80": 5, "owner": 5}


def test_nodes_that_tick_together_give_each_rung_once(database, database_url, vault, caseload):
    for _ in range(12):
        caseload.referral()
    together = threading.Barrier(3)
    done, problems = [], []

    def node():
        own = Database(database_url, vault, FixedClock(WEDNESDAY))
        try:
            together.wait()
            done.append(job.run_pass(own, limit=4))
        except Exception as problem:
            problems.append(problem)
        finally:
            own.engine.dispose()

    nodes = [threading.Thread(target=node) for _ in range(3)]
    for each in nodes:
        each.start()
    for each in nodes:
        each.join()

    assert problems == []
    done.append(job.run_pass(at_wednesday := Database(database_url, vault, FixedClock(WEDNESDAY))))
    at_wednesday.engine.dispose()
    with database.reading(SYSTEM) as act:
        found = Counter(act.session.execute(select(Escalation.clock_id, Escalation.rung)).all())
        noted = act.session.scalars(select(LedgerEntry.id).where(LedgerEntry.kind == "Escalated")).all()
    # The warning, the officer, the cover (nobody is named as a deputy) and so at once the service manager.
    assert len(found) == len(noted) == 12 * 4
    assert set(found.values()) == {1}
    assert sum(one["escalated"] for one in done) == 12 * 4
    assert sum(one["notices"] for one in done) == 12


def test_a_move_and_a_tick_at_the_same_moment_do_not_wait_for_each_other_for_ever(
    database, database_url, vault, caseload, people
):
    cases = [caseload.referral() for _ in range(6)]
    together, problems = threading.Barrier(2), []

    def node(work):
        own = Database(database_url, vault, FixedClock(WEDNESDAY))
        try:
            together.wait()
            work(own)
        except Exception as problem:
            problems.append(problem)
        finally:
            own.engine.dispose()

    def decide(own):
        for case in cases:
            with own.work(people.olive) as act:
                moves.make(act, case.id, "meet_threshold", {"limbs": (1,)}, {"rationale": "Harm."})

    nodes = [threading.Thread(target=node, args=[work]) for work in (decide, lambda own: job.run_pass(own, limit=2))]
    for each in nodes:
        each.start()
    for each in nodes:
        each.join()

    assert problems == []


def test_an_escalation_is_acknowledged_once_by_someone_who_works_the_case(database, caseload, clock, people):
    caseload.referral()
    clock.move_to(WEDNESDAY)
    job.run_pass(database)

    with database.reading(people.mina) as act:
        (row,) = rungs.waiting_for(act.session, people.mina.id, act.at)
    assert (row.rung, row.told) == ("service_manager", people.mina.id)
    with database.work(people.mina) as act:
        escalations.acknowledge(act, row.id)
    clock.advance(hours=1)
    with database.work(people.olive) as act:
        found = escalations.acknowledge(act, row.id)

    assert (found.acknowledged_at, found.acknowledged_by_id) == (WEDNESDAY, people.mina.id)
    with database.reading(people.mina) as act:
        assert rungs.waiting_for(act.session, people.mina.id, act.at) == []


def test_not_by_an_auditor_nor_from_another_council_nor_of_nothing(database, caseload, clock, people):
    caseload.referral()
    clock.move_to(WEDNESDAY)
    job.run_pass(database)

    for who in (people.abe, people.sam, people.pat):
        with database.work(who) as act, pytest.raises(refusal(database, who)):
            escalations.acknowledge(act, 1)
    with database.work(people.mina) as act, pytest.raises(NotFound):
        escalations.acknowledge(act, 999)


def test_what_the_pages_read(database, caseload, clock, people):
    first = caseload.referral()
    caseload.referral(who=people.sam)
    clock.move_to(WEDNESDAY)
    job.run_pass(database)

    with database.reading(people.mina) as act:
        here = people.mina.authority
        recent = rungs.recent(act.session, here)
        ladder = rungs.of_referral(act.session, first.id)
        following = rungs.coming(act.session, first.id)

        assert {row.reference for row in recent} == {first.reference}
        assert [row.rung for row in ladder] == ["warning 80", "owner", "cover", "service_manager"]
        assert [row.is_running for row in ladder] == [True] * 4
        assert [row.rung for row in recent] == [row.rung for row in reversed(ladder)]
        assert rungs.recent(act.session, here, before=recent[1].id, limit=1) == recent[2:3]
        assert (following[0].clock, following[0].rung) == ("evaluation_decision", "head_of_service")
        assert rungs.set_aside(act.session, here) == []
        assert queries.unreached(act.session, act.at, here) == []


def test_an_idle_look_reads_the_index_of_due_moments(database):
    with database.reading(SYSTEM) as act:
        assert queries.claim_due(act.session, WEDNESDAY, 10) == []
        assert act.session.scalars(select(DueMoment)).all() == []
