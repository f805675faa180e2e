"""Home says how many messages from partners wait for an answer, and leads to them."""

import pytest

from lado.services import conflicts, partner_messages
from lado.services.conflicts import NewConflict
from tests.support.browser import words_of

LINK = '<a class="govuk-link" href="/partners">'


@pytest.fixture
def write(database, people):
    def go(referral, times=1):
        for _ in range(times):
            with database.work(people.pat) as act:
                partner_messages.write(act, referral.reference, "May we tell the parents?")

    return go


def test_they_are_counted_until_they_are_answered(browser, caseload, database, people, write):
    referral = caseload.referral(partner=people.pat.id)
    olive = browser.sign_in("olive")
    assert LINK not in olive.get("/").text

    write(referral)
    assert f"{LINK}1 message from a partner waits for an answer</a>" in olive.get("/").text
    write(referral, 2)
    assert f"{LINK}3 messages from partners wait for an answer</a>" in olive.get("/").text
    assert "wait for an answer" in words_of(olive.get("/partners"))

    with database.work(people.olive) as act:
        partner_messages.answer(act, referral.id, people.pat.id, "Not yet, please.")
    assert LINK not in olive.get("/").text


def test_neither_another_council_nor_whom_a_case_is_kept_from_hears_of_one(browser, caseload, database, people, write):
    write(caseload.referral(partner=people.pat.id))
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "school", "Willow Lane Primary School"))

    for name in ("sam", "carl"):
        assert LINK not in browser.sign_in(name).get("/").text
        browser.post("/sign-out", {}, page=browser.get("/"))
    assert LINK in browser.sign_in("dana").get("/").text


def test_many_take_as_many_statements_as_few(browser, caseload, people, write):
    referral = caseload.referral(partner=people.pat.id)
    write(referral, 3)
    olive = browser.sign_in("olive")
    olive.get("/")
    few = olive.queries

    write(referral, 17)
    olive.get("/")

    assert olive.queries == few <= 24
