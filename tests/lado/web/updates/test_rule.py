"""The rule by which the day of the next update is offered: a council from before has none, and can set its own."""

from dataclasses import replace

import pytest

from lado.queries import practices
from lado.security.identity import SYSTEM
from lado.services import installation
from tests.lado.web.settings.test_changing import as_shown
from tests.lado.web.settings.test_publishing import PUBLISH, seen
from tests.support.browser import words_of
from workflows.model import NEXT_UPDATE
from workflows.rules import NATIONAL
from workflows.spans import Span, Unit

LIMIT = f"/settings/rules/change/limit/{NEXT_UPDATE}"


@pytest.fixture
def from_before(database, people, clock):
    """Northbrook under rules that were made before there was one for updates."""
    kept = tuple(rule for rule in NATIONAL.timescales if rule.key != NEXT_UPDATE)
    with database.work(SYSTEM) as act:
        installation.publish_rules(act, people.olive.authority, replace(NATIONAL, timescales=kept), "As they were.")
    clock.advance(minutes=1)


def rules_of(database, people):
    with database.reading(people.mina) as act:
        return practices.in_force(act.session, people.mina.authority, act.at).rules


def test_a_council_from_before_is_offered_the_rule_of_the_product(browser, caseload, from_before, database, people):
    referral = caseload.referral()
    assert NEXT_UPDATE not in rules_of(database, people).by_key
    page = browser.sign_in("olive").get(f"/referrals/{referral.reference}/update")
    assert "Offered is 10 working days from today (default of this product" in words_of(page)


def test_it_sets_its_own_where_the_others_are_set(browser, clock, caseload, from_before, database, people):
    mina = browser.sign_in("mina")
    assert "Next update to the referrer" in words_of(mina.get("/settings/rules/change"))
    mina.post(LIMIT, {**as_shown(mina.get(LIMIT).text), "count": "5", "source": "Our protocol, 4.2"})
    change = mina.get("/settings/rules/change")
    assert "5 working days" in words_of(change)
    page = mina.get(PUBLISH)
    mina.post(PUBLISH, {"reach": "new", "why": "Referrers asked.", **seen(page.text)}, page=page)
    rule = rules_of(database, people).by_key[NEXT_UPDATE]
    assert (rule.limit, rule.source) == (Span(5, Unit.WORKING_DAY), "Our protocol, 4.2")
    clock.advance(minutes=1)
    referral = caseload.referral()
    words = words_of(mina.get(f"/referrals/{referral.reference}/update"))
    assert "Offered is 5 working days from today (Our protocol, 4.2)." in words
