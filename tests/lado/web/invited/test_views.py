"""Opening the link of an invitation without an account, choosing a password, and signing in with it."""

import re

import pytest
from sqlalchemy import select

from lado.models import Invitation
from lado.queries.invitations import secret_of
from lado.security.identity import SYSTEM
from lado.services import invitations
from lado.services.invitations import NewPerson
from tests.support.browser import words_of

EMAIL = "nell@willow.example"
CHOSEN = "three words of my own"


@pytest.fixture
def path(database, people):
    """The address of the link that was sent to Nell."""
    with database.work(people.olive) as act:
        invitations.invite(act, NewPerson(people.pat.agency, "Nell Newhead", EMAIL, is_checked=True))
        return f"/invited/{secret_of(act.vault, act.session.scalars(select(Invitation.nonce)).one())}"


def test_who_was_invited_chooses_a_password_and_signs_in(browser, path):
    page = browser.get(path)
    assert "Willow Lane Primary School Choose your password" in words_of(page)
    assert 'value="Nell Newhead"' in page.text
    assert EMAIL not in page.text

    chosen = browser.post(path, {"name": "Nell Newhead", "password": CHOSEN})
    assert "Your password is set." in chosen.text
    shown = re.search(r'one-time-code">(\d{6})<', chosen.text)[1]
    home = browser.post("/set-up", {"code": shown}, page=chosen)

    assert "No referrals here" in home.text
    assert "Nell Newhead, Partner" in words_of(home)


def test_what_is_wrong_is_said_and_the_link_still_works(browser, path):
    page = browser.post(path, {"name": "", "password": "short"}, status=400)
    assert "Enter your name." in page.text
    page = browser.post(path, {"name": "Nell Newhead", "password": "short"}, status=400)
    assert "at least 15 characters" in page.text
    assert "short" not in page.text.replace("shorten", "")

    assert "Your password is set." in browser.post(path, {"name": "Nell", "password": CHOSEN}).text


def test_looking_at_it_uses_nothing_up(browser, database, path):
    for _ in range(3):
        browser.get(path)
        browser.client.head(path)

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(Invitation.accepted_at)).one() is None


def test_every_link_that_does_not_work_answers_alike(browser, database, clock, people, path):
    page = browser.get(path)
    browser.post(path, {"name": "Nell", "password": CHOSEN}, page=page)
    never = browser.get("/invited/" + "0" * 32, status=404)
    used = browser.get(path, status=404)

    assert words_of(used) == words_of(never)
    assert "This link does not work any more" in used.text
    assert browser.post(path, {"name": "Nell", "password": CHOSEN}, page=page, status=404).status_code == 404


def test_a_link_that_has_ended_does_not_work(browser, clock, path):
    clock.advance(days=7)

    browser.get(path, status=404)


def test_whoever_was_signed_in_at_this_browser_is_not_any_more(browser, path):
    browser.sign_in("olive")

    chosen = browser.post(path, {"name": "Nell Newhead", "password": CHOSEN})

    assert "Your password is set." in chosen.text
    assert "Olive Officer" not in chosen.text
