"""Several people, windows and clicks on one case: nothing is lost, nothing is overwritten, nothing is done twice."""

import pytest

from lado.services import drafts
from tests.support.browser import hidden, words_of
from tests.support.move_forms import address, send

NOTE = {"note": "The head teacher rang back."}


def test_a_stale_save_shows_both_versions_and_saves_when_sent_again(browser, caseload, people, recorded):
    referral = caseload.referral()
    browser.sign_in("olive")
    page = browser.get(address(referral, "meet_threshold"))
    typed = {"limbs": ["1", "3"], "rationale": "Mine: two people saw it."}
    caseload.make(referral, "add_note", {}, {"note": "Theirs: the police rang."}, who=people.dana)
    before = recorded()

    answer = browser.post(address(referral, "meet_threshold"), typed, page=page, status=409)

    assert recorded() == before
    assert "Theirs: the police rang." in answer.text
    assert "Dana Deputy" in answer.text
    assert "Mine: two people saw it." in answer.text
    assert answer.text.count("checked") == 2
    assert hidden(answer, "seen") > hidden(page, "seen")
    assert hidden(answer, "form_token") != hidden(page, "form_token")

    browser.post(address(referral, "meet_threshold"), typed, page=answer)
    assert recorded() > before


def test_what_the_scheduler_or_i_myself_recorded_makes_no_form_stale(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")
    page = browser.get(address(referral, "add_note"))
    caseload.make(referral, "add_note", {}, {"note": "In another window."})

    browser.post(address(referral, "add_note"), NOTE, page=page)


def test_a_double_click_has_one_effect_and_one_answer(browser, caseload, recorded):
    referral = caseload.referral()
    browser.sign_in("olive")
    page = browser.get(address(referral, "add_note"))
    before = recorded()

    first = send(browser, referral, "add_note", page, NOTE)
    second = send(browser, referral, "add_note", page, NOTE)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location == f"/referrals/{referral.reference}"
    assert recorded() == before + 1


def test_a_draft_is_put_back_and_thrown_away_once_saved(browser, caseload, database, people):
    referral = caseload.referral()
    browser.sign_in("olive")
    key = f"move:{referral.reference}:add_note"
    with database.work(people.olive) as act:
        drafts.keep(act, key, {"note": ["Half a sentence"], "csrf_token": ["x"], "seen": ["0"], "other": ["\x00"]})

    page = browser.get(address(referral, "add_note"))
    assert f'data-autosave-url="/drafts/{key}"' in page.text
    assert "Half a sentence" in page.text
    assert "was kept and is back in the form" in words_of(page)

    browser.post(address(referral, "add_note"), {"note": "Half a sentence, and the rest."}, page=page)
    assert "Half a sentence" not in browser.get(address(referral, "add_note")).text


def test_typing_is_kept_under_the_name_of_the_form_and_can_be_thrown_away(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")
    page = browser.get(address(referral, "meet_threshold"))
    kept_at = f"/drafts/move:{referral.reference}:meet_threshold"

    saved = browser.post(kept_at, {"rationale": "Two people", "limbs": ["1", "4"], "police_informed": "y"}, page=page)
    again = browser.get(address(referral, "meet_threshold"))

    assert saved.json == {"saved_at": "09:30"}
    assert "Two people" in again.text
    assert again.text.count(" checked") == 3
    emptied = browser.post(f"{kept_at}/throw-away", {}, page=again)
    assert "Two people" not in emptied.text


@pytest.mark.parametrize("name", ["move", "move:NB-222222-2", "move:nb:add_note", "move:NB-222222-2:Add", "other"])
def test_no_draft_is_kept_of_a_form_that_does_not_exist(browser, caseload, name):
    referral = caseload.referral()
    browser.sign_in("olive")

    browser.post(f"/drafts/{name}", {"note": "x"}, page=browser.get(address(referral, "add_note")), status=404)
