"""Checkpoints are made when something changed and it is time, and no two of them contradict each other."""

from datetime import timedelta

import pytest

from lado.domain.chain import GENESIS, statement
from lado.domain.reads import Look
from lado.errors import NotAllowed
from lado.queries import checkpoints as kept
from lado.security.identity import SYSTEM
from lado.services import chain, checkpoints, reads


def make(database, **how):
    with database.work(SYSTEM) as act:
        return checkpoints.make(act, **how)


def look(database, who, referral):
    with database.work(who) as act:
        reads.record(act, Look.VIEW, "referrals.show", "referral:read", referral.reference)


def test_nothing_changed_makes_none(database):
    assert make(database, at_once=True) is None


def test_the_first_change_is_stated_and_signed(database, caseload, vault):
    caseload.referral()

    made = make(database)

    assert made.stated.id == 1
    assert made.stated.reads_digest == GENESIS
    assert vault.holds(statement(made.stated), made.signature)
    with database.reading(SYSTEM) as act:
        assert (made.stated.entries, made.stated.link) == kept.head(act.session)


def test_the_next_waits_five_minutes_or_a_hundred_entries(database, caseload, clock):
    referral = caseload.referral()
    make(database)
    caseload.make(referral, "add_note", {}, {"note": "One."})
    clock.advance(minutes=4)
    soon = make(database)
    clock.advance(minutes=1)
    in_time = make(database)
    for _ in range(12):
        caseload.referral()
    many = make(database)

    assert soon is None
    assert in_time.stated.id == 2
    assert many.stated.id == 3
    assert make(database, at_once=True) is None


def test_reads_alone_are_sealed_too_once_they_have_settled(database, caseload, clock, people):
    referral = caseload.referral()
    make(database)
    clock.advance(minutes=6)
    look(database, people.olive, referral)
    fresh = make(database)
    clock.advance(minutes=2)

    made = make(database)

    assert fresh is None
    assert (made.stated.id, made.stated.reads) == (2, 1)
    with database.reading(SYSTEM) as act:
        assert chain.prove(act).findings == ()


def test_a_witness_that_fails_is_remembered_since_the_first_time(database, clock):
    with database.work(SYSTEM) as act:
        checkpoints.failed(act, "there", "the folder is not there")
    clock.advance(minutes=3)
    with database.work(SYSTEM) as act:
        checkpoints.failed(act, "there", "No space left on device")
    with database.reading(SYSTEM) as act:
        found = kept.witness(act.session, "there")
        assert act.at - found.failing_since_at == timedelta(minutes=3)
        assert found.problem == "No space left on device"
    with database.work(SYSTEM) as act:
        checkpoints.arrived(act, "there", 7)
    with database.reading(SYSTEM) as act:
        found = kept.witness(act.session, "there")
        assert (found.checkpoint_id, found.failing_since_at, found.problem) == (7, None, "")


def test_nobody_but_the_scheduler_keeps_them(database, people):
    with database.work(people.mina) as act, pytest.raises(NotAllowed):
        checkpoints.make(act)
