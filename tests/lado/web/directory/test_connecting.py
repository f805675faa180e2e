"""An account is connected with a person of the directory by that person, signed in here and there, who says so."""

import pytest
from sqlalchemy import select

from lado.models import DirectoryLink, Notice
from lado.security.identity import SYSTEM
from tests.lado.web.directory.conftest import Way
from tests.support.browser import Browser

HOME, CONFIRM = "/council-sign-in", "/council-sign-in/connect"
HERE = {"page": HOME, "words": "council-sign-in/begin"}


@pytest.fixture
def olives(way):
    """Olive's browser."""
    way.browser.sign_in("olive")
    return way


def links(database):
    with database.reading(SYSTEM) as act:
        return [(row.account_id, row.ended_at is None) for row in act.session.scalars(select(DirectoryLink))]


def test_connecting_then_signing_in(olives, provider, people, database, app):
    page = olives.browser.get(olives.there_and_back(**HERE))
    assert "Connect your council sign-in?" in page.text
    assert links(database) == [], "nothing is connected before they say so"

    page = olives.browser.post(CONFIRM, {}, page=page)

    assert "Connected." in page.text
    assert "You have not signed in with it yet" in page.text
    assert links(database) == [(people.olive.id, True)]
    assert "Olive Officer" in Way(Browser(app, database), provider).sign_in().text
    assert "You last signed in with it" in olives.browser.get(HOME).text


def test_one_comes_to_it_from_where_one_is_signed_in(olives, browser, app, database):
    assert f'href="{HOME}"' in olives.browser.get("/my-sessions").text
    assert f'href="{HOME}"' not in Browser(app, database).sign_in("pat").get("/my-sessions").text


def test_disconnecting_ends_signing_in_by_it(olives, provider, database, people, app, connect):
    connect("olive", provider)
    page = olives.browser.sign_in("olive").post("/council-sign-in/disconnect", {})

    assert "Disconnected." in page.text
    assert links(database) == [(people.olive.id, False)]
    assert "is not connected" in Way(Browser(app, database), provider).sign_in(status=403).text


def test_after_disconnecting_it_can_be_connected_again(olives, provider, database, people, connect):
    connect("olive", provider)
    olives.browser.sign_in("olive").post("/council-sign-in/disconnect", {})

    olives.browser.post(CONFIRM, {}, page=olives.browser.get(olives.there_and_back(**HERE)))

    assert links(database) == [(people.olive.id, False), (people.olive.id, True)]


def test_whoever_comes_back_signed_in_as_another_connects_nothing(olives, database, app):
    """The address is followed in a browser in which somebody else has signed in meanwhile."""
    address = olives.there_and_back(**HERE)
    with olives.browser.client.session_transaction() as session:
        asked = session["directory_asked"]
    danas = Browser(app, database).sign_in("dana")
    with danas.client.session_transaction() as session:
        session["directory_asked"] = asked

    assert "Begin again" in danas.get(address, status=400).text
    danas.get(CONFIRM)
    assert links(database) == []


def test_what_was_begun_to_sign_in_connects_nothing(way, database, connect, provider):
    address = way.there_and_back()
    way.browser.sign_in("olive")

    assert "Connect your council" not in way.browser.client.get(address).text
    assert links(database) == []


def test_a_form_from_elsewhere_connects_nothing(olives, database):
    olives.browser.get(olives.there_and_back(**HERE))

    answer = olives.browser.client.post(CONFIRM, data={"form_token": "x" * 24})
    assert answer.status_code == 400
    assert links(database) == []


def test_one_may_take_ten_minutes_to_say_so(olives, database):
    page = olives.browser.get(olives.there_and_back(**HERE))
    with olives.browser.client.session_transaction() as session:
        session["directory_found"] = session["directory_found"] | {"at": session["directory_found"]["at"] - 601}

    assert "more than ten minutes ago" in olives.browser.post(CONFIRM, {}, page=page, status=409).text
    assert links(database) == []


@pytest.mark.parametrize("path", [CONFIRM, "/council-sign-in/disconnect"])
def test_a_second_factor_is_proved_again_before_anything_changes(olives, connect, provider, database, clock, path):
    if path != CONFIRM:
        connect("olive", provider)
        olives.browser.sign_in("olive")
    page = olives.browser.get(olives.there_and_back(**HERE)) if path == CONFIRM else olives.browser.get(path)
    before = links(database)
    clock.advance(minutes=5, seconds=1)

    assert "Confirm that it is you" in olives.browser.post(path, {}, page=page, status=401).text
    assert links(database) == before


def test_nothing_was_found_so_nothing_is_connected(olives, database):
    assert "Connect your council sign-in?" not in olives.browser.get(CONFIRM).text


def test_a_person_of_the_directory_is_one_account(olives, connect, provider, database, people):
    connect("dana", provider)
    page = olives.browser.get(olives.there_and_back(**HERE))

    page = olives.browser.post(CONFIRM, {}, page=page, status=409)

    assert "connected with another account" in page.text
    assert links(database) == [(people.dana.id, True)]


def test_a_partner_is_not_offered_it(browser):
    browser.sign_in("pat").get(HOME, status=403)


def test_where_the_council_has_none_it_says_so(browser):
    assert "has not set up its own sign-in" in browser.sign_in("sam").get(HOME).text


def test_other_browsers_are_signed_out_and_the_person_is_told(olives, database, app, people):
    elsewhere = Browser(app, database).sign_in("olive")
    olives.browser.post(CONFIRM, {}, page=olives.browser.get(olives.there_and_back(**HERE)))

    assert "Olive Officer" not in elsewhere.get("/").text
    assert "Olive Officer" in olives.browser.get(HOME).text
    with database.reading(SYSTEM) as act:
        told = act.session.scalars(select(Notice).where(Notice.account_id == people.olive.id)).all()
    assert [one.subject for one in told] == ["Your council sign-in was connected"]


def test_connecting_begins_with_a_press(olives, provider):
    olives.browser.get("/council-sign-in/begin?press=guessed")

    assert provider.asked == []


def test_a_broken_directory_is_said_in_words(olives, provider):
    provider.instead["/.well-known/openid-configuration"] = (200, b"", {})

    answer = olives.press(**HERE)

    assert answer.status_code == 503
    assert "does not answer" in answer.text
