"""Signing in and out."""

import re

import pytest

from lado.web.addresses import inside
from tests.support.people import PASSWORD, email_of


def test_a_wrong_password_says_so_and_keeps_the_address(browser):
    answer = browser.post("/sign-in", {"email": email_of("olive"), "password": "not the password"}, status=400)

    assert "is not right" in answer.text
    assert email_of("olive") in answer.text


def test_an_unknown_address_gets_the_same_words(browser):
    answer = browser.post("/sign-in", {"email": "nobody@example.test", "password": PASSWORD}, status=400)

    assert "is not right" in answer.text


def test_too_many_tries_have_to_wait(browser, clock):
    for _ in range(10):
        browser.post("/sign-in", {"email": email_of("olive"), "password": "wrong"}, status=400)

    answer = browser.post("/sign-in", {"email": email_of("olive"), "password": PASSWORD}, status=400)
    assert "too many tries" in answer.text

    clock.advance(minutes=16)
    assert "Sign out" in browser.sign_in_by_hand("olive", clock.now()).text


def test_an_idle_session_ends(browser, clock):
    browser.sign_in("olive")

    clock.advance(minutes=16)

    assert "Sign in" in browser.get("/").text


@pytest.mark.parametrize(
    "address",
    [
        "//evil.test",
        "https://evil.test",
        "/\\evil.test",
        "\\/evil.test",
        "////e",
        "/a//b",
        "/x\r\nSet-Cookie: a",
        "javascript:1",
        "",
    ],
)
def test_the_way_on_never_leads_outside(address):
    assert inside(address) == ""


def test_the_way_on_may_lead_to_a_page():
    assert inside("/referrals/NB-ABC?x=1") == "/referrals/NB-ABC?x=1"


def test_a_session_that_was_signed_out_is_refused(browser):
    browser.sign_in("olive")
    cookie = browser.client.get_cookie("lado").value
    browser.post("/sign-out", {}, page=browser.get("/"))

    browser.client.set_cookie("lado", cookie)

    assert "Sign in" in browser.get("/").text


@pytest.mark.parametrize("name", ["olive", "bea", "ada", "abe", "dee", "pat"])
def test_nobody_is_offered_a_place_that_would_refuse_them(browser, name):
    page = browser.sign_in(name).get({"ada": "/settings", "pat": "/portal"}.get(name, "/"))

    places = re.findall(r'class="govuk-service-navigation__link" href="([^"]+)"', page.text)

    assert places
    for place in places:
        if place != "/mail" or browser.app.extensions["lado"].settings.mail_catcher:
            browser.get(place)
