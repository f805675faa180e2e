"""The date-quality list: what is planted is found and named, and each row leads to its case."""

from datetime import datetime

import pytest

from lado.clock import LONDON
from tests.support.browser import Browser, words_of


@pytest.fixture
def signed_in(app, database):
    """A browser of their own for each of the cast."""
    return lambda name: Browser(app, database).sign_in(name)


def test_an_ordinary_council_is_left_in_peace(signed_in, caseload):
    caseload.referral()

    page = signed_in("mina").get("/manage/dates")

    assert "Nothing stands out" in page.text
    assert "signals, not accusations" in page.text


def test_what_is_planted_is_found(signed_in, caseload, clock):
    saturday = datetime(2026, 2, 28, 11, 0, tzinfo=LONDON)
    late = caseload.referral(received_at=saturday, late_reason="The answering machine was heard on Monday.")
    birth = caseload.referral(subject={"name": "Robin Sample", "born_on": "1970-01-01"})
    clock.advance(days=5)

    page = signed_in("mina").get("/manage/dates")

    words = words_of(page)
    assert "Received on a day when the office is closed: 1" in words
    assert "A date of birth that looks like a placeholder: 1" in words
    for reference in (late.reference, birth.reference):
        assert f'href="/referrals/{reference}' in page.text
    assert "1970" not in words


def test_a_case_from_before_the_window_is_not_looked_at(signed_in, caseload, clock):
    caseload.referral(subject={"name": "Robin Sample", "born_on": "1970-01-01"})
    clock.advance(days=91)

    assert "Nothing stands out" in signed_in("mina").get("/manage/dates").text


def test_as_many_queries_for_many_cases_as_for_few(signed_in, caseload):
    born = {"name": "Robin Sample", "born_on": "1970-01-01"}
    for _ in range(3):
        caseload.referral(subject=born)
    mina = signed_in("mina")
    mina.get("/manage/dates")
    few = mina.queries
    for _ in range(27):
        caseload.referral(subject=born)

    mina.get("/manage/dates")

    assert mina.queries == few


@pytest.mark.parametrize(("name", "status"), [("hal", 200), ("abe", 200), ("dee", 200), ("olive", 403), ("ada", 403)])
def test_it_is_for_managers_leaders_and_auditors(signed_in, name, status):
    signed_in(name).get("/manage/dates", status=status)
