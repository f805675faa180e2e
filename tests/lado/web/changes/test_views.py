"""Bank holidays and the procedure: what is listed, what a late day leaves to review, and moving cases from the page."""

from datetime import date, timedelta

import pytest

from lado.adapters.bank_holidays import england
from lado.jobs import changes as job
from lado.security.identity import SYSTEM
from lado.services import installation
from tests.support import addresses
from tests.support.browser import hidden, words_of
from workflows.calendar import Calendar

CALENDAR, PROCEDURE = "/settings/calendar", "/settings/procedure"
MOVE = f"{PROCEDURE}/allegation_v2/rehearsal"


@pytest.fixture
def announce(database):
    """Keep a list with one more bank holiday, and bring the running cases under it."""

    def do(day, name="State funeral"):
        known = england()
        days = {**known.holidays, day: name}
        with database.work(SYSTEM) as act:
            installation.keep_holidays(act, Calendar.of(known.name, days, known.known_from, known.known_to))
        job.tick(database)

    return do


@pytest.fixture
def mina(browser):
    """The service manager's browser."""
    return browser.sign_in("mina")


def test_the_days_of_a_year_stand_there_and_other_years_are_a_link_away(mina):
    page = mina.get(CALENDAR)

    assert "Monday 6 April 2026 Easter Monday Bank holiday" in words_of(page)
    assert "Every case counts with the first list" in words_of(page)
    assert "Friday 26 March 2027 Good Friday" in words_of(mina.get(f"{CALENDAR}?year=2027"))


@pytest.mark.parametrize("year", ["", "x", "0", "99999", "２０２６", "-1", "9999"])
def test_an_odd_year_is_no_trouble(mina, year):
    mina.get(f"{CALENDAR}?year={year}")


def test_everyone_of_the_council_reads_and_only_managers_go_further(browser, announce, caseload):
    caseload.referral()
    announce(date(2026, 3, 5))
    olive = browser.sign_in("olive")

    page = olive.get(CALENDAR)
    assert "Added: Thursday 5 March 2026 (State funeral)." in words_of(page)
    assert "/settings/changes/" not in page.text
    assert "/reviews" not in page.text
    assert "would change" not in words_of(olive.get(PROCEDURE))
    for path in (MOVE, f"{CALENDAR}/reviews"):
        olive.get(path, 403)
    olive.get("/settings/changes/1", 404)


def test_a_change_of_the_calendar_is_shown_case_by_case(mina, announce, caseload):
    moved, same = caseload.referral(), caseload.referral(("advise",))
    announce(date(2026, 3, 5))

    assert "Done: 2 cases changed." in words_of(mina.get(CALENDAR))
    page = words_of(mina.get("/settings/changes/1"))
    assert "by a command of whoever runs this service" in page
    assert f"{moved.reference} Its record says so; 1 date moved" in page
    assert f"{same.reference} Its record says so; no date moved" in page
    record = words_of(mina.get(f"/referrals/{moved.reference}/record"))
    assert "The bank holidays or days of closure changed" in record


def test_a_late_day_waits_for_a_manager_who_says_what_they_found(browser, announce, caseload, clock):
    referral = caseload.referral()
    clock.advance(days=2)
    caseload.make(referral, "meet_threshold")
    announce(date(2026, 3, 3))
    mina = browser.sign_in("mina")

    assert "1 time limit ended or lapsed over it" in words_of(mina.get(CALENDAR))
    waiting = words_of(mina.get(f"{CALENDAR}/reviews"))
    assert f"{referral.reference} Threshold decision Late: due Tuesday 3 March 2026 at 23:59 In time: due" in waiting
    review = f"{CALENDAR}/reviews/{addresses.hidden(browser.app, 1)}"
    page = mina.get(review)
    refused = mina.post(review, {"note": "  "}, page=page, status=400)
    assert "Say what you found." in words_of(refused)

    done = words_of(mina.post(review, {"note": "In time after all."}, page=page))
    assert "Recorded: you have looked at it." in done
    assert "Nothing waits to be looked at" in done
    assert "Mina" in done


def test_the_end_of_the_list_is_announced_before_it_comes(browser, clock):
    clock.advance(days=(england().known_to - clock.now().date()).days - 30)

    assert "Bank holidays are known up to" in words_of(browser.sign_in("mina").get(CALENDAR))


def test_the_move_is_rehearsed_made_and_taken_back(mina, database, caseload):
    early = caseload.referral()
    late = caseload.referral(("meet_threshold", "hold_meeting", "decide_outcome", "follow_up"))

    plan = mina.get(MOVE)
    said = words_of(plan)
    assert "2 open cases would move. 1 case would stand in a state of another name. No date would change." in said
    assert f"{late.reference} “Following up the outcome” becomes “Outcome decided”" in said
    assert "version 2" not in words_of(mina.get(f"/referrals/{early.reference}/record"))

    begun = words_of(mina.post(MOVE, {}, page=plan))
    assert "Version 2 is in force. Running cases follow" in begun
    assert "Under way: 0 cases changed, 2 to go." in begun
    job.tick(database)
    assert "Done: 2 cases changed." in words_of(mina.get("/settings/changes/1"))
    assert "Version 2 In force" in words_of(mina.get(PROCEDURE))
    record = words_of(mina.get(f"/referrals/{late.reference}/record"))
    assert "The case goes on under version 2 of the procedure" in record
    assert "It stood in “Following up the outcome”" in record

    caseload.make(early, "send_receipt", {}, {"note": "By e-mail."})
    back = mina.get(f"{PROCEDURE}/allegation_v1/rehearsal")
    assert "Stays as it is. It has what only its own version knows: the receipt" in words_of(back)
    mina.post(f"{PROCEDURE}/allegation_v1/rehearsal", {}, page=back)
    job.tick(database)
    after = words_of(mina.get("/settings/changes/2"))
    assert "Done: 1 case changed, 1 kept as it was." in after
    assert f"{early.reference} Kept as it is." in after
    assert "Version 2 to version 1 (taken back)" in words_of(mina.get(PROCEDURE))


def test_a_plan_that_was_overtaken_is_shown_again(mina, caseload):
    caseload.referral()
    plan = mina.get(MOVE)
    mina.post(MOVE, {}, page=plan)
    stale = mina.get(f"{PROCEDURE}/allegation_v1/rehearsal")
    tokens = {name: hidden(stale, name) for name in ("csrf_token", "form_token")}

    answer = mina.client.post(f"{PROCEDURE}/allegation_v1/rehearsal", data={**tokens, "seen": "allegation_v1"})

    assert answer.status_code == 409
    assert "Somebody else has changed the version" in words_of(answer)


def test_a_version_that_is_not_there_or_in_force_already(mina):
    mina.get(f"{PROCEDURE}/allegation_v9/rehearsal", 404)
    mina.get(f"{PROCEDURE}/allegation_v9.svg", 404)
    assert "There is nothing to move" in words_of(mina.get(f"{PROCEDURE}/allegation_v1/rehearsal"))
    assert mina.get(f"{PROCEDURE}/allegation_v2.svg").mimetype == "image/svg+xml"


def test_numbers_that_no_database_knows(mina):
    for path in ("/settings/changes/", f"{CALENDAR}/reviews/"):
        mina.get(f"{path}{9**40}", 404)
        mina.get(f"{path}77", 404)
        mina.get(f"{path}{2**31}", 404)
    for after in (9**40, 2**31, -(9**40), "x"):
        mina.get(f"{CALENDAR}/reviews?after={after}")


@pytest.mark.parametrize(
    "path", [CALENDAR, f"{CALENDAR}/reviews", f"{CALENDAR}/reviews/{{review}}", MOVE, PROCEDURE, "/settings/changes/1"]
)
def test_many_cases_take_as_many_statements_as_few(browser, announce, caseload, clock, path):
    counts, path = [], path.format(review=addresses.hidden(browser.app, 1))
    for number in (3, 27):
        for _ in range(number):
            caseload.referral()
        clock.advance(days=2)
        announce((clock.now() - timedelta(days=1)).date(), f"Announced after {number}")
        browser.sign_in("mina").get(path)  # a list of holidays is read once by each process
        browser.get(path)
        counts.append(browser.queries)
        clock.advance(days=5)

    assert counts[0] == counts[1]
