"""Making moves on their pages: who may, what a refusal shows, what a stale save shows, and what a double click does."""

from datetime import UTC, datetime, timedelta

import pytest

from lado.models import Referral
from lado.queries import ledger
from lado.services import cover, drafts
from tests.support.browser import hidden, words_of
from tests.support.move_forms import address, send
from workflows.events import MeetingHeld, Noted, OwnerAssigned, Told

NOTE = {"note": "The head teacher rang back."}


@pytest.fixture
def events(database, people):
    def of(referral):
        with database.reading(people.olive) as act:
            found = act.session.get_one(Referral, referral.id)
            act.session.refresh(found, ["sealing_key"])
            return ledger.entries(act, found)

    return of


# Who may


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
    for link in ("tell?audience=family", "decide_onward?body=dbs"):
        assert f"{address(referral, '')}{link}" in page.text

    answer = browser.post(address(referral, "close"), {"closing_note": "All is said."}, page=page, status=409)

    assert "still missing" in answer.text
    assert "tell?audience=referrer" in answer.text
    assert "All is said." in answer.text
    assert recorded() == before


def test_a_link_fills_in_what_it_is_about(browser, caseload):
    referral = caseload.referral()
    browser.sign_in("olive")

    page = browser.get(f"{address(referral, 'tell')}?audience=family&note=not+by+a+link")

    assert 'value="family" checked' in page.text
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


def test_a_long_record_costs_no_more_questions_than_a_short_one(browser, caseload):
    short, long = caseload.referral(), caseload.referral()
    for _ in range(30):
        caseload.make(long, "add_note", {}, {"note": "Rang back."})
    browser.sign_in("olive")

    browser.get(address(short, "assign"))
    few = browser.queries
    browser.get(address(long, "assign"))

    assert browser.queries == few


# Two people at once


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


# What the answers become


def test_attendance_is_a_fact_of_its_own(browser, caseload, desk, events):
    referral = desk.case_at("hold_meeting")
    browser.sign_in("olive")

    browser.post(address(referral, "hold_meeting"), desk.typed("hold_meeting"))

    held = [entry.event for entry in events(referral) if isinstance(entry.event, MeetingHeld)]
    noted = [entry for entry in events(referral) if isinstance(entry.event, Noted)]
    assert held[0].held_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert noted[0].event.answers == {"fact": "attendance_recorded"}
    assert noted[0].words == {"note": "The head teacher"}


def test_words_never_stand_in_the_plain_part(browser, desk, events):
    referral = desk.case_at("offer_transfer")
    browser.sign_in("olive")

    browser.post(address(referral, "offer_transfer"), desk.typed("offer_transfer"))

    entry = next(entry for entry in events(referral) if isinstance(entry.event, Noted))
    assert "Southmere" not in str(entry.event)
    assert entry.words["authority"] == "Southmere Council"


def test_somebody_not_told_needs_a_reason_and_no_day(browser, caseload, desk, events):
    referral = caseload.referral()
    browser.sign_in("olive")
    typed = {"audience": "subject", "decision": "not_told", **desk.boxes("told_on", "+400")}
    page = browser.get(address(referral, "tell"))

    answer = browser.post(address(referral, "tell"), typed, page=page, status=400)
    assert "Give the reason why they are not told." in answer.text

    browser.post(address(referral, "tell"), {**typed, "reason": "The police ask us to wait."}, page=answer)
    told = [entry.event for entry in events(referral) if isinstance(entry.event, Told)]
    assert told == [Told("subject", False, None)]


def test_each_allegation_needs_its_outcome(browser, caseload, recorded):
    more = ({"category": "conduct", "summary": "Shouted."}, {"category": "emotional", "summary": "Named a child."})
    referral = caseload.referral(("meet_threshold", "hold_meeting"), more_allegations=more)
    browser.sign_in("olive")
    before = recorded()
    typed = {"outcome_1": "substantiated", "outcome_3": "false", "rationale": "See the minutes."}

    answer = browser.post(address(referral, "decide_outcome"), typed, status=400)

    assert "Choose the outcome of allegation 2." in answer.text
    assert recorded() == before
    browser.post(address(referral, "decide_outcome"), {**typed, "outcome_2": "unfounded"}, page=answer)
    assert recorded() > before


@pytest.mark.parametrize(
    ("other", "because"),
    [
        ("itself", "of this very case"),
        ("theirs", "No case of yours has this reference"),
        ("NB-222222-2", "No case of yours has this reference"),
        ("merged", "was itself merged"),
    ],
)
def test_a_case_is_merged_only_into_another_one_of_this_council(browser, caseload, people, recorded, other, because):
    referral = caseload.referral()
    cases = {
        "itself": referral.reference,
        "theirs": caseload.referral(who=people.sam).reference,
        "merged": merged_case(caseload),
    }
    browser.sign_in("olive")
    before = recorded()
    typed = {"merged_into": cases.get(other, other), "rationale": "The same.", "told": "The school."}

    answer = browser.post(address(referral, "merge"), typed, status=400)

    assert because in answer.text
    assert recorded() == before


def merged_case(caseload) -> str:
    first, second = caseload.referral(), caseload.referral()
    caseload.make(first, "merge", {"merged_into": second.reference}, {"rationale": "The same.", "told": "Both."})
    return first.reference


def test_a_reference_may_be_written_as_people_write_it(browser, caseload):
    referral, other = caseload.referral(), caseload.referral()
    browser.sign_in("olive")
    typed = {"merged_into": other.reference.lower().replace("-", " "), "rationale": "The same.", "told": "Both."}

    browser.post(address(referral, "merge"), typed)


def test_a_far_review_is_saved_and_pointed_out(browser, desk):
    referral = desk.case_at("oversee")
    browser.sign_in("olive")

    answer = browser.post(address(referral, "oversee"), {**desk.typed("oversee"), **desk.boxes("review_on", "+60")})

    assert "more than six weeks away" in words_of(answer)


def test_a_case_is_not_given_to_someone_who_is_away_with_nobody_to_cover(browser, caseload, away, events, people):
    referral = caseload.referral()
    away(people.dana)
    browser.sign_in("olive")
    page = browser.get(address(referral, "assign"))
    assert "and nobody covers." in words_of(page)

    answer = browser.post(address(referral, "assign"), {"owner": str(people.dana.id)}, page=page, status=400)
    assert "Name a cover first" in answer.text

    browser.post(address(referral, "assign"), {"owner": str(people.carl.id)}, page=answer)
    owners = [entry.event.owner for entry in events(referral) if isinstance(entry.event, OwnerAssigned)]
    assert owners == [people.olive.id, people.carl.id]


@pytest.fixture
def away(database, people, clock):
    """Somebody goes away for a week from now, with nobody to cover."""

    def go(who):
        with database.work(who) as act:
            cover.book_leave(act, cover.NewAbsence(who.id, "leave", clock.now(), clock.now() + timedelta(days=7), None))

    return go


# Drafts


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
