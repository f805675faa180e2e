"""Home of those who decide corrections: what waits for them, counted, in one statement more whatever the number."""

from datetime import timedelta

import pytest

from lado.services import corrections
from lado.services.corrections import NewCorrection
from tests.support.browser import words_of


@pytest.fixture
def asked(database, caseload, people, clock):
    """So many cases, each with a correction that waits."""

    def ask(count, who=None):
        found = []
        for _ in range(count):
            case = caseload.referral()
            with database.work(who or people.olive) as act:
                value = clock.now() - timedelta(minutes=30)
                corrections.ask(act, case.id, NewCorrection(1, "received_at", value, "The note says so."))
            found.append(case)
        return found

    return ask


def test_a_manager_is_led_to_the_page_where_it_is_decided(browser, asked):
    (case,) = asked(1)

    page = browser.sign_in("mina").get("/")

    words = words_of(page)
    assert words.count("Corrections waiting for my answer: 1") == 2
    assert "A correction: received asked at 09:30 today To decide" in words
    assert f'href="/referrals/{case.reference}/corrections/1"' in page.text
    assert "Robin" not in words


def test_the_count_is_the_number_of_rows(browser, asked):
    asked(4)

    page = browser.sign_in("hal").get("/")

    assert "Corrections waiting for my answer: 4<" in page.text
    assert page.text.count("/corrections/1") == 4


@pytest.mark.parametrize("who", ["olive", "abe", "bea"])
def test_who_does_not_decide_has_no_such_list(browser, asked, who):
    asked(1)

    assert "Corrections waiting" not in browser.sign_in(who).get("/").text


def test_what_one_asked_for_waits_for_somebody_else(browser, asked, people):
    asked(1, who=people.mina)

    assert "Corrections waiting" not in browser.sign_in("mina").get("/").text


def test_what_is_decided_waits_no_more(browser, asked, database, people):
    (case,) = asked(1)
    with database.work(people.hal) as act:
        corrections.decide(act, case.id, 1, agreed=False, reason="No.")

    assert "Corrections waiting" not in browser.sign_in("mina").get("/").text


def test_as_many_statements_for_many_as_for_few(browser, asked):
    asked(3)
    browser.sign_in("mina").get("/")
    few = browser.queries
    asked(12)

    browser.get("/")

    assert browser.queries == few
