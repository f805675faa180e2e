"""Answering an escalation: taking over, coming back later, and marking a case urgent."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.errors import BadInput, Refused
from lado.jobs.escalation import run_pass
from lado.models import Escalation, LedgerEntry, Notice, Referral
from lado.queries import ledger, referrals, rungs
from lado.security.identity import SYSTEM
from lado.services import answering, verification
from tests.support.passes import at
from tests.support.tampering import refusal


@pytest.fixture
def lapsed(database, caseload, clock):
    """A case of Olive's whose decision has lapsed; nobody is named as her deputy, so Mina was told."""
    referral = caseload.referral()
    clock.move_to(at("2026-03-04T13:30"))
    run_pass(database)
    return referral


def rung_of(database, person):
    with database.reading(SYSTEM) as act:
        query = select(Escalation.id).where(Escalation.told_id == person.id).order_by(Escalation.id.desc())
        return act.session.scalars(query).first()


def last(database):
    with database.reading(SYSTEM) as act:
        return act.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc())).first()


def waiting(database, person, clock):
    with database.reading(SYSTEM) as act:
        return rungs.waiting_for(act.session, person.id, clock.now())


def holds(database):
    with database.reading(SYSTEM) as act:
        assert verification.verify(act).differences == ()


def test_whoever_was_told_takes_the_case_over(database, lapsed, people, clock):
    with database.work(people.mina) as act:
        answering.take_over(act, rung_of(database, people.mina), "Olive is in court all day.")

    assert last(database).kind == "OwnerAssigned"
    assert waiting(database, people.mina, clock) == []
    with database.reading(people.mina) as act:
        assert act.session.get_one(Referral, lapsed.id).owner_id == people.mina.id
        told = act.session.execute(select(Notice.account_id, Notice.subject).order_by(Notice.id.desc())).first()
        words = [entry.words for entry in ledger.entries(act, referrals.find(act, lapsed.reference)) if entry.words]
    assert told == (people.olive.id, f"{lapsed.reference}: taken over")
    assert {"reason": "Olive is in court all day."} in words
    holds(database)


def test_nobody_takes_over_what_is_theirs_or_not_for_them(database, lapsed, people):
    rung = rung_of(database, people.mina)

    with database.work(people.olive) as act, pytest.raises(Refused, match="already"):
        answering.take_over(act, rung)
    for other in (people.sam, people.bea):
        with database.work(other) as act, pytest.raises(refusal(database, other)):
            answering.take_over(act, rung)


def test_somebody_comes_back_to_it_before_the_next_person_hears(database, caseload, people, clock):
    caseload.referral()
    clock.move_to(at("2026-03-04T08:00"))
    run_pass(database)
    next_at = at("2026-03-04T13:00")
    with database.work(people.olive) as act:
        answering.snooze(act, rung_of(database, people.olive), next_at, "In a strategy discussion until then.")

    assert last(database).kind == "EscalationSnoozed"
    assert last(database).sealed is not None
    assert "strategy" not in last(database).data
    assert waiting(database, people.olive, clock)[-1].snoozed_until_at == next_at
    clock.move_to(next_at)
    run_pass(database)
    assert waiting(database, people.mina, clock), "the ladder has not waited"
    holds(database)


@pytest.mark.parametrize("wait", [timedelta(days=9), timedelta(minutes=-1), timedelta(0)])
def test_nobody_comes_back_after_the_next_rung_or_before_now(database, lapsed, people, clock, wait):
    with database.work(people.mina) as act, pytest.raises(BadInput) as bad:
        answering.snooze(act, rung_of(database, people.mina), clock.now() + wait, "")

    assert set(bad.value.problems) == {"until_at", "reason"}


def test_only_whoever_was_told_comes_back_later_and_not_when_it_is_answered(database, lapsed, people, clock):
    rung, soon = rung_of(database, people.mina), clock.now() + timedelta(minutes=30)
    with database.work(people.olive) as act, pytest.raises(Refused, match="was told"):
        answering.snooze(act, rung, soon, "Later.")
    with database.work(people.mina) as act:
        answering.take_over(act, rung)
    with database.work(people.mina) as act, pytest.raises(Refused, match="already"):
        answering.snooze(act, rung, soon, "Later.")


def test_an_urgent_case_reaches_cover_and_manager_at_once_and_at_each_lapse(database, caseload, people, clock):
    with database.work(people.ada) as act:
        act.session.connection().exec_driver_sql(
            f"UPDATE account SET deputy_id = {people.carl.id} WHERE id = {people.olive.id}"
        )
    referral = caseload.referral()
    with database.work(people.olive) as act:
        answering.raise_urgency(act, referral.id, "The child is alone with him tonight.")

    assert told(database, "urgent.") == {people.carl.id, people.mina.id}
    clock.move_to(at("2026-03-04T00:00"))
    run_pass(database)
    with database.reading(SYSTEM) as act:
        reached = act.session.execute(select(Escalation.rung, Escalation.told_id).order_by(Escalation.id)).all()
    assert [tuple(row) for row in reached] == [
        ("warning 80", people.olive.id),
        ("owner", people.olive.id),
        ("cover", people.carl.id),
        ("service_manager", people.mina.id),
    ]
    assert told(database, "rung.") == {people.olive.id, people.carl.id, people.mina.id}
    holds(database)


def told(database, key):
    with database.reading(SYSTEM) as act:
        rows = act.session.execute(select(Notice.account_id, Notice.subject).where(Notice.message_id.like(f"{key}%")))
        found = rows.all()
    assert all("urgent" in row.subject for row in found)
    return {row.account_id for row in found}


def test_marking_a_lapsed_case_urgent_raises_its_rungs_at_the_next_tick(database, caseload, people, clock):
    caseload.referral()
    clock.move_to(at("2026-03-04T00:00"))
    run_pass(database)
    with database.reading(SYSTEM) as act:
        case = act.session.scalars(select(Referral.id)).one()
    with database.work(people.mina) as act:
        answering.raise_urgency(act, case, "New information from the police.")
    clock.advance(minutes=1)

    assert run_pass(database)["escalated"] == 2
    assert waiting(database, people.mina, clock)


def test_urgency_is_lifted_with_a_reason_and_the_ladder_waits_again(database, caseload, people):
    referral = caseload.referral()
    with database.work(people.olive) as act:
        answering.raise_urgency(act, referral.id, "Alone with him tonight.")
    with database.work(people.olive) as act, pytest.raises(Refused, match="already"):
        answering.raise_urgency(act, referral.id, "Again.")
    with database.work(people.olive) as act, pytest.raises(BadInput):
        answering.lift_urgency(act, referral.id, " ")
    with database.work(people.mina) as act:
        answering.lift_urgency(act, referral.id, "The child is with her aunt.")
    with database.work(people.mina) as act, pytest.raises(Refused, match="not marked"):
        answering.lift_urgency(act, referral.id, "Again.")

    with database.reading(SYSTEM) as act:
        row = act.session.get_one(Referral, referral.id)
        assert not row.is_urgent
        assert ledger.case_of(act.session, referral.id).urgencies == 1
    holds(database)


def test_a_case_that_has_ended_is_neither_taken_over_nor_urgent(database, lapsed, people, caseload):
    rung = rung_of(database, people.mina)
    caseload.make(lapsed, "return_to_employer")
    with database.work(people.mina) as act, pytest.raises(Refused, match="ended"):
        answering.take_over(act, rung)
    with database.work(people.mina) as act, pytest.raises(Refused, match="ended"):
        answering.raise_urgency(act, lapsed.id, "Now.")
