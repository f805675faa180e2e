"""The page of a clock: how was this date reached?"""

from datetime import UTC, datetime, timedelta

import pytest

from lado.web.clocks.presenters import STARTS, cut_off_words, limit_words
from tests.support.browser import words_of
from workflows.rules import NATIONAL
from workflows.spans import CutOff, Span, Unit


def page_of(browser, case, clock, occurrence=1):
    return browser.sign_in("olive").get(f"/referrals/{case.reference}/clocks/{clock}/{occurrence}")


def test_every_day_of_the_working_is_shown_with_its_reason(browser, caseload, clock):
    clock.move_to(datetime(2026, 4, 2, 9, 30, tzinfo=UTC))  # the Thursday before Easter
    case = caseload.referral()

    words = words_of(page_of(browser, case, "evaluation_decision"))

    assert "day 0: started at 10:30" in words
    assert "Good Friday" in words
    assert "Easter Monday" in words
    assert "1 Tue 7 Apr 2026 counted: due at 23:59:59" in words


def test_the_rule_its_source_and_the_calendar_are_named(browser, caseload):
    case = caseload.referral()

    words = words_of(page_of(browser, case, "evaluation_decision"))

    assert "Limit 1 working day from when the referral was received" in words
    assert "Where the rule is written LADO Minimum Standards, standard 2" in words
    assert "England and Wales, bank holidays known to" in words
    assert "First date the end of Tuesday 3 March" in words


def test_a_pause_is_shown_with_its_holder_and_both_dates(browser, caseload, clock):
    case = caseload.referral(("meet_threshold", "hold_meeting", "pause_for_police"))
    clock.advance(days=4)
    caseload.make(case, "hold_review")

    words = words_of(page_of(browser, case, "conclusion"))

    assert "paused: the police" in words
    assert "First date the end of Tuesday 2 June" in words
    assert "After the pause the end of Friday 5 June" in words


def test_a_clock_that_stands_still_says_so(browser, caseload):
    case = caseload.referral(("meet_threshold", "hold_meeting", "pause_for_police"))

    words = words_of(page_of(browser, case, "conclusion"))

    assert "The clock stands still now" in words
    assert "the ball is with the police" in words


def test_a_date_given_by_an_officer_names_the_officer(browser, caseload):
    case = caseload.referral(("ask_information",))

    words = words_of(page_of(browser, case, "information"))

    assert "None: the date was given by Olive Officer on Monday 2 March 2026 at 09:30" in words
    assert "there is nothing to count" in words


def test_a_date_beyond_the_published_holidays_is_marked_provisional(browser, caseload, clock):
    clock.move_to(datetime(2028, 12, 29, 9, 30, tzinfo=UTC))
    case = caseload.referral()

    words = words_of(page_of(browser, case, "evaluation_decision"))

    assert "This date is provisional" in words
    assert "bank holidays not yet published" in words


def test_who_is_told_next_is_named_with_the_time(browser, caseload):
    case = caseload.referral()

    words = words_of(page_of(browser, case, "evaluation_decision"))

    assert "Who is told when it lapses" in words
    assert "The service manager" in words
    assert "Not told yet" in words


@pytest.mark.parametrize("place", ["nothing/1", "evaluation_decision/2", "evaluation_decision/0", "information/1"])
def test_a_clock_that_never_ran_is_not_found(browser, caseload, place):
    case = caseload.referral()

    browser.sign_in("olive").get(f"/referrals/{case.reference}/clocks/{place}", status=404)


def test_every_clock_of_a_long_case_has_its_page(browser, caseload, clock):
    case = caseload.referral(("meet_threshold", "arrange_meeting", "hold_meeting", "pause_for_police"))
    clock.advance(days=20)
    caseload.make(case, "hold_review")
    page = browser.sign_in("olive").get(f"/referrals/{case.reference}")
    links = {part.split('"')[0] for part in page.text.split('href="') if "/clocks/" in part.split('"')[0]}

    assert len(links) > 6
    for link in links:
        browser.get(link)


def test_every_start_of_the_national_rules_has_words():
    assert {rule.starts for rule in NATIONAL.timescales} <= set(STARTS)


def test_limits_and_cut_offs_are_said_in_their_own_units():
    assert limit_words(Span(1, Unit.WORKING_DAY)) == "1 working day"
    assert limit_words(Span(24, Unit.HOUR)) == "24 hours"
    at = (datetime(2026, 3, 6, 15, tzinfo=UTC) + timedelta(hours=1)).time()
    assert cut_off_words(CutOff(4, at)) == "After 16:00 on a Friday, the next working day is day 0"
