"""Changing what one clock is held to: by whom, with which reason, and what comes of it on the screens."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lado.domain.codes import BALL
from lado.errors import BadInput, NotFound, Refused, Stale
from lado.jobs import changes as job
from lado.jobs.escalation import run_pass
from lado.models import CaseAction, CaseClock, DueMoment, Escalation, LedgerEntry, Notice
from lado.queries import ledger, referrals
from lado.services import adjustments, changes, installation
from lado.services.verification import verify
from tests.support.browser import words_of
from tests.support.tampering import refusal
from workflows.adjustments import HOLDERS
from workflows.rules import NATIONAL
from workflows.spans import Span, Unit

CONCLUSION, MEETING = ("conclusion", 1), ("meeting", 1)
REVIEW = date(2026, 3, 20)


def rows(database, who, query):
    with database.reading(who) as act:
        return act.session.scalars(query).all()


def row_of(database, who, referral, key):
    query = select(CaseClock).where(CaseClock.referral_id == referral.id, CaseClock.key == key)
    return rows(database, who, query)[-1]


def test_an_extension_moves_the_date_and_keeps_the_promise(database, caseload, people):
    case = caseload.referral()
    with database.work(people.olive) as act:
        adjustments.extend(act, case.id, MEETING, "The head is away.", by=2)

    row = row_of(database, people.olive, case, "meeting")
    assert (row.due_at.date(), row.first_due_at.date()) == (date(2026, 3, 11), date(2026, 3, 9))
    with database.reading(people.mina) as act:
        assert verify(act).differences == ()


def test_the_reason_is_sealed(database, caseload, people):
    case = caseload.referral()
    with database.work(people.olive) as act:
        adjustments.extend(act, case.id, MEETING, "The head is away.", by=2)

    assert not any("head" in data for data in rows(database, people.olive, select(LedgerEntry.data)))
    with database.reading(people.olive) as act:
        entries = list(ledger.entries(act, referrals.find(act, case.reference)))
    assert [entry.words["reason"] for entry in entries if entry.words.get("reason")] == ["The head is away."]


def test_a_pause_stands_still_with_a_review_for_the_accountable_officer(database, caseload, people):
    case = caseload.referral()
    with database.work(people.mina) as act:
        adjustments.pause(act, case.id, CONCLUSION, "The trial is in May.", holder="court", review_on=REVIEW)

    clock = row_of(database, people.olive, case, "conclusion")
    assert clock.paused_at is not None
    assert clock.id not in rows(database, people.olive, select(DueMoment.clock_id))
    action = rows(database, people.olive, select(CaseAction))[0]
    assert (action.holder_id, action.due_at.date()) == (people.olive.id, REVIEW)
    told = rows(database, people.olive, select(Notice).where(Notice.account_id == people.olive.id))
    assert [notice.subject for notice in told] == [f"{case.reference}: a time limit was changed"]


def test_a_review_of_a_pause_that_nobody_makes_is_escalated(database, caseload, people, clock):
    case = caseload.referral(("meet_threshold",))
    with database.work(people.olive) as act:
        adjustments.pause(act, case.id, CONCLUSION, "The trial is in May.", holder="court", review_on=REVIEW)
    clock.advance(days=25)
    run_pass(database)

    review = row_of(database, people.olive, case, "action:1")
    assert rows(database, people.olive, select(Escalation.id).where(Escalation.clock_id == review.id))


def test_a_pause_goes_on_is_ended_and_leaves_its_days_out(database, caseload, people, clock):
    case = caseload.referral()
    first = row_of(database, people.olive, case, "conclusion").due_at
    with database.work(people.olive) as act:
        adjustments.pause(act, case.id, CONCLUSION, "The trial is in May.", holder="court", review_on=REVIEW)
    clock.advance(days=20)
    with database.work(people.olive) as act:
        adjustments.keep_paused(act, case.id, CONCLUSION, "Put off.", review_on=date(2026, 4, 10))
    clock.advance(days=10)
    with database.work(people.olive) as act:
        adjustments.resume(act, case.id, CONCLUSION, "The trial is over.")

    row = row_of(database, people.olive, case, "conclusion")
    assert (row.paused_at, row.due_at - first) == (None, timedelta(days=29))
    assert all(rows(database, people.olive, select(CaseAction.is_done)))


def test_a_clock_that_does_not_apply_is_stopped(database, caseload, people):
    case = caseload.referral()
    with database.work(people.olive) as act:
        adjustments.stop(act, case.id, MEETING, "Agreed with the school.", why="otherwise")

    assert row_of(database, people.olive, case, "meeting").ended_at is not None


def test_what_is_refused_writes_nothing(database, caseload, people):
    case = caseload.referral()
    before = rows(database, people.olive, select(LedgerEntry.id))
    attempts = (
        (Refused, lambda act: adjustments.pause(act, case.id, MEETING, "x", holder="court", review_on=REVIEW)),
        (BadInput, lambda act: adjustments.extend(act, case.id, MEETING, " ", by=1)),
        (
            BadInput,
            lambda act: adjustments.pause(act, case.id, CONCLUSION, "x", holder="court", review_on=date(2036, 1, 1)),
        ),
        (NotFound, lambda act: adjustments.extend(act, case.id, ("meeting", 2), "x", by=1)),
        (NotFound, lambda act: adjustments.extend(act, 0, MEETING, "x", by=1)),
    )
    for error, attempt in attempts:
        with pytest.raises(error), database.work(people.olive) as act:
            attempt(act)
    assert rows(database, people.olive, select(LedgerEntry.id)) == before


def test_a_form_made_before_a_colleague_wrote_is_stale(database, caseload, people):
    case = caseload.referral()
    seen = case.events
    caseload.make(case, "add_note", {}, {"note": "Rang back."}, who=people.dana)

    with pytest.raises(Stale), database.work(people.olive) as act:
        adjustments.extend(act, case.id, MEETING, "The head is away.", by=1, seen=seen)


@pytest.mark.parametrize("name", ["pat", "sam"])
def test_only_officers_and_managers_of_the_council_may(database, caseload, people, name):
    case = caseload.referral()
    who = people.everyone[name]
    with pytest.raises(refusal(database, who)), database.work(who) as act:
        adjustments.extend(act, case.id, MEETING, "The head is away.", by=1)


def test_everyone_who_can_have_the_ball_has_a_name():
    assert tuple(BALL) == HOLDERS


def test_more_time_is_added_to_the_limit_that_was_promised_when_the_rules_have_changed_since(
    browser, database, caseload, people, clock
):
    case = caseload.referral(("meet_threshold",))
    clock.advance(days=2)
    rules = tuple(
        replace(rule, limit=Span(1, Unit.WORKING_DAY)) if rule.key == "meeting" else rule
        for rule in NATIONAL.timescales
    )
    with database.work(people.mina) as act:
        shorter = replace(NATIONAL, timescales=rules)
        installation.publish_rules(act, act.who.authority, shorter)
        changes.begin(act, act.who.authority, "rules", NATIONAL.version, shorter.version)
    job.tick(database)
    with database.work(people.olive) as act:
        adjustments.extend(act, case.id, MEETING, "The head is away.", by=1)

    row = row_of(database, people.olive, case, "meeting")
    assert (row.due_at.date(), row.first_due_at.date()) == (date(2026, 3, 10), date(2026, 3, 9))
    page = words_of(browser.sign_in("olive").get(f"/referrals/{case.reference}/clocks/meeting/1"))
    assert "Limit 5 working days from when the referral was received" in page
    assert "6 Tue 10 Mar 2026 more time, counted" in page
    with database.reading(people.mina) as act:
        assert verify(act).differences == ()
