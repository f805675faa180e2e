"""Sessions end when the server says so, are warned of, and cannot be made longer by a script that asks by itself."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lado.models import Account, LoginSession, Notice
from lado.security.identity import SYSTEM, Role
from lado.security.session_limits import WARNED, limits_of
from lado.services import open_sessions, sessions
from lado.web.background import ASKED_BY_SCRIPTS
from tests.support.browser import Browser, words_of

HOMES = {"olive": "/", "mina": "/", "ada": "/settings", "pat": "/portal"}


def is_in(browser, name):
    return "Sign out" in browser.client.get(HOMES[name], follow_redirects=True).text


@pytest.mark.parametrize(("name", "minutes"), [("olive", 15), ("mina", 15), ("pat", 15), ("ada", 10)])
def test_an_idle_session_ends_when_the_role_says_so(browser, clock, name, minutes):
    browser.sign_in(name)

    clock.advance(minutes=minutes)
    assert is_in(browser, name)
    clock.advance(minutes=minutes, seconds=1)
    assert not is_in(browser, name)


@pytest.mark.parametrize(("name", "hours"), [("olive", 10), ("pat", 4), ("ada", 4)])
def test_a_session_ends_in_any_case(browser, clock, name, hours):
    browser.sign_in(name)

    for _ in range(hours * 60 // 9):
        clock.advance(minutes=9)
        assert is_in(browser, name)
    clock.advance(minutes=9)

    assert not is_in(browser, name)


def test_what_a_script_asks_by_itself_makes_no_session_longer(browser, clock):
    page = browser.sign_in("olive").get("/referrals/new")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    for _ in range(2):
        clock.advance(minutes=7)
        assert browser.client.get("/my-sessions/left").status_code == 200
        assert browser.client.post("/referrals/new/decide-by", data={"csrf_token": token}).status_code == 200
    clock.advance(minutes=2)

    assert not is_in(browser, "olive")


def test_every_address_that_a_script_of_ours_asks_is_known_to_be_one(app):
    named = set()
    for template in Path("templates").rglob("*.html"):
        text = template.read_text()
        if "data-live-url" in text or "preview_url" in text:
            named |= set(re.findall(r"(?:data-live-url=\"\{\{ |preview_url %\}\{\{ )url_for\(['\"]([a-z_.]+)", text))

    assert named
    assert named <= ASKED_BY_SCRIPTS
    assert set(app.view_functions) >= ASKED_BY_SCRIPTS


def test_staying_signed_in_is_one_press(browser, clock):
    page = browser.sign_in("olive").get("/referrals/new")
    clock.advance(minutes=13)

    before = browser.client.get("/my-sessions/left").get_json()
    browser.post("/my-sessions/stay", {}, page=page)
    after = browser.client.get("/my-sessions/left").get_json()
    clock.advance(minutes=14)

    assert before == {"left": 120, "last": False}
    assert after == {"left": 900, "last": False}
    assert is_in(browser, "olive")


def test_a_page_warns_more_than_two_minutes_before_and_says_until_when_to_send(browser, clock):
    page = browser.sign_in("olive").get("/referrals/new")

    assert timedelta(minutes=2) < WARNED
    assert f'data-session-warn="{WARNED.seconds}"' in page.text
    assert 'data-session-left="900"' in page.text
    assert "Send this page by 09:45" in words_of(page)
    assert all(limits_of(role).idle > 2 * WARNED for role in Role)


def test_whoever_comes_to_the_end_is_told_that_it_cannot_be_put_off(browser, clock):
    browser.sign_in("ada")
    for _ in range(26):
        clock.advance(minutes=9)
        browser.client.get("/settings")

    assert browser.client.get("/my-sessions/left").get_json() == {"left": 360, "last": True}


def test_one_sees_ones_sessions_and_ends_one_or_all_others(app, database, browser, clock):
    others = [Browser(app, database).sign_in("olive") for _ in range(2)]
    clock.advance(minutes=1)
    browser.sign_in("olive")

    page = browser.get("/my-sessions")
    assert words_of(page).count("Signed in Monday 2 March") == 3
    assert words_of(page).count("(this one)") == 1
    keys = re.findall(r'name="key" value="([0-9a-f]+)"', page.text)
    assert "Signed out there" in browser.post("/my-sessions", {"key": keys[0]}, page=page).text
    assert sorted(is_in(other, "olive") for other in others) == [False, True]

    browser.post("/my-sessions", {"key": ""}, page=browser.get("/my-sessions"))

    assert not any(is_in(other, "olive") for other in others)
    assert is_in(browser, "olive")


def test_nobody_ends_a_session_of_somebody_else_there(app, database, browser):
    Browser(app, database).sign_in("mina")
    with database.reading(SYSTEM) as act:
        key = act.session.scalars(select(LoginSession.digest)).one().hex()[:16]

    page = browser.sign_in("olive").get("/my-sessions")
    browser.post("/my-sessions", {"key": key, "form_token": "x" * 32}, page=page, status=404)

    with database.reading(SYSTEM) as act:
        assert not [one for one in act.session.scalars(select(LoginSession.ended_at)) if one is not None]


def test_a_fourth_session_ends_the_oldest_and_the_person_is_told(app, database, clock, people):
    browsers = []
    for _ in range(4):
        browsers.append(Browser(app, database).sign_in("olive"))
        clock.advance(seconds=10)

    assert "because you signed in on a fourth browser" in browsers[0].get("/").text
    assert [is_in(one, "olive") for one in browsers] == [False, True, True, True]
    with database.reading(SYSTEM) as act:
        told = act.session.execute(select(Notice.account_id, Notice.subject)).all()
    assert told == [(people.olive.id, "A session of yours was ended")]


def test_a_session_that_ended_by_itself_takes_no_room(app, database, clock):
    Browser(app, database).sign_in("olive")
    clock.advance(minutes=20)
    browsers = [Browser(app, database).sign_in("olive") for _ in range(3)]

    assert [is_in(one, "olive") for one in browsers] == [True] * 3


def test_a_changed_factor_ends_all_others(app, database, people):
    browsers = [Browser(app, database).sign_in("olive") for _ in range(3)]
    with database.work(SYSTEM) as act:
        mine = sessions.begin(act, act.session.get_one(Account, people.olive.id))
        ended = sessions.end_others(act, people.olive.id, but=mine)

    assert ended == 2, "the oldest had made room"
    assert not any(is_in(one, "olive") for one in browsers)


def test_a_session_goes_on_under_a_new_reference_and_the_old_one_is_worth_nothing(database, people, clock):
    with database.work(SYSTEM) as act:
        old = sessions.begin(act, act.session.get_one(Account, people.olive.id), "Firefox on Windows")
    clock.advance(minutes=5)

    with database.work(SYSTEM) as act:
        new = open_sessions.renew(act, old)

    with database.reading(SYSTEM) as act:
        before, after = (act.session.get(LoginSession, sessions.digest(one)) for one in (old, new))
        assert before.ended_because == "renewed"
        assert (after.created_at, after.device, after.ended_at) == (before.created_at, "Firefox on Windows", None)
