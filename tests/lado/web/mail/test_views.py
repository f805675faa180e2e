"""The mail of a demonstration: listed newest first, shown as text, and not there without a mail catcher."""

from dataclasses import replace

import pytest

from lado import create_app
from lado.adapters.mail import Letter, as_message
from lado.adapters.mail_catcher import Keeping
from tests.support.browser import Browser


@pytest.fixture
def arrive(settings, clock):
    """Let a message arrive."""
    keeping = Keeping(settings.mail_catcher, clock)

    def arrived(subject, text="Sign in to read more."):
        clock.advance(seconds=1)
        letter = Letter("olive@example.test", subject, text, f"id{clock.now():%H%M%S}", clock.now())
        keeping.keep(as_message(letter, "lado@localhost").as_bytes())

    return arrived


def test_no_mail_yet(browser):
    assert "No mail yet" in browser.sign_in("olive").get("/mail").text


def test_the_newest_stands_first_and_is_shown(browser, arrive):
    arrive("NB-ONE: first")
    arrive("NB-TWO: second", "Look here: http://localhost:8000/referrals/NB-TWO")
    browser.sign_in("olive")

    page = browser.get("/mail").text

    assert page.index("NB-TWO: second") < page.index("NB-ONE: first")
    address = page.split('href="/mail/')[1].split('"')[0]
    arrive("NB-SIX: later")
    shown = browser.get(f"/mail/{address}")
    assert "NB-TWO: second" in shown.text
    assert 'href="http://localhost:8000/referrals/NB-TWO"' in shown.text


def test_what_a_message_says_is_text_and_not_markup(browser, arrive):
    arrive("<script>alert(1)</script>", "<img src=x onerror=alert(1)>")
    browser.sign_in("olive")

    page = browser.get("/mail")
    shown = browser.get("/mail/" + page.text.split('href="/mail/')[1].split('"')[0])

    assert "<script>alert" not in page.text + shown.text
    assert "<img" not in shown.text


@pytest.mark.parametrize("stamp", ["0", "1", "9" * 30, "x", "-1"])
def test_a_message_that_never_came_does_not_exist(browser, arrive, stamp):
    arrive("NB-ONE: first")

    browser.sign_in("olive").get(f"/mail/{stamp}", status=404)


def test_without_a_mail_catcher_there_is_no_such_page(settings, clock):
    app = create_app(replace(settings, mail_catcher=None), clock)
    browser = Browser(app, app.extensions["lado"].database).sign_in("olive")

    browser.get("/mail", status=404)
    browser.get("/mail/1", status=404)
    app.extensions["lado"].database.engine.dispose()


def test_partners_do_not_read_it(browser):
    browser.sign_in("pat").get("/mail", status=403)
