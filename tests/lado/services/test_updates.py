"""Updates that are promised to the referrer: who may, what keeps them, who sees the day, and who hears of a lapse."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lado.errors import BadInput, NotFound, Refused, Stale
from lado.jobs import escalation
from lado.models import Barred, CaseClock, Escalation, Notice, Referral
from lado.queries import ledger, portal
from lado.queries.referrals import find
from lado.security.identity import SYSTEM
from lado.services import access, conflicts, moves, partner_messages, partner_outcomes, updates
from lado.services.access import NewAccess
from lado.services.verification import verify
from tests.support.tampering import refusal
from workflows.model import NEXT_UPDATE

FRIDAY = date(2026, 3, 6)
DECIDED = ("meet_threshold", "hold_meeting", "decide_outcome")

pytestmark = pytest.mark.database


@pytest.fixture
def referral(caseload, people):
    return caseload.referral(partner=people.pat.id)


@pytest.fixture
def promise(database, people, referral):
    def go(by_on=FRIDAY, note="", who=None, case=None, **more):
        with database.work(who or people.olive) as act:
            updates.promise(act, (case or referral).id, by_on, note, **more)

    return go


def clocks(database, referral):
    with database.reading(SYSTEM) as act:
        query = select(CaseClock).where(CaseClock.referral_id == referral.id, CaseClock.key == NEXT_UPDATE)
        return [(row.occurrence, row.is_met, row.ended_at is None) for row in act.session.scalars(query)]


def seen(database, who, referral):
    with database.reading(who) as act:
        case = portal.case(act, referral.reference)
        return case.update_due_at and case.update_due_at.date()


def differences(database):
    with database.reading(SYSTEM) as act:
        return verify(act).differences


def test_a_promise_is_on_the_record_a_clock_and_on_the_page_of_who_referred(database, people, referral, promise):
    promise(note="She would like to know about the suspension.")
    assert clocks(database, referral) == [(1, False, True)]
    assert seen(database, people.pat, referral) == FRIDAY
    with database.reading(people.olive) as act:
        entries = ledger.entries(act, find(act, referral.reference))
        (said,) = [entry.words for entry in entries if type(entry.event).__name__ == "UpdatePromised"]
    assert said == {"note": "She would like to know about the suspension."}
    assert differences(database) == ()


def test_who_follows_without_having_made_the_referral_sees_no_day(database, people, referral, promise):
    promise()
    with database.work(people.olive) as act:
        access.give(act, referral.id, NewAccess(people.pol.id, "The police work on it."))
    assert seen(database, people.pol, referral) is None
    assert seen(database, people.pat, referral) == FRIDAY


def test_where_somebody_rang_and_was_given_access_later_they_see_it(database, people, clock, caseload, promise):
    rang = caseload.referral()
    clock.advance(hours=1)
    promise(case=rang)
    with database.work(people.olive) as act:
        access.give(act, rang.id, NewAccess(people.pat.id, "She rang."))
    assert seen(database, people.pat, rang) == FRIDAY


@pytest.mark.parametrize("name", ["pat", "dee", "bea", "abe", "sam"])
def test_only_who_works_on_the_case_promises(database, people, referral, promise, name):
    who = people.everyone[name]
    with pytest.raises(refusal(database, who, follows=True)):
        promise(who=who)
    with pytest.raises(refusal(database, who, follows=True)), database.work(who) as act:
        updates.give(act, referral.id)
    assert clocks(database, referral) == []


def test_who_is_kept_from_the_case_finds_none(database, people, referral, promise):
    with database.work(people.dana) as act:
        conflicts.declare_case(act, referral.id, "I know them.")
        assert act.session.scalars(select(Barred.account_id)).all() == [people.dana.id]
    with pytest.raises(NotFound):
        promise(who=people.dana)


def test_a_day_that_cannot_be_is_said_beside_its_field(promise):
    with pytest.raises(BadInput) as bad:
        promise(date(2026, 3, 1))
    assert bad.value.problems == {"update_by_on": "Promise today or a later day."}
    with pytest.raises(BadInput) as long:
        promise(note="x" * 5_001)
    assert set(long.value.problems) == {"note"}


def test_what_somebody_else_recorded_meanwhile_is_not_overwritten(database, people, caseload, referral, promise):
    with database.reading(people.olive) as act:
        events = act.session.get_one(Referral, referral.id).events
    caseload.make(referral, "add_note", {}, {"note": "So."}, who=people.dana)
    with pytest.raises(Stale):
        promise(seen=events)


def test_another_day_needs_an_update_first(database, referral, promise):
    promise()
    with pytest.raises(Refused):
        promise(FRIDAY + timedelta(days=7))
    promise(FRIDAY + timedelta(days=7), given=True)
    assert clocks(database, referral) == [(1, True, False), (2, False, True)]


def test_a_message_that_is_the_update_keeps_the_promise_and_any_other_does_not(database, people, referral, promise):
    promise()
    for is_update, stands in ((False, True), (True, False)):
        with database.work(people.olive) as act:
            partner_messages.answer(act, referral.id, people.pat.id, "We wait.", is_update=is_update)
        assert clocks(database, referral) == [(1, not stands, stands)]
    assert seen(database, people.pat, referral) is None
    assert differences(database) == ()


def test_a_message_to_somebody_else_is_no_update_of_the_referrer(database, people, referral, promise):
    promise()
    with database.work(people.olive) as act:
        access.give(act, referral.id, NewAccess(people.pol.id, "The police work on it."))
        partner_messages.answer(act, referral.id, people.pol.id, "We wait.", is_update=True)
    assert clocks(database, referral) == [(1, False, True)]


def test_an_outcome_that_is_released_to_the_referrer_keeps_the_promise(database, people, caseload, promise):
    referral = caseload.referral(DECIDED, partner=people.pat.id)
    promise(case=referral)
    with database.work(people.olive) as act:
        access.give(act, referral.id, NewAccess(people.pol.id, "The police work on it."))
        partner_outcomes.release(act, referral.id, people.pol.id)
    assert clocks(database, referral) == [(1, False, True)], "somebody else may see the outcome now"
    with database.work(people.olive) as act:
        partner_outcomes.release(act, referral.id, people.pat.id)
    assert clocks(database, referral) == [(1, True, False)]
    assert differences(database) == ()


def test_a_lapse_climbs_the_ladder_and_names_nobody(database, people, clock, referral, caseload, promise):
    caseload.make(referral, "meet_threshold")
    promise(date(2026, 3, 4))
    clock.advance(days=4)
    escalation.run_pass(database)
    with database.reading(SYSTEM) as act:
        query = select(Escalation.rung, Escalation.told_id).join(CaseClock, CaseClock.id == Escalation.clock_id)
        rungs = dict(act.session.execute(query.where(CaseClock.key == NEXT_UPDATE)).all())
        subjects = act.session.scalars(select(Notice.subject)).all()
    olive, mina = people.olive.id, people.mina.id
    assert rungs == {"warning 80": olive, "owner": olive, "cover": None, "service_manager": mina}, "nobody covers"
    assert not any("Robin" in subject or "Pat" in subject for subject in subjects)


def test_the_threshold_decision_keeps_it_and_the_end_of_the_case_stops_it(
    database, people, caseload, referral, promise
):
    promise()
    caseload.make(referral, "meet_threshold")
    assert clocks(database, referral) == [(1, True, False)]
    promise(date(2026, 4, 1))
    with database.work(people.olive) as act:
        words = {"merged_into": "NB-1", "rationale": "The same.", "told": "The school."}
        moves.make(act, referral.id, "merge", {}, words)
    assert clocks(database, referral) == [(1, True, False), (2, False, False)]
    assert seen(database, people.pat, referral) is None
    with pytest.raises(Refused):
        promise(date(2026, 4, 1))
