"""Demand: the control chart with its table, the limit of open cases, and the decisions by rule."""

import pytest
from sqlalchemy import event, text

from lado.domain.demand import FEWEST_WEEKS
from lado.jobs import gaps
from lado.queries import demand, practices
from tests.support.browser import words_of


@pytest.fixture
def quiet_weeks(caseload, clock):
    """Two referrals in each of as many weeks as are needed to expect anything, and the Tuesday after a bank holiday."""
    for _ in range(FEWEST_WEEKS + 1):
        caseload.referral()
        caseload.referral()
        clock.advance(days=7)
    clock.advance(days=1)


def test_before_there_are_weeks_enough_nothing_is_expected(browser, caseload):
    caseload.referral()

    words = words_of(browser.sign_in("mina").get("/manage/demand"))

    assert "1 so far this week. There are too few whole weeks yet to expect anything." in words
    assert "Second cover was never brought in" in words
    assert "Up to 40 open cases of one officer are within the limit." in words


def test_the_chart_and_its_table_say_the_same(browser, caseload, quiet_weeks):
    for _ in range(3):
        caseload.referral()

    page = browser.sign_in("mina").get("/manage/demand")

    words = words_of(page)
    assert "3 so far this week, where 1.7 are expected and up to 5 are within the limit." in words
    assert page.text.count('class="demand-chart__bar') == FEWEST_WEEKS + 1
    assert "4 May 2026 (this week) 3 4 1.7 5 Within it" in words, "a bank holiday leaves a shorter week"


def test_above_the_limit_the_page_says_who_is_second_cover_and_until_when(browser, database, caseload, quiet_weeks):
    for _ in range(8):
        caseload.referral()
    gaps.tick(database)

    words = words_of(browser.sign_in("mina").get("/manage/demand"))

    assert "Carl Cover is second cover until the end of Friday" in words
    assert "8 referrals in the week of" in words
    assert "New referrals may go to them." in words
    assert "▲" in words


def test_who_logs_a_referral_is_told_who_is_second_cover(browser, database, caseload, quiet_weeks):
    for _ in range(8):
        caseload.referral()
    gaps.tick(database)

    assert "Carl Cover is second cover until" in words_of(browser.sign_in("olive").get("/referrals/new"))
    assert "Carl Cover is second cover until" in words_of(browser.get("/"))


def test_a_manager_sets_how_many_open_cases_are_too_many(browser, caseload):
    caseload.referral()
    caseload.referral()
    manager = browser.sign_in("mina")

    answer = manager.post("/manage/demand", {"most_open": "1"})

    assert "More than 1 open cases of one officer bring in second cover." in words_of(answer)
    assert "Olive Officer 2 Above the limit" in words_of(answer)


@pytest.mark.parametrize("wrong", ["", "0", "-3", "many", "1000", "99999", "٣"])
def test_a_limit_that_is_none_is_refused_in_words(browser, wrong):
    answer = browser.sign_in("mina").post("/manage/demand", {"most_open": wrong}, status=400)

    assert "Enter" in words_of(answer)
    assert "Error:" in answer.text


def test_an_officer_reads_the_page_and_sets_nothing(browser):
    page = browser.sign_in("olive").get("/manage/demand")

    assert "Save the limit" not in page.text


def test_many_cases_take_as_many_statements_as_few(browser, caseload, clock):
    caseload.referral()
    clock.advance(days=21)
    browser.sign_in("mina").get("/manage/demand")
    few = browser.queries
    for _ in range(12):
        caseload.referral()

    browser.get("/manage/demand")

    assert browser.queries == few


def test_arrivals_are_read_by_short_ranges_of_one_index(database, people, clock, caseload):
    caseload.referral()
    clock.advance(days=370)
    statements = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: statements.append((told[2], told[3])))
    with database.reading(people.mina) as act:
        calendar = practices.in_force(act.session, people.mina.authority, act.at).calendar
        demand.read(act.session, people.mina.authority, act.at, calendar)
        asked = [one for one in statements if "count(" in one[0] and "VALUES" in one[0]]
        assert len(asked) == 1
        if database.engine.dialect.name == "sqlite":
            plan = act.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0][0]}", asked[0][1]).all()
            assert any("ix_referral_recorded (authority_id=? AND recorded_at>? AND" in str(row) for row in plan), plan
        else:
            act.session.execute(text("SET enable_seqscan = off"))
            plan = act.session.connection().exec_driver_sql(f"EXPLAIN {asked[0][0]}", asked[0][1]).all()
            assert any("ix_referral_recorded" in str(row) for row in plan), plan
