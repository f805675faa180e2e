"""Our rules in sentences: every timescale with its source and an example, and the accounts for the administrator."""

from dataclasses import replace
from datetime import date

import pytest

from lado.domain.rule_words import STARTS, limit_sentence, rung_sentence, shares
from lado.services import installation
from tests.support.browser import words_of
from workflows.rules import NATIONAL
from workflows.rules.terms import Rung, Wait, WaitUnit


def test_every_timescale_stands_there_with_its_source(browser):
    page = words_of(browser.sign_in("olive").get("/settings"))

    for rule in NATIONAL.timescales:
        assert rule.label in page
        assert rule.source in page
    assert NATIONAL.version in page


def test_an_example_is_worked_out_for_now(browser):
    page = words_of(browser.sign_in("olive").get("/settings"))

    assert "1 working day. It starts when a referral reaches us. By the end of Tuesday 3 March" in page


def test_the_ladder_is_said_in_working_time(browser):
    page = words_of(browser.sign_in("olive").get("/settings"))

    assert "At once: the accountable officer." in page
    assert "After 4 office hours: the cover." in page
    assert "when 80% of the time is used" in page


def test_closure_days_are_listed(browser, database, people):
    closed = replace(NATIONAL, closure_days=((date(2026, 12, 29), "Moving house"),))
    with database.work(people.ada) as act:
        installation.publish_rules(act, people.ada.authority, closed)

    assert "Moving house" in browser.sign_in("olive").get("/settings").text


def test_the_procedure_is_drawn_and_tabled(browser):
    page = browser.sign_in("olive").get("/settings")
    drawn = browser.get("/settings/procedure.svg")

    assert 'src="/settings/procedure.svg"' in page.text
    assert "Paused for police" in page.text
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.text.startswith("<svg")
    mark = drawn.text.split('<style nonce="')[1].split('"')[0]
    assert f"'nonce-{mark}'" in drawn.headers["Content-Security-Policy"]


def test_the_administrator_sees_the_accounts_and_begins_here(browser):
    page = browser.sign_in("ada").get("/settings")

    assert "Olive Officer" in page.text
    assert "Pat Partner" in page.text
    assert "Sam Southmere" not in page.text


@pytest.mark.parametrize("who", ["olive", "mina", "bea", "abe"])
def test_others_see_the_rules_and_no_accounts(browser, who):
    page = browser.sign_in(who).get("/settings")

    assert "Pat Partner" not in page.text


def test_a_partner_does_not_see_the_rules(browser):
    browser.sign_in("pat").get("/settings", status=403)


def test_every_trigger_of_the_national_rules_has_words():
    assert {rule.starts for rule in NATIONAL.timescales} <= set(STARTS)


def test_a_limit_without_a_count_says_whose_date_it_is():
    rule = NATIONAL.by_key["information"]

    assert limit_sentence(rule) == "A date that the officer gives. It starts when information is asked for."


def test_one_is_said_in_the_singular():
    assert rung_sentence(Rung("cover", Wait(1, WaitUnit.OFFICE_HOUR))) == "After 1 office hour: the cover."
    assert shares(()) == "never before it lapses"
