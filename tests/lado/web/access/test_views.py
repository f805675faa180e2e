"""Who may follow a case, as its officers see and change it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lado.models import Account, Grant
from lado.security.identity import SYSTEM
from lado.services import accounts, conflicts, grants
from lado.services.conflicts import NewConflict
from tests.support.browser import words_of

WHY = "She looks after staff at the school."


@pytest.fixture
def referral(caseload):
    return caseload.referral()


@pytest.fixture
def olive(browser):
    return browser.sign_in("olive")


def give(browser, people, referral, **answers):
    """Let Pat follow the case through the page."""
    typed = {"account": str(people.pat.id), "why": WHY} | answers
    return browser.post(f"/referrals/{referral.reference}/access/give", typed)


def test_an_officer_lets_somebody_follow_a_case_and_ends_it(app, olive, people, referral):
    empty = olive.get(f"/referrals/{referral.reference}/access")
    assert "Nobody follows this case on line" in empty.text

    given = words_of(give(olive, people, referral))
    assert "They can follow this case from now on" in given
    assert "Pat Partner Willow Lane Primary School" in given
    assert f"Monday 2 March 2026 by Olive Officer {WHY}" in given

    page = olive.get(f"/referrals/{referral.reference}/access")
    (end,) = re.findall(r'href="(/referrals/[^"]+/end)"', page.text)
    ended = words_of(olive.post(end, {"why": "She has left."}))
    assert "Ended. Pat Partner cannot follow this case any more." in ended
    assert "Ended on Monday 2 March 2026 by Olive Officer She has left." in ended
    assert "Can follow it now" not in ended


def test_the_last_day_is_shown(olive, people, referral):
    day = {"ends_on-day": "30", "ends_on-month": "3", "ends_on-year": "2026"}

    assert "To the end of Monday 30 March 2026" in words_of(give(olive, people, referral, **day))


def test_what_is_missing_is_said_and_what_was_typed_is_kept(olive, referral):
    page = olive.post(f"/referrals/{referral.reference}/access/give", {"account": "", "why": WHY}, status=400)
    assert "Choose who may follow this case." in page.text
    assert WHY in page.text
    path = f"/referrals/{referral.reference}/access/give"
    past = {"ends_on-day": "1", "ends_on-month": "3", "ends_on-year": "2026"}
    late = olive.post(path, {"account": re.findall(r'value="(\d+)"', page.text)[0], "why": WHY, **past}, status=400)
    assert "The last day is in the past" in late.text


def test_only_who_may_be_given_it_is_in_the_list(olive, database, caseload, people, referral):
    about_pat = caseload.referral(subject={"name": "Pat Partner"})
    give(olive, people, referral)

    assert "Pat Partner" not in olive.get(f"/referrals/{referral.reference}/access/give").text
    assert "Pat Partner" not in olive.get(f"/referrals/{about_pat.reference}/access/give").text.replace("NB-", "")
    with database.work(SYSTEM) as act:
        accounts.disable(act, act.session.get_one(Account, people.pol.id))
    assert "There is nobody to choose" in olive.get(f"/referrals/{referral.reference}/access/give").text


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("shut", "Their account is shut"),
        ("moved", "They are with another organisation now"),
        ("lapsed", "Ended by itself"),
        ("named", "Has the name of the adult it is about"),
    ],
)
def test_why_somebody_cannot_follow_it_is_said(olive, database, caseload, clock, people, referral, way, words):
    with database.work(SYSTEM) as act:
        ends_at = act.at + timedelta(minutes=1) if way == "lapsed" else None
        grants.begin(act, act.session.merge(referral, load=False), people.pat.id, WHY, ends_at=ends_at)
        account = act.session.get_one(Account, people.pat.id)
        if way == "shut":
            accounts.disable(act, account)
        elif way == "moved":
            account.agency_id = people.pol.agency
    if way == "named":
        caseload.make(referral, "add_person", {"people": ("subject",)}, {"people": [{"name": "Pat Partner"}]})
    clock.advance(minutes=1)

    assert words in words_of(olive.get(f"/referrals/{referral.reference}/access"))


def test_an_action_that_nobody_can_come_to_is_pointed_out(olive, caseload, clock, people):
    referral = caseload.referral(partner=people.pat.id)
    due_on = (clock.now() + timedelta(days=7)).date()
    answers = {"due_on": due_on, "holder": "partner", "user": people.pat.id}
    caseload.make(referral, "set_action", answers, {"action": "Send the record."})
    page = olive.get(f"/referrals/{referral.reference}/access")
    (end,) = re.findall(r'href="(/referrals/[^"]+/end)"', page.text)
    assert "They have an action to do here." in olive.get(end).text

    ended = words_of(olive.post(end, {"why": "She has left."}))

    assert "Has an action here that they cannot come to: give it to somebody else" in ended


@pytest.mark.parametrize("name", ["bea", "abe", "dee", "ada", "pat", "edie", "sam"])
def test_nobody_else_sees_or_changes_it(browser, database, people, referral, name):
    with database.work(SYSTEM) as act:
        grants.begin(act, act.session.merge(referral, load=False), people.pol.id, WHY)
        grant = act.session.scalars(select(Grant.id)).one()
    browser.sign_in(name)

    for path in ("access", "access/give", f"access/{grant}/end"):
        browser.get(f"/referrals/{referral.reference}/{path}", status=404)


def test_who_is_kept_from_the_case_does_not_see_who_follows_it(browser, database, people, referral):
    with database.work(people.carl) as act:
        conflicts.declare(act, NewConflict(people.carl.id, "person", "Robin Sample"))

    browser.sign_in("carl").get(f"/referrals/{referral.reference}/access", status=404)


def test_a_grant_of_another_case_is_not_found_here(olive, database, caseload, people, referral):
    other = caseload.referral(partner=people.pat.id)
    with database.reading(SYSTEM) as act:
        grant = act.session.scalars(select(Grant.id)).one()
    assert other.id != referral.id

    olive.get(f"/referrals/{referral.reference}/access/{grant}/end", status=404)
    olive.get(f"/referrals/{referral.reference}/access/{2**40}/end", status=404)


def test_as_many_queries_for_thirty_as_for_three(olive, database, people, referral):
    def add(count):
        with database.work(SYSTEM) as act:
            for _ in range(count):
                grants.begin(act, act.session.merge(referral, load=False), people.pat.id, WHY)

    add(3)
    olive.get(f"/referrals/{referral.reference}/access")
    few = olive.queries
    add(27)
    olive.get(f"/referrals/{referral.reference}/access")

    assert olive.queries == few
