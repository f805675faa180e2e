"""A corrected date is said to be corrected wherever it is shown, with what was first recorded beside it."""

from datetime import UTC, datetime, timedelta

import pytest

from lado.queries.corrections import unopened
from lado.security.identity import SYSTEM
from lado.services import corrections
from lado.services.corrections import NewCorrection
from tests.support.browser import words_of

SUNDAY = datetime(2026, 3, 1, 17, 5, tzinfo=UTC)


@pytest.fixture
def correct(database, people):
    """Ask and agree, so that a date of a case is corrected."""

    def agree(case, value, entry=1, name="received_at"):
        with database.work(people.olive) as act:
            number = corrections.ask(act, case.id, NewCorrection(entry, name, value, "The note says so."))
        with database.work(people.hal) as act:
            corrections.decide(act, case.id, number, agreed=True, clocks="derive")

    return agree


def entry_of(database, case, move):
    with database.reading(SYSTEM) as act:
        return next(line.number for line in unopened(act.session, case.id) if move in tuple(line.event)[:1])


def test_the_received_date_on_each_page_of_the_case(browser, caseload, correct):
    case = caseload.referral()
    correct(case, SUNDAY)
    browser.sign_in("olive")

    words = words_of(browser.get(f"/referrals/{case.reference}"))
    assert "Received 17:05 on Sunday 1 March (corrected)" in words
    both = "Sunday 1 March 2026 at 17:05 (corrected; first recorded as Monday 2 March 2026 at 09:30), telephone call"
    assert f"Received {both}" in words
    assert both in words_of(browser.get(f"/referrals/{case.reference}/whole"))
    record = words_of(browser.get(f"/referrals/{case.reference}/record"))
    assert "Received on Monday 2 March 2026 at 09:30 (exact)" in record
    assert "Corrected since: Received Sunday 1 March 2026 at 17:05" in record
    assert "Correction 1 agreed" in record
    assert "worked out anew because of a corrected date" in record


def test_other_dates_of_the_referral_and_of_meetings(browser, caseload, correct, clock, database):
    case = caseload.referral(
        employer_aware_at=clock.now() - timedelta(days=1),
        incident_from_on=(clock.now() - timedelta(days=3)).date(),
        incident_precision="exact",
    )
    clock.advance(hours=1)
    caseload.make(case, "meet_threshold")
    caseload.make(case, "hold_meeting")
    caseload.make(case, "tell", {"audience": "referrer", "decision": "told", "told_on": clock.now().date()}, {})
    correct(case, clock.now() - timedelta(days=2), name="employer_aware_at")
    correct(case, (clock.now() - timedelta(days=4)).date(), name="incident_from_on")
    correct(case, clock.now() - timedelta(minutes=30), entry_of(database, case, "hold_meeting"), "held_at")
    correct(case, (clock.now() - timedelta(days=1)).date(), entry_of(database, case, "tell"), "told_on")

    words = words_of(browser.sign_in("olive").get(f"/referrals/{case.reference}"))

    assert "Saturday 28 February 2026 at 10:30 (corrected; first recorded as Sunday 1 March 2026 at 09:30)" in words
    assert "Thursday 26 February 2026 (corrected; first recorded as Friday 27 February 2026)" in words
    assert "Monday 2 March 2026 at 10:00 (corrected; first recorded as Monday 2 March 2026 at 10:30)" in words
    assert "Told on 1 Mar 2026 (corrected; first recorded as 2 Mar 2026)" in words


def test_the_partner_sees_the_corrected_date_and_that_it_was_corrected(browser, caseload, correct, people):
    case = caseload.referral(partner=people.pat.id)
    correct(case, SUNDAY)
    browser.sign_in("pat")

    assert "Received 1 Mar 2026 (corrected)" in words_of(browser.get("/portal"))
    assert "Received Sunday 1 March 2026 (corrected)" in words_of(browser.get(f"/portal/{case.reference}"))


def test_the_page_of_a_clock_shows_both_dates(browser, caseload, correct):
    case = caseload.referral()
    correct(case, SUNDAY - timedelta(days=5))

    words = words_of(browser.sign_in("olive").get(f"/referrals/{case.reference}/clocks/evaluation_decision/1"))

    assert "the end of Tuesday 3 March" in words
    assert "the end of Wednesday 25 February" in words


def test_what_is_typed_later_is_held_against_the_corrected_date(browser, caseload, correct):
    case = caseload.referral(("meet_threshold",))
    correct(case, SUNDAY)
    place = f"/referrals/{case.reference}/moves/hold_meeting"
    day = {"review_on-day": "9", "review_on-month": "3", "review_on-year": "2026"}
    held = {"held_at-day": "1", "held_at-month": "3", "held_at-year": "2026", "held_at-time": "18:00"}

    page = browser.sign_in("olive").post(place, {**day, **held})

    assert "The meeting is recorded." in words_of(page)
