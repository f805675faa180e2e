"""The managers' page: each number opens its cases, who was told is counted, and nobody sees past a wall."""

import re

import pytest

from lado.domain.periods import last_twelve_months
from lado.models import Feedback
from lado.queries import feedback
from lado.services import conflicts, moves
from tests.support.browser import words_of
from workflows.facts import AUDIENCES

MOST_STATEMENTS = 24
OUTCOME = ("meet_threshold", "hold_meeting", "decide_outcome")


@pytest.fixture
def closed(caseload, clock, database):
    """Closes a case some days after its outcome was decided, with the referrer told or with a reason why not."""

    def do(days=0, referrer="told", extent="outcome", who=None):
        referral = caseload.referral(OUTCOME, who=who)
        clock.advance(days=days)
        with database.work(who or caseload.officer) as act:
            for audience in AUDIENCES:
                decision = referrer if audience == "referrer" else "not_told"
                answers = {"audience": audience, "decision": decision}
                if decision == "told":
                    answers |= {"told_on": clock.now().date(), "extent": extent}
                moves.make(act, referral.id, "tell", answers, {"note": "So."})
            for body in ("dbs", "regulator", "social_care"):
                moves.make(act, referral.id, "decide_onward", {"body": body, "decision": "not_needed"}, {"note": "So."})
            moves.make(act, referral.id, "close", {}, {"closing_note": "Done."})
        return referral

    return do


def href_of(page, words):
    """Where the link goes whose words, hidden ones with them, begin so."""
    found = re.findall(r'<a class="govuk-link" href="([^"]*)">((?:(?!</a>).)*)</a>', page.text, re.DOTALL)
    return next(href.replace("&amp;", "&") for href, text in found if re.sub(r"<[^>]*>", "", text).startswith(words))


def test_an_empty_council_is_told_what_will_stand_here(browser):
    words = words_of(browser.sign_in("mina").get("/manage"))
    assert "Lapsed None Due today None Lapsed and answered by nobody None" in words
    assert "No case is open" in words
    assert "No case with an outcome was closed from" in words
    assert "Nothing to count in this period" in words


@pytest.mark.parametrize(("name", "may"), [("mina", True), ("hal", True), ("abe", True), ("olive", False)])
def test_figures_are_for_those_who_answer_for_the_service(browser, name, may):
    browser.sign_in(name)
    home = browser.get("/")
    assert (">Manage</a>" in home.text) == may
    browser.get("/manage", status=200 if may else 403)


def test_the_figure_counts_told_with_reason_and_neither_and_each_number_opens_its_cases(browser, closed):
    quick, slow = closed(0), closed(7)
    reason, neither = closed(1, "not_told"), closed(1, extent="progress")
    browser.sign_in("mina")
    page = browser.get("/manage")
    words = words_of(page)
    assert "4 cases with an outcome were closed from" in words
    assert "The referrer was told the outcome in 2 (50%)." in words
    assert "Half of them were told within 2.5 working days" in words
    assert "Of 2 referrers who were told, 2 heard within 5 working days of the decision." in words
    for text, cases in (
        ("2 cases: Told the outcome", {quick, slow}),
        ("1 cases: Not told, with a reason", {reason}),
        ("1 cases: Neither", {neither}),
        ("5 working days the cases that took longest", {slow}),
        ("1 cases: Same day", {quick}),
        ("1 cases: 3 to 5", {slow}),
    ):
        listed = browser.get(href_of(page, text))
        assert set(re.findall(r"NB-[0-9A-Z]{6}-[0-9A-Z]", words_of(listed))) == {one.reference for one in cases}, text
    assert "Referrer: not told the outcome, and no reason" in words_of(browser.get(href_of(page, "1 cases: Nei")))


def test_each_audience_has_its_own_row(browser, closed):
    closed(2)
    page = browser.sign_in("mina").get("/manage")
    assert "Referrer 1 cases, Referrer: Told the outcome 0 0 2 working days 2 working days" in words_of(page)
    listed = browser.get(href_of(page, "1 cases, Child: Not told"))
    assert "Child: not told, with a reason why not" in words_of(listed)


def test_another_year_is_chosen_and_what_is_no_period_is_the_last_one(browser, closed, clock):
    old = closed(0)
    clock.advance(days=400)
    browser.sign_in("mina")
    latest = browser.get("/manage")
    assert "No case with an outcome was closed" in words_of(latest)
    year = browser.get("/manage?period=2025")
    assert "1 case with an outcome was closed from 1 April 2025 to 31 March 2026." in words_of(year)
    assert old.reference in browser.get(href_of(year, "1 cases: Told")).text
    assert words_of(browser.get("/manage?period=1066")) == words_of(latest)


def test_lists_take_anything_in_their_address(browser, closed):
    referral = closed(0)
    browser.sign_in("mina")
    for query in (
        "",
        "?audience=nobody&answer=nothing&from=x&to=9999999&after=x",
        "?after=2026-01-01T00:00:00%2B00:00~1",
    ):
        page = browser.get(f"/manage/told{query}")
        assert "Referrer: all closed cases" in words_of(page)
    assert referral.reference in browser.get("/manage/told").text
    assert "No such case" in words_of(browser.get("/manage/told?answer=told&from=3"))


def test_a_long_list_goes_on_from_page_to_page(browser, closed, database, monkeypatch):
    monkeypatch.setattr("lado.queries.feedback.PAGE", 2)
    made = {closed(0).reference for _ in range(5)}
    browser.sign_in("mina")
    seen, page = [], browser.get("/manage/told?answer=told")
    for _ in range(3):
        seen += re.findall(r">(NB-[0-9A-Z]{6}-[0-9A-Z])<", page.text)
        following = re.search(r'href="([^"]*)" rel="next"', page.text)
        page = browser.get(following[1].replace("&amp;", "&")) if following else page
    assert (len(seen), set(seen)) == (5, made)


def test_what_somebody_is_kept_from_is_in_none_of_their_numbers(browser, people, database, closed):
    closed(0)
    walled = closed(0)
    with database.work(people.mina) as act:
        conflicts.declare_case(act, walled.id, "I know the family.")
    browser.sign_in("mina")
    page = browser.get("/manage")
    assert "1 case with an outcome was closed" in words_of(page)
    assert walled.reference not in browser.get("/manage/told").text
    with database.reading(people.hal) as act:
        period = last_twelve_months(act.at)
        assert feedback.figures(act.session, walled.authority_id, period)["referrer"].cases == 2


def test_another_council_counts_its_own(browser, closed, people):
    closed(0, who=people.sam)
    assert "No case with an outcome was closed" in words_of(browser.sign_in("mina").get("/manage"))


def test_open_cases_stand_by_whom_they_wait_for_and_late_ones_open_their_list(browser, caseload, clock):
    with_employer = caseload.referral(("meet_threshold", "oversee"))
    caseload.referral()
    clock.advance(days=3)
    browser.sign_in("mina")
    page = browser.get("/manage")
    words = words_of(page)
    assert "The employer: Oversight without a meeting 1 0" in words
    assert "The designated officer: Received 1 1" in words
    assert "Lapsed 1 case" in words
    oversight = re.search(r'href="([^"]*state=oversight)"', page.text)[1].replace("&amp;", "&")
    assert with_employer.reference in browser.get(oversight).text
    assert "Lapsed cases" in words_of(browser.get(href_of(page, "1 case")))


def test_many_cases_take_as_many_statements_as_few(browser, closed, caseload):
    closed(0)
    caseload.referral()
    browser.sign_in("mina")
    browser.get("/manage")
    few = browser.queries
    for _ in range(4):
        closed(0)
        caseload.referral(("meet_threshold",))
    browser.get("/manage")
    assert browser.queries == few <= MOST_STATEMENTS


def test_only_the_cases_of_the_period_are_read(database, closed, people):
    """A range of the index for each audience: what was closed long ago costs nothing."""
    closed(0)
    with database.reading(people.mina) as act:
        statement = (
            "SELECT audience, answer, took, count(*) FROM feedback WHERE authority_id = 1 AND audience IN ('referrer') "
            "AND closed_at >= '2026-01-01' AND closed_at < '2027-01-01' GROUP BY audience, answer, took"
        )
        plan = " ".join(str(row) for row in act.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}"))
    assert Feedback.__tablename__ in plan
    assert "ix_feedback_closed" in plan
    assert "SCAN" not in plan
