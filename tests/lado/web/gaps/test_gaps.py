"""Gaps ahead: the strip, the list with what would close each, the warning before leave is saved, and the banner."""

from datetime import date, datetime, time, timedelta

import pytest

from lado.services import cover
from lado.services.cover import NewAbsence
from tests.support.browser import words_of
from workflows.london import LONDON


def midnight(day, month=3):
    return datetime.combine(date(2026, month, day), time.min, tzinfo=LONDON)


@pytest.fixture
def book(database, people):
    def booked(person, first, last, covering=None, month=3):
        covered_by = covering.id if covering else None
        until = midnight(last, month) + timedelta(days=1)
        with database.work(people.mina) as act:
            new = NewAbsence(person.id, "leave", midnight(first, month), until, covered_by)
            return cover.book_leave(act, new).absence.id

    return booked


def run(database, statement):
    with database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def typed(person, covering=None, **changes):
    return {
        "account": str(person.id),
        "kind": "leave",
        "from_at-day": "9",
        "from_at-month": "3",
        "from_at-year": "2026",
        "until_at-day": "13",
        "until_at-month": "3",
        "until_at-year": "2026",
        "cover": str(covering.id) if covering else "",
    } | changes


def test_with_no_officer_at_all_the_page_says_so_first_of_all(browser, database):
    run(
        database,
        "UPDATE account SET disabled_at = created_at WHERE role IN ('designated_officer', 'cover_officer')",
    )

    page = browser.sign_in("mina").get("/cover/gaps")

    words = words_of(page)
    assert "There is no officer at all: nobody could take a referral." in words
    assert "from Monday 2 March to Friday 22 May" in words
    assert "Ask your administrator to add a designated officer." in words
    assert "No gap" not in words


def test_a_rota_of_one_is_the_lowest_score(browser, database):
    run(
        database,
        "UPDATE account SET disabled_at = created_at WHERE role = 'cover_officer' OR id IN "
        "(SELECT max(id) FROM account WHERE role = 'designated_officer' AND authority_id = 1)",
    )

    words = words_of(browser.sign_in("olive").get("/cover/gaps"))

    assert "0 of 100, the lowest there is: everything depends on Olive Officer alone." in words
    assert "Add a second officer: ask your administrator." in words


def test_with_everybody_there_the_page_says_what_would_appear(browser):
    words = words_of(browser.sign_in("olive").get("/cover/gaps"))

    assert "100 of 100" in words
    assert "No gap in the next 12 weeks" in words
    assert words.count("Week of") == 12


def test_each_gap_says_when_what_closes_it_and_leads_to_the_form(browser, people, book, caseload):
    caseload.referral()
    olives = book(people.olive, 9, 13)
    book(people.carl, 16, 17, people.olive)
    danas = book(people.dana, 16, 16, people.olive)

    page = browser.sign_in("mina").get("/cover/gaps")

    words = words_of(page)
    assert "Nobody is there for Olive Officer, who has 1 open case." in words
    assert "Name who covers from Monday 9 March to Friday 13 March." in words
    assert f'href="/cover/leave/{olives}"' in page.text
    assert f'href="/cover/leave/{danas}"' in page.text
    assert "Olive Officer is the only officer there." in words
    assert "Have a second officer there on Monday 16 March" in words
    assert "9 March ! ! ! ! ! somebody is not covered on 5 days" in words


def test_an_administrator_sees_who_is_there_and_counts_no_case(browser, people, book, caseload):
    caseload.referral()
    book(people.olive, 9, 13)

    page = browser.sign_in("ada").get("/cover/gaps")

    assert "Nobody is there for Olive Officer." in words_of(page)
    assert "/cover/leave/" not in page.text


def test_leave_that_makes_a_gap_warns_before_it_is_saved_and_can_still_be_saved(browser, people, book):
    book(people.carl, 9, 10, people.dana)
    officer = browser.sign_in("mina")

    before = officer.post("/cover/leave/new", typed(people.olive, people.carl, check="yes"))

    words = words_of(before)
    assert "This leaves a gap from Monday 9 March to Tuesday 10 March: Dana Deputy is the only officer there." in words
    alone = officer.post("/cover/leave/preview", typed(people.olive), page=before)
    assert "Nobody is there for Olive Officer. Name who covers." in words_of(alone)
    assert "Booked." in words_of(officer.post("/cover/leave/new", typed(people.olive, people.carl)))


def test_leave_that_makes_no_gap_warns_of_nothing(browser, people):
    page = browser.sign_in("mina").post("/cover/leave/new", typed(people.olive, people.carl, check="yes"))

    assert "This leaves a gap" not in page.text


def test_the_banner_stands_for_managers_and_officers_until_the_gap_is_closed(browser, people, book, database):
    absence_id = book(people.olive, 9, 13)
    sentence = "A gap in the cover ahead from Monday 9 March to Friday 13 March: Nobody is there for Olive Officer"

    for name, is_told in (("mina", True), ("dana", True), ("bea", False)):
        browser.client = browser.app.test_client()
        assert (sentence in words_of(browser.sign_in(name).get("/"))) is is_told, name
    with database.work(people.mina) as act:
        new = NewAbsence(people.olive.id, "leave", midnight(9), midnight(14), people.carl.id)
        cover.change(act, absence_id, new)
    browser.client = browser.app.test_client()
    assert "A gap in the cover ahead" not in words_of(browser.sign_in("mina").get("/"))


def test_many_cases_and_many_gaps_take_as_many_statements_as_few(browser, people, book, caseload):
    caseload.referral()
    book(people.olive, 9, 13)
    browser.sign_in("mina").get("/cover/gaps")
    browser.get("/cover/gaps")
    few = browser.queries

    for number in range(9):
        caseload.referral()
        book(people.olive, 1 + number, 1 + number, month=4)
    browser.get("/cover/gaps")

    assert browser.queries == few
    assert few <= 30, "the frame, the session, the rota and what it is looked at with"
