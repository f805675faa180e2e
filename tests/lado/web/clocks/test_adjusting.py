"""Changing a clock from its page: what comes of it is shown first, and what is refused says what to do instead."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest

from lado.services import adjustments
from lado.web.clocks.exports import plain
from tests.support.browser import hidden, words_of

REVIEW = {"review_on-day": "1", "review_on-month": "4", "review_on-year": "2026"}
CONCLUSION = ("conclusion", 1)


def place_of(case, clock, adjustment=""):
    return f"/referrals/{case.reference}/clocks/{clock}/1{adjustment and f'/{adjustment}'}"


def adjusted(browser, case, clock, adjustment, data):
    """Fill in the form, look at what comes of it, save it. Gives back both pages."""
    path = place_of(case, clock, adjustment)
    shown = browser.post(path, data)
    saved = browser.post(path, {**data, "shown": hidden(shown, "shown")}, page=shown)
    return words_of(shown), words_of(saved)


def paused(database, people, case):
    with database.work(people.olive) as act:
        adjustments.pause(act, case.id, CONCLUSION, "The trial is in May.", holder="court", review_on=date(2026, 4, 1))


def test_more_time_is_worked_out_first_and_said_afterwards(browser, caseload):
    case = caseload.referral()
    browser.sign_in("olive")

    shown, saved = adjusted(browser, case, "meeting", "extend", {"by": "2", "reason": "The head is away."})

    outcome = (
        "“First meeting” is due by the end of Wednesday 11 March. Until now it was due by the end of Monday 9 March."
    )
    assert f"If you save this {outcome}" in shown
    assert f"Saved. {outcome}" in saved
    assert "Extended by 2 more working days the end of Wednesday 11 March" in saved
    assert "The head is away." in saved
    assert "More time given 2 more working days" in saved
    assert "First promised The end of Monday 9 March 2026" in saved
    assert "7 Wed 11 Mar 2026 more time, counted: due at 23:59:59" in saved


def test_nothing_is_saved_before_what_comes_of_it_was_seen(browser, caseload):
    case = caseload.referral()
    browser.sign_in("olive").post(place_of(case, "meeting", "extend"), {"by": "2", "reason": "x"})

    assert "Extended" not in words_of(browser.get(place_of(case, "meeting")))


def test_what_was_changed_after_it_was_shown_is_shown_again(browser, caseload):
    case = caseload.referral()
    path = place_of(case, "meeting", "extend")
    shown = browser.sign_in("olive").post(path, {"by": "2", "reason": "x"})
    again = browser.post(path, {"by": "3", "reason": "x", "shown": hidden(shown, "shown")}, page=shown)

    assert "If you save this “First meeting” is due by the end of Thursday 12 March" in words_of(again)


def test_a_date_that_an_officer_gave_gets_a_later_one(browser, caseload):
    case = caseload.referral(("ask_information",))
    browser.sign_in("olive")
    day = {"due_on-day": "27", "due_on-month": "3", "due_on-year": "2026"}

    shown, saved = adjusted(browser, case, "information", "extend", {**day, "reason": "Half term."})

    assert "Give it a later date" in shown
    assert "Given a later date the end of Friday 27 March" in saved


def test_a_pause_names_its_holder_and_sets_its_review(browser, caseload):
    case = caseload.referral(("meet_threshold",))
    browser.sign_in("olive")

    shown, saved = adjusted(
        browser, case, "conclusion", "pause", {"holder": "court", "reason": "The trial is in May.", **REVIEW}
    )

    assert "the ball is with the court. The pause is reviewed by the end of Wednesday 1 April." in shown
    assert "The court Monday 2 March 2026 at 09:30 It lasts The trial is in May." in saved
    assert "The pause is reviewed by the end of Wednesday 1 April 2026 (action 1)" in saved
    assert "Start it again" in saved
    assert "Let it stand still longer" in saved
    page = words_of(browser.get(f"/referrals/{case.reference}"))
    assert "1. Review the pause of a clock: start it again, or set the next review." in page
    assert "Review pause 1" in page
    assert "The court (now) 0" in page


def test_the_days_of_a_pause_that_lasts_are_shown_up_to_today(browser, caseload, database, people, clock):
    case = caseload.referral(("meet_threshold",))
    clock.advance(days=2)
    paused(database, people, case)
    clock.advance(days=2)
    page = browser.sign_in("olive").get(place_of(case, "conclusion"))

    words = words_of(page)
    assert "1 Tue 3 Mar 2026 counted – Wed 4 Mar 2026 paused: the court" in words
    assert "– Fri 6 Mar 2026 paused: the court The rule" in words
    assert "strip__day--due" not in page.text


def test_the_review_of_a_pause_is_pointed_to_the_page_of_its_clock(browser, caseload, database, people):
    case = caseload.referral(("meet_threshold",))
    paused(database, people, case)
    path = f"/referrals/{case.reference}/moves/complete_action"
    form = browser.sign_in("olive").get(path)

    assert "This is done on the page of the clock that stands still" in words_of(form)
    refused = browser.post(path, {"number": "1", "note": "Done."}, page=form, status=409)
    assert "the review of a pause is done on the page of its clock" in words_of(refused)


def test_a_pause_is_kept_and_then_ended(browser, caseload, database, people, clock):
    case = caseload.referral(("meet_threshold",))
    paused(database, people, case)
    clock.advance(days=10)
    browser.sign_in("olive")

    _, kept = adjusted(browser, case, "conclusion", "keep", {"reason": "Put off.", **REVIEW})
    clock.advance(days=10)
    browser.sign_in("olive")
    _, resumed = adjusted(browser, case, "conclusion", "resume", {"reason": "The trial is over."})

    assert "stands still; the ball is with the court" in kept
    assert "Saved. “Conclusion” is due by the end of Sunday 21 June" in resumed
    assert "After the pause the end of Sunday 21 June" in resumed
    assert "paused: the court" in resumed
    page = words_of(browser.get(f"/referrals/{case.reference}"))
    assert "The court 20" in page
    assert "The designated officer (now) 0" in page


def test_a_clock_that_runs_again_on_the_same_day_keeps_its_date(browser, caseload, database, people):
    case = caseload.referral(("meet_threshold",))
    paused(database, people, case)
    browser.sign_in("olive")

    shown, _ = adjusted(browser, case, "conclusion", "resume", {"reason": "A slip."})

    assert "“Conclusion” stays due by the end of Tuesday 2 June: no day that counts fell into the pause." in shown


def test_a_clock_that_does_not_apply_is_stopped_and_what_goes_on_is_named(browser, caseload):
    case = caseload.referral()
    browser.sign_in("olive")

    shown, saved = adjusted(browser, case, "meeting", "stop", {"stop_reason": "otherwise", "reason": "Agreed."})

    assert "“First meeting” stops. The next clock of the case is “Threshold decision”" in shown
    assert "No longer applies since 09:30 today Stopped" in saved
    stopped = "Stopped By Olive Officer, Monday 2 March 2026 at 09:30 It was dealt with in another way Agreed."
    assert stopped in saved
    record = words_of(browser.get(f"/referrals/{case.reference}/record"))
    assert "A clock was stopped" in record
    assert "Why it does not apply: It was dealt with in another way" in record


@pytest.mark.parametrize(
    ("key", "adjustment", "data", "words"),
    [
        ("meeting", "extend", {"by": "", "reason": "x"}, "Enter how many more."),
        ("meeting", "extend", {"by": "two", "reason": "x"}, "Enter a whole number from 1 to 366."),
        ("meeting", "extend", {"by": "2", "reason": ""}, "Say why."),
        ("conclusion", "pause", {"reason": "x", **REVIEW}, "Choose who has the ball."),
        ("conclusion", "pause", {"holder": "court", "reason": "x"}, "Enter the day of the next review."),
        (
            "conclusion",
            "pause",
            {"holder": "court", "reason": "x", **REVIEW, "review_on-year": "2036"},
            "more than two years away",
        ),
        ("meeting", "stop", {"reason": "x"}, "Choose why it does not apply."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(browser, caseload, key, adjustment, data, words):
    case = caseload.referral()
    browser.sign_in("olive")
    assert words in words_of(browser.post(place_of(case, key, adjustment), data, status=400))


@pytest.mark.parametrize(
    ("key", "adjustment", "words"),
    [
        ("meeting", "pause", "does not stand still for anybody"),
        ("meeting", "resume", "does not stand still now"),
        ("evaluation_decision", "extend", "has ended"),
    ],
)
def test_what_cannot_be_done_now_says_what_to_do_instead(browser, caseload, key, adjustment, words):
    case = caseload.referral(("meet_threshold",))
    browser.sign_in("olive")
    assert words in words_of(browser.get(place_of(case, key, adjustment), status=409))


def test_the_page_offers_what_is_open_and_says_why_not_the_rest(browser, caseload):
    case = caseload.referral()
    words = words_of(browser.sign_in("olive").get(place_of(case, "meeting")))

    assert "Give it more time" in words
    assert "Under the council’s rules this clock does not stand still for anybody." in words


def test_a_colleague_who_was_first_is_shown_and_nothing_typed_is_lost(browser, caseload, people):
    case = caseload.referral()
    path, data = place_of(case, "meeting", "extend"), {"by": "2", "reason": "The head is away."}
    shown = browser.sign_in("olive").post(path, data)
    caseload.make(case, "add_note", {}, {"note": "Rang back."}, who=people.dana)

    stale = browser.post(path, {**data, "shown": hidden(shown, "shown")}, page=shown, status=409)
    again = browser.post(path, data, page=stale)

    assert "Rang back." in words_of(stale)
    assert "The head is away." in stale.text
    assert "If you save this" in words_of(again)


def test_a_form_that_was_cut_is_not_saved(browser, caseload):
    case = caseload.referral()
    path, data = place_of(case, "meeting", "extend"), {"by": "2", "reason": "x"}
    shown = browser.sign_in("olive").post(path, data)

    cut = browser.post(path, {**data, "seen": "x", "shown": hidden(shown, "shown")}, page=shown, status=400)

    assert "This form was not sent whole." in words_of(cut)


@pytest.mark.parametrize("name", ["bea", "abe", "ada", "sam", "pat"])
def test_who_may_not_change_clocks_is_offered_nothing(browser, caseload, name):
    case = caseload.referral()
    browser.sign_in(name).get(place_of(case, "meeting", "extend"), status=404)


def test_the_working_is_downloaded_as_rows(browser, caseload, database, people, clock):
    case = caseload.referral(("meet_threshold",))
    paused(database, people, case)
    clock.advance(days=3)
    with database.work(people.olive) as act:
        adjustments.resume(act, case.id, CONCLUSION, "=HYPERLINK(1)")
    answer = browser.sign_in("olive").get(f"{place_of(case, 'conclusion')}/working.csv")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case.reference}-working.csv"'
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))
    assert ["Clock", "Reference", case.reference, "", ""] in rows
    assert ["Day", "Not counted", "2026-03-03", "", "paused: the court"] in rows
    assert next(row for row in rows if row[0] == "Pause")[1] == "The court"
    assert [row for row in rows if row[0] == "Date"][-1][4] == "'=HYPERLINK(1)"
    assert {len(row) for row in rows} == {5}


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1"])
def test_no_cell_can_be_a_formula(begins):
    assert plain(begins).startswith("'")
    assert plain("Counted") == "Counted"


def test_the_whole_case_for_paper_has_the_working_of_each_clock_in_short(browser, caseload, database, people):
    case = caseload.referral()
    with database.work(people.olive) as act:
        adjustments.extend(act, case.id, ("meeting", 1), "The head is away.", by=2)
    words = words_of(browser.sign_in("olive").get(f"/referrals/{case.reference}/whole"))

    assert "How the dates were reached" in words
    assert "Limit: 5 working days and 2 more working days" in words
    assert "Not counted: 1 × Saturday, 1 × Sunday." in words
    assert "Dates before: the end of Monday 9 March 2026. Due by the end of Wednesday 11 March 2026." in words


def test_the_picture_names_who_had_the_ball_in_each_pause(browser, caseload, database, people, clock):
    case = caseload.referral(("meet_threshold",))
    paused(database, people, case)
    clock.advance(days=20)
    page = browser.sign_in("olive").get(f"/referrals/{case.reference}")

    assert "Conclusion: Paused: the court" in page.text


def test_a_case_with_many_pauses_is_read_with_as_many_queries(browser, caseload, database, people, clock):
    few, many = caseload.referral(("meet_threshold",)), caseload.referral(("meet_threshold",))
    for case, times in ((few, 1), (many, 6)):
        for _ in range(times):
            with database.work(people.olive) as act:
                on = (clock.now() + timedelta(days=9)).date()
                adjustments.pause(act, case.id, CONCLUSION, "Waits.", holder="employer", review_on=on)
            clock.advance(days=1)
            with database.work(people.olive) as act:
                adjustments.resume(act, case.id, CONCLUSION, "Goes on.")
    browser.sign_in("olive")
    for page in ("", "/whole", "/clocks/conclusion/1"):
        browser.get(f"/referrals/{few.reference}{page}")
        queries = browser.queries
        browser.get(f"/referrals/{many.reference}{page}")
        assert browser.queries == queries, page
