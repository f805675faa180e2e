"""Answering on the page: take the case over, come back later, mark a case urgent; errors beside the field."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lado.jobs.escalation import run_pass
from lado.models import Escalation
from lado.security.identity import SYSTEM
from tests.support.addresses import hidden

LAPSED = datetime(2026, 3, 4, 8, tzinfo=UTC)
AT_THE_MANAGER = datetime(2026, 3, 4, 13, 30, tzinfo=UTC)


@pytest.fixture
def lapse(database, clock, caseload):
    """Let a case of Olive's lapse; the manager is told from half past one on."""

    def lapsed(at=LAPSED):
        referral = caseload.referral()
        clock.move_to(at)
        run_pass(database)
        return referral

    return lapsed


def told(database, person):
    with database.reading(SYSTEM) as act:
        query = select(Escalation.id).where(Escalation.told_id == person.id).order_by(Escalation.id.desc())
        return act.session.scalars(query).first()


def test_a_manager_takes_a_case_over_from_the_card(browser, database, lapse, people):
    referral = lapse(AT_THE_MANAGER)
    page = browser.sign_in("mina").get("/escalations")
    assert "Take the case over" in page.text
    assert page.text.index("It came to you as the service manager") < page.text.index("The ladder so far")

    rung = hidden(browser.app, told(database, people.mina))
    assert "You become its accountable officer" in browser.get(f"/escalations/{rung}/take-over").text
    page = browser.post(f"/escalations/{rung}/take-over", {"reason": "Olive is in court."})

    assert f"{referral.reference}: you are now its accountable officer" in page.text
    record = browser.get(f"/referrals/{referral.reference}/record").text
    assert "The case was taken over" in record
    assert "Olive is in court." in record
    browser.get(f"/escalations/{rung}/take-over")
    again = browser.post(f"/escalations/{rung}/take-over", {"reason": ""}, status=409)
    assert "already" in again.text


def test_coming_back_later_needs_a_time_and_a_reason_and_shows_on_the_card(browser, database, lapse, people, clock):
    referral = lapse()
    rung = hidden(browser.app, told(database, people.olive))
    browser.sign_in("olive").get(f"/escalations/{rung}/later")

    refused = browser.post(f"/escalations/{rung}/later", {"reason": ""}, status=400)
    assert "Choose when you will come back to it." in refused.text
    assert "Say why." in refused.text
    page = browser.post(f"/escalations/{rung}/later", {"until_at": "2", "reason": "With the police until ten."})

    until = f"{clock.now() + timedelta(hours=2):%H:%M} today"
    assert f"{referral.reference}: it waits for you again at {until}." in page.text
    assert f"You come back to it at {until}." in page.text


def test_a_case_is_marked_urgent_with_a_reason_and_is_so_no_longer(browser, lapse, caseload):
    referral = caseload.referral()
    address = f"/escalations/urgent/{referral.reference}"
    assert "mark it urgent" in browser.sign_in("olive").get(f"/referrals/{referral.reference}").text
    browser.get(address)
    browser.post(address, {"reason": ""}, status=400)

    page = browser.post(address, {"reason": "She is alone with him tonight."})
    assert "marked urgent. Its cover and its manager are told." in page.text
    assert "This case is marked urgent" in page.text
    assert "No longer urgent" in browser.get(address).text
    page = browser.post(address, {"reason": "She is with her aunt."})

    assert "no longer marked urgent" in page.text
    assert "This case is marked urgent" not in page.text


def test_an_urgent_case_is_the_first_card(browser, database, lapse, people, caseload, clock):
    first = caseload.referral()
    urgent = caseload.referral()
    address = f"/escalations/urgent/{urgent.reference}"
    browser.sign_in("olive").get(address)
    browser.post(address, {"reason": "She is alone with him tonight."})
    clock.move_to(LAPSED)
    run_pass(database)

    text = browser.sign_in("olive").get("/escalations").text

    assert text.index(urgent.reference) < text.index(first.reference)
    assert "Urgent" in text
