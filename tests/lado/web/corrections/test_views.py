"""Asking to correct a date and deciding it: what would change, who may, what is wrong with what was typed."""

from datetime import timedelta

import pytest

from lado.jobs.escalation import run_pass
from lado.services import corrections
from lado.services.corrections import NewCorrection
from tests.support.browser import Browser, words_of

RIGHT = {"value-day": "26", "value-month": "2", "value-year": "2026", "value-time": "08:50"}
ASKED = {**RIGHT, "precision": "exact", "reason": "My note of the call says Thursday.", "clocks": "derive"}


@pytest.fixture
def case(caseload):
    return caseload.referral()


def address(case):
    return f"/referrals/{case.reference}/dates/1/received_at"


def asked(database, who, case, value, clocks="derive"):
    with database.work(who) as act:
        corrections.ask(act, case.id, NewCorrection(1, "received_at", value, "The note says so.", clocks=clocks))


def test_the_form_shows_what_is_recorded_in_the_same_boxes(browser, case):
    page = browser.sign_in("olive").get(address(case))

    assert "Ask to correct: Received" in words_of(page)
    plain = 'autocomplete="off" spellcheck="false"'
    assert f'name="value-day" type="text" inputmode="numeric" {plain} value="2"' in page.text
    assert f'name="value-time" type="text" {plain} value="09:30"' in page.text
    assert "Where it comes from Education, telephone call" in words_of(page)


def test_what_would_change_is_shown_before_anything_is_asked_for(browser, case):
    page = browser.sign_in("olive").post(address(case), {**ASKED, "check": "yes"})

    words = words_of(page)
    assert (
        "Threshold decision Due by the end of Tuesday 3 March: still running "
        "Due by the end of Friday 27 February: lapsed"
    ) in words
    assert "My note of the call says Thursday." in page.text
    assert "No date of this case was corrected" in words_of(browser.get(f"/referrals/{case.reference}/dates"))


def test_the_same_is_answered_while_one_types(browser, case):
    page = browser.sign_in("olive").get(address(case))

    piece = browser.post(f"{address(case)}/preview", RIGHT, page=page)

    assert "Due by the end of Friday 27 February: lapsed" in words_of(piece)
    assert "Enter the right date" in words_of(browser.post(f"{address(case)}/preview", {"value-day": "x"}, page=page))


def test_asking_leads_back_to_the_dates_and_says_what_comes_next(browser, case):
    page = browser.sign_in("olive").post(address(case), ASKED)

    words = words_of(page)
    assert "Asked. A manager who had no part in it agrees or refuses" in words
    assert "1 waiting for a second person" in words
    assert "From Monday 2 March 2026 at 09:30 to Thursday 26 February 2026 at 08:50" in words


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "Say why the date is wrong, and what shows the right one."),
        ({"value-day": "", "value-month": "", "value-year": "", "value-time": ""}, "Enter the right day and time."),
        ({"value-day": "40"}, "There is no such day."),
        ({"value-day": "2", "value-month": "3", "value-time": "09:31"}, "This is after it was recorded"),
        ({"value-day": "2", "value-month": "3", "value-time": "09:30"}, "This is what is recorded already."),
        ({"clocks": ""}, "Choose what should happen to the clocks."),
        ({"precision": "vague"}, "Choose one of the answers shown."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_in_the_summary(browser, case, changes, message):
    page = browser.sign_in("olive").post(address(case), {**ASKED, **changes}, status=400)

    assert page.text.count(message) == 2
    if "reason" not in changes:
        assert "My note of the call says Thursday." in page.text


def test_a_day_without_clocks_asks_for_no_choice_about_them(browser, caseload, clock):
    case = caseload.referral(incident_from_on=(clock.now() - timedelta(days=2)).date(), incident_precision="exact")

    page = browser.sign_in("olive").get(f"/referrals/{case.reference}/dates/1/incident_from_on")

    assert "What should happen to the clocks?" not in page.text
    assert "value-time" not in page.text
    answers = {
        "value-day": "27",
        "value-month": "2",
        "value-year": "2026",
        "precision": "exact",
        "reason": "Her diary.",
    }
    browser.post(f"/referrals/{case.reference}/dates/1/incident_from_on", answers, page=page)
    mina = Browser(browser.app, browser.database).sign_in("mina")
    decision = words_of(mina.get(f"/referrals/{case.reference}/corrections/1"))
    assert "No clock changes with this date." in decision
    assert "keep the clocks" not in decision


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("abe", "dates/1/received_at"),
        ("sam", "dates/1/received_at"),
        ("olive", "dates/1/recorded_at"),
        ("olive", "dates/9/received_at"),
        ("olive", "corrections/1"),
        ("mina", "corrections/2"),
    ],
)
def test_what_is_not_there_or_not_for_them_is_not_found(browser, case, database, people, clock, who, place):
    asked(database, people.dana, case, clock.now() - timedelta(days=1))

    browser.sign_in(who).get(f"/referrals/{case.reference}/{place}", status=404)


def test_a_second_person_sees_both_dates_and_agrees(browser, case, database, people, clock):
    asked(database, people.olive, case, clock.now() - timedelta(hours=1))
    place = f"/referrals/{case.reference}/corrections/1"
    page = browser.sign_in("mina").get(place)
    words = words_of(page)
    assert "It says now Monday 2 March 2026 at 09:30 Asked to be Monday 2 March 2026 at 08:30 (exact)" in words
    assert "Why The note says so. Asked by Olive Officer Monday 2 March 2026 at 09:30" in words
    assert "Proposed for the clocks Work the clocks out anew from the corrected date" in words

    answer = browser.post(place, {"decision": "agree_derive", "reason": "I heard the call."}, page=page)

    words = words_of(answer)
    assert "The date is corrected. The original stays beside it." in words
    assert "Corrected: Monday 2 March 2026 at 08:30 First recorded: Monday 2 March 2026 at 09:30" in words
    decided = words_of(browser.get(place))
    assert "Agreed by Mina Manager" in decided
    assert "Their answer I heard the call." in decided
    assert "Record the decision" not in decided


def test_the_same_decision_sent_twice_is_made_once_and_goes_to_the_same_place(browser, case, database, people, clock):
    asked(database, people.olive, case, clock.now() - timedelta(hours=1))
    place = f"/referrals/{case.reference}/corrections/1"
    page = browser.sign_in("mina").get(place)
    browser.post(place, {"decision": "agree_derive"}, page=page)

    again = words_of(browser.post(place, {"decision": "agree_derive"}, page=page))

    assert "1 correction agreed." in again


def test_whoever_decides_after_a_colleague_is_told_so(browser, case, database, people, clock):
    asked(database, people.olive, case, clock.now() - timedelta(hours=1))
    place = f"/referrals/{case.reference}/corrections/1"
    page = browser.sign_in("mina").get(place)
    with database.work(people.hal) as act:
        corrections.decide(act, case.id, 1, agreed=True)

    late = words_of(browser.post(place, {"decision": "agree_keep"}, page=page, status=409))

    assert "A colleague has decided this meanwhile" in late
    assert "Agreed by Hal Head" in late


def test_what_cannot_be_is_said_before_it_is_asked_for(browser, case, clock):
    form = {**ASKED, "value-year": "2027"}

    shown = words_of(browser.sign_in("olive").post(address(case), {**form, "check": "yes"}))

    assert "This is after it was recorded" in shown
    assert "If the clocks are worked out anew" not in shown


def test_a_refusal_asks_for_its_reason(browser, case, database, people, clock):
    asked(database, people.olive, case, clock.now() - timedelta(hours=1))
    place = f"/referrals/{case.reference}/corrections/1"
    browser.sign_in("mina")

    page = browser.post(place, {"decision": "refuse", "reason": ""}, status=400)
    assert page.text.count("Say why the date stays as it is.") == 2
    assert "Choose what you decide." in browser.post(place, {}, status=400).text

    words = words_of(browser.post(place, {"decision": "refuse", "reason": "The note is of another call."}))
    assert "Refused. The date stands as it was recorded." in words
    assert "The note is of another call." in words


def test_who_may_not_decide_is_told_why_and_who_can(browser, case, database, people, clock, caseload):
    asked(database, people.mina, case, clock.now() - timedelta(days=3))
    place = f"/referrals/{case.reference}/corrections/1"

    words = words_of(browser.sign_in("mina").get(place))

    assert "You cannot decide this correction: you asked for it, and a second person decides." in words
    assert "Hal Head can decide it." in words
    assert "Record the decision" not in words


def test_about_their_own_lateness_nobody_decides_by_sending_the_form_anyway(browser, caseload, database, people, clock):
    case = caseload.referral(owner=people.mina.id)
    asked(database, people.olive, case, clock.now() - timedelta(minutes=30))
    place = f"/referrals/{case.reference}/corrections/1"
    page = browser.sign_in("mina").get(place)
    clock.advance(days=2)
    run_pass(database)
    browser.sign_in("mina")

    refused = browser.post(place, {"decision": "agree_keep"}, page=browser.get("/cover/leave/new"), status=400)

    assert "This form was not sent whole" in refused.text or "cannot decide" in refused.text
    assert "it concerns whether a clock was kept in time" in words_of(browser.get(place))
    assert "Record the decision" in page.text


def test_a_form_made_before_a_colleague_wrote_comes_back_with_what_was_typed(browser, case, caseload, people):
    page = browser.sign_in("olive").get(address(case))
    caseload.make(case, "add_note", {}, {"note": "Rang back."}, who=people.dana)

    stale = browser.post(address(case), ASKED, page=page, status=409)

    assert "Someone else wrote on this case" in stale.text
    assert "My note of the call says Thursday." in stale.text
    assert "Asked." in words_of(browser.post(address(case), ASKED, page=stale))


def test_the_same_form_twice_asks_once(browser, case):
    page = browser.sign_in("olive").get(address(case))
    browser.post(address(case), ASKED, page=page)

    again = words_of(browser.post(address(case), ASKED, page=page))

    assert "1 waiting for a second person" in again
    assert "Correction 2" not in again
