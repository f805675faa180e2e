"""Keeping a draft while somebody types: restored, thrown away, one for each person, sealed."""

import pytest
from sqlalchemy import select

from lado.models import Draft
from tests.support.browser import hidden

TYPED = {"caller_name": "Jo Head", "summary": "Pulled a child by", "source": "education", "received-day": "1"}


@pytest.fixture
def officer(browser):
    return browser.sign_in("olive")


def keep(browser, fields=TYPED, **options):
    return browser.post("/drafts/referral", dict(fields), page=browser.get("/referrals/new"), **options)


def test_what_is_typed_is_kept_and_restored(officer):
    answer = keep(officer)

    assert answer.json == {"saved_at": "09:30"}
    page = officer.get("/referrals/new")
    assert "Draft from 09:30 restored" in page.text
    assert 'value="Jo Head"' in page.text
    assert "Pulled a child by" in page.text
    assert '<option value="education" selected>' in page.text


def test_the_last_draft_replaces_the_one_before(officer):
    keep(officer)
    keep(officer, TYPED | {"caller_name": "Jo Other"})

    page = officer.get("/referrals/new")

    assert "Jo Other" in page.text
    assert "Jo Head" not in page.text


def test_a_draft_outlives_the_session(officer, clock):
    keep(officer)
    clock.advance(minutes=16)

    page = officer.get("/referrals/new")
    assert "Sign in" in page.text
    officer.sign_in("olive")

    assert "Draft from 09:30 restored" in officer.get("/referrals/new").text


def test_a_draft_of_another_day_says_which(officer, clock):
    keep(officer)
    clock.advance(days=1)
    officer.sign_in("olive")

    assert "Draft from 09:30 on Monday 2 March restored" in officer.get("/referrals/new").text


def test_without_a_script_a_button_keeps_it(officer):
    answer = keep(officer, TYPED | {"draft": "keep"})

    assert "Draft saved at 09:30" in answer.text
    assert 'value="Jo Head"' in answer.text


def test_a_draft_is_thrown_away_on_demand(officer):
    keep(officer)

    page = officer.post("/drafts/referral/throw-away", {}, page=officer.get("/referrals/new"))

    assert "Jo Head" not in page.text
    assert "thrown away" in page.text


def test_a_draft_is_thrown_away_when_the_referral_is_saved(officer, database, people):
    keep(officer)
    page = officer.get("/referrals/new")
    call = {
        "source": "education",
        "caller_name": "Jo Head",
        "subject_name": "Robin Sample",
        "setting": "Willow Lane",
        "category": "physical",
        "summary": "Pulled a child by the arm",
        "received-day": "2",
        "received-month": "3",
        "received-year": "2026",
        "received-time": "09:10",
        "channel": "call",
        "evidence": "call_note",
        "children_safe": "yes",
    }
    officer.post("/referrals/new", call, page=page)

    assert "restored" not in officer.get("/referrals/new").text
    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Draft)).all() == []


def test_a_draft_belongs_to_one_person(officer):
    keep(officer)
    officer.post("/sign-out", {}, page=officer.get("/referrals/new"))

    assert "Jo Head" not in officer.sign_in("dana").get("/referrals/new").text


def test_a_draft_is_sealed(officer, database, people):
    keep(officer)

    with database.reading(people.olive) as act:
        assert b"Jo Head" not in act.session.scalars(select(Draft)).one().sealed


def test_a_draft_that_is_far_too_long_is_refused_in_words(officer):
    answer = keep(officer, {"summary": "x" * 300_000}, status=400)

    assert "too long" in answer.json["problem"]


def test_a_draft_of_nonsense_does_no_harm(officer):
    keep(officer, {"received-day": "x", "children-0-born_on-day": "\x00", "owner": "abc", "children-7-name": "Kim"})

    officer.get("/referrals/new")


def test_only_forms_that_exist_are_kept(officer):
    officer.post("/drafts/anything", {}, page=officer.get("/referrals/new"), status=404)
    officer.post("/drafts/anything/throw-away", {}, page=officer.get("/referrals/new"), status=404)


def test_a_draft_needs_its_token(officer, database, people):
    officer.client.post("/drafts/referral", data=TYPED)

    with database.reading(people.olive) as act:
        assert act.session.scalars(select(Draft)).all() == []
    assert hidden(officer.get("/referrals/new"), "csrf_token")
