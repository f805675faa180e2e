"""Making moves on their pages: who may, and what a refusal shows."""

import pytest

from tests.support.browser import words_of
from tests.support.move_forms import address, send
from workflows.facts import AUDIENCES


@pytest.mark.parametrize(
    ("who", "move", "status"),
    [
        ("olive", "meet_threshold", 200),
        ("carl", "meet_threshold", 200),
        ("mina", "meet_threshold", 200),
        ("bea", "meet_threshold", 404),
        ("bea", "add_note", 200),
        ("abe", "add_note", 404),
        ("dee", "add_note", 404),
        ("pat", "add_note", 404),
        ("sam", "add_note", 404),
        ("olive", "refer", 404),
        ("olive", "no_such_move", 404),
        ("olive", "resume", 409),
    ],
)
def test_who_is_shown_a_form(browser, caseload, who, move, status):
    referral = caseload.referral()

    browser.sign_in(who).get(address(referral, move), status)


@pytest.mark.parametrize("who", ["bea", "abe", "dee", "pat", "sam"])
def test_who_may_not_see_the_form_may_not_send_it_either(browser, caseload, recorded, who):
    referral = caseload.referral()
    browser.sign_in(who)
    before = recorded()

    browser.post(
        address(referral, "meet_threshold"),
        {"limbs": "1", "rationale": "x", "seen": "5", "form_token": "x" * 20},
        page=browser.get("/sign-in"),
        status=404,
    )

    assert recorded() == before
    forged = browser.client.post(address(referral, "meet_threshold"), data={"csrf_token": "x"})
    assert forged.status_code == 404, "and without a token no more is said"


def test_a_case_that_does_not_exist_answers_like_one_of_another_council(browser, caseload, people):
    elsewhere = caseload.referral(who=people.sam)
    browser.sign_in("olive")

    theirs = browser.get(address(elsewhere, "add_note"), 404)
    nowhere = browser.get("/referrals/NB-AAAAAA-A/moves/add_note", 404)

    assert words_of(theirs) == words_of(nowhere)


def test_a_title_names_the_reference_and_nobody(browser, caseload):
    referral = caseload.referral()

    page = browser.sign_in("olive").get(address(referral, "meet_threshold"))

    assert f"<title>Threshold met: {referral.reference} " in page.text


# Refusals


def test_closing_says_what_stands_in_the_way_with_a_link_to_each(browser, caseload, recorded):
    referral = caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome"))
    browser.sign_in("olive")
    page = browser.get(address(referral, "close"))
    before = recorded()
    for link in (*(f"tell?audience={audience}" for audience in AUDIENCES), "decide_onward?body=dbs"):
        assert f"{address(referral, '')}{link}" in page.text

    answer = browser.post(address(referral, "close"), {"closing_note": "All is said."}, page=page, status=409)

    assert "still missing" in answer.text
    assert "tell?audience=referrer" in answer.text
    assert "All is said." in answer.text
    assert recorded() == before


def test_a_link_fills_in_what_it_is_about(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")

    page = browser.get(f"{address(referral, 'tell')}?audience=parents&note=not+by+a+link")

    assert 'value="parents" checked' in page.text
    assert "not by a link" not in page.text


def test_a_link_with_nonsense_shows_the_plain_form(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")

    for link in (
        "tell?audience=everybody",
        "complete_action?number=x",
        "record_fact?fact=%00",
        "tell?audience=a&audience=b",
    ):
        browser.get(f"{address(referral, '')}{link}")


def test_a_form_opened_before_the_case_moved_on_keeps_its_text(browser, caseload, recorded):
    referral = caseload.referral(("meet_threshold",))
    browser.sign_in("olive")
    page = browser.get(address(referral, "oversee"))
    for move in ("hold_meeting", "decide_outcome"):
        caseload.make(referral, move)
    before = recorded()

    answer = browser.post(
        address(referral, "oversee"),
        {"plan": "The school reports.", "review_on-day": "1", "review_on-month": "4", "review_on-year": "2026"},
        page=page,
        status=409,
    )

    assert "not open while the case is" in answer.text
    assert "The school reports." in answer.text
    assert recorded() == before


def test_all_that_is_wrong_is_said_at_once(browser, desk):
    referral = desk.case_at("hold_meeting")
    browser.sign_in("olive")
    typed = {**desk.boxes("held_at", "+365 10:00"), **desk.boxes("review_on", "+28"), "review_on-day": "45"}

    answer = browser.post(address(referral, "hold_meeting"), typed, status=400)

    assert "This is in the future." in answer.text
    assert "There is no such day." in answer.text


@pytest.mark.parametrize("year", ["20266", "226", "99999999999999999999", "02026 "])
def test_a_year_is_never_cut_to_fit(browser, desk, recorded, year):
    referral = desk.case_at("oversee")
    browser.sign_in("olive")
    before = recorded()
    typed = {**desk.typed("oversee"), "review_on-year": year}

    answer = send(browser, referral, "oversee", browser.get(address(referral, "oversee")), typed)

    assert (answer.status_code, recorded() == before) == ((302, False) if year.strip() == "02026" else (400, True))


def test_a_long_record_costs_no_more_questions_than_a_short_one(browser, caseload):
    short, long = caseload.referral(), caseload.referral()
    for _ in range(30):
        caseload.make(long, "add_note", {}, {"note": "Rang back."})
    browser.sign_in("olive")

    browser.get(address(short, "assign"))
    few = browser.queries
    browser.get(address(long, "assign"))

    assert browser.queries == few
