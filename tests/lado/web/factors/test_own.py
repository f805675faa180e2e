"""One's own sign-ins, what one is told of, and guessing that is slowed without locking anybody out."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from lado.models import Account, Notice
from lado.security.identity import SYSTEM
from lado.services import factors, sessions
from tests.support.browser import Browser, words_of
from tests.support.people import PASSWORD, code_of, email_of

HOME, AFAR = "203.0.113.7", "198.51.100.9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def at(app, database):
    """A browser somewhere."""

    def made(source, agent=FIREFOX):
        browser = Browser(app, database)
        browser.client.environ_base.update(REMOTE_ADDR=source, HTTP_USER_AGENT=agent)
        return browser

    return made


def told(database):
    with database.reading(SYSTEM) as act:
        return list(act.session.scalars(select(Notice.subject).order_by(Notice.id)))


def credentials(password):
    return {"email": email_of("olive"), "password": password}


def guess(browser, times, name="olive"):
    page = browser.get("/sign-in")
    for _ in range(times):
        browser.post(
            "/sign-in", {"email": email_of(name), "password": "not the password of hers"}, page=page, status=400
        )


def test_a_new_browser_is_told_of_and_a_known_one_is_not(at, database, clock):
    at(HOME).sign_in_by_hand("olive", clock.now())
    clock.advance(minutes=1)
    at(HOME).sign_in_by_hand("olive", clock.now())
    assert told(database) == []

    clock.advance(minutes=1)
    at(AFAR).sign_in_by_hand("olive", clock.now())
    assert told(database) == ["A new sign-in"]


def test_a_success_after_wrong_passwords_is_told_of(at, database, clock):
    browser = at(HOME)
    guess(browser, 3)
    browser.sign_in_by_hand("olive", clock.now())

    assert told(database) == ["A sign-in after wrong passwords"]


def test_the_page_shows_what_was_done(at, clock):
    browser = at(HOME)
    browser.sign_in_by_hand("olive", clock.now())
    page = words_of(browser.get("/your-sign-ins"))

    assert "Authenticator app" in page
    assert "Signed in: Firefox on Linux" in page
    assert HOME not in page


def test_adding_a_way_is_asked_for_afresh_told_of_and_ends_other_sessions(at, app, database, clock):
    other = Browser(app, database).sign_in("olive")
    browser = at(HOME)
    browser.sign_in_by_hand("olive", clock.now())
    clock.advance(minutes=6)
    asked = browser.post("/your-sign-ins/add", {}, page=browser.get("/your-sign-ins"), status=401)
    assert "Confirm that it is you" in asked.text
    page = browser.post(
        "/your-sign-ins/add", {"proof_kept": kept_in(asked), "proof_code": code_of("olive", clock.now())}, page=asked
    )
    shown = page.text.split('the moment is <strong class="one-time-code">')[1][:6]
    done = browser.post("/set-up?next=/your-sign-ins", {"code": shown}, page=page)

    assert "Added a way to sign in" in words_of(done)
    assert "How you sign in was changed" in told(database)
    assert "Password" in other.get("/").text


def change(browser, present, chosen, status=200):
    page = browser.get("/your-sign-ins/password")
    typed = {"present_password": present, "password": chosen}
    return browser.post("/your-sign-ins/password", typed, page=page, status=status)


def test_a_password_is_changed_with_the_one_before_told_of_and_ends_other_sessions(at, app, database, clock):
    other = Browser(app, database).sign_in("olive")
    browser = at(HOME).sign_in("olive")
    done = words_of(change(browser, PASSWORD, "another four words of mine"))

    assert "Your password is changed" in done
    assert "Changed the password: Firefox on Linux" in done
    assert told(database) == ["Your password was changed"]
    assert "Password" in other.get("/").text
    assert "Enter your code" in at(HOME).post("/sign-in", credentials("another four words of mine")).text
    at(HOME).post("/sign-in", credentials(PASSWORD), status=400)


def test_without_the_password_before_it_none_is_changed_and_nothing_is_given_back(at, database):
    browser = at(HOME).sign_in("olive")
    wrong = change(browser, "not the password of hers", "another four words of mine", status=400)
    same = change(browser, PASSWORD, PASSWORD, status=400)
    short = change(browser, PASSWORD, "too short", status=400)

    assert "This is not your password" in wrong.text
    assert "four words" not in wrong.text.replace("Three or four words", "")
    assert "Choose another one" in same.text
    assert "at least 15 characters" in short.text
    assert told(database) == []
    assert "Enter your code" in at(HOME).post("/sign-in", credentials(PASSWORD)).text


def test_a_session_that_was_left_open_is_no_place_to_guess_at(at):
    browser = at(AFAR).sign_in("olive")
    for _ in range(sessions.GUESSES):
        change(browser, "not the password of hers", "another four words of mine", status=400)

    assert "too many tries" in change(browser, PASSWORD, "another four words of mine", status=409).text
    assert "too many tries" in at(AFAR).post("/sign-in", credentials(PASSWORD), status=400).text


def test_a_change_that_is_sent_twice_is_one(at, database):
    browser = at(HOME).sign_in("olive")
    page = browser.get("/your-sign-ins/password")
    typed = {"present_password": PASSWORD, "password": "another four words of mine"}
    for _ in range(2):
        assert "Your sign-ins" in browser.post("/your-sign-ins/password", typed, page=page).text
    assert told(database) == ["Your password was changed"]


def test_the_last_way_stays_and_nobody_ends_somebody_elses(at, app, database, people, clock):
    browser = Browser(app, database).sign_in("olive")
    with database.reading(SYSTEM) as act:
        (hers,) = factors.standing(act, people.olive.id)
        (danas,) = factors.standing(act, people.dana.id)
    page = browser.get("/your-sign-ins")

    last = browser.post("/your-sign-ins/end", {"form_token": "x" * 24, "way": hers.id}, page=page, status=409)
    assert "the only second step" in last.text
    others = {"form_token": "y" * 24, "way": danas.id}
    assert "not among" in browser.post("/your-sign-ins/end", others, page=page, status=409).text


def test_a_thousand_guesses_in_an_hour_are_hardly_looked_at(database, clock):
    looked = 0
    for _ in range(20):
        looked += guessed(database, [(email_of("olive"), f"Browser {number}", AFAR) for number in range(50)])
        clock.advance(minutes=3)

    assert looked <= 100


def test_one_source_cannot_try_one_password_on_everybody(database):
    looked = guessed(database, [(f"nobody{number}@example.test", "Firefox", AFAR) for number in range(200)])

    assert looked <= sessions.FROM_ONE_SOURCE


def guessed(database, tries):
    """How many of these wrong guesses were looked at."""
    looked = 0
    with database.work(SYSTEM) as act:
        for one in tries:
            if sessions.may_try(act, *one):
                looked += 1
                sessions.failed(act, *one)
                act.session.flush()
    return looked


def test_others_who_guess_do_not_keep_a_person_from_their_own_browser(at, clock):
    at(HOME).sign_in_by_hand("olive", clock.now())
    clock.advance(minutes=1)
    guess(at(AFAR), 12)

    refused = at("192.0.2.1").post("/sign-in", {"email": email_of("olive"), "password": PASSWORD}, status=400)
    assert "too many tries" in refused.text
    assert "Sign out" in at(HOME).sign_in_by_hand("olive", clock.now()).text


def test_words_are_the_same_for_somebody_and_for_nobody_when_there_were_too_many(at):
    known, nobody = at(HOME), at(AFAR)
    guess(known, 11)
    guess(nobody, 11, name="nobody")

    pages = [
        words_of(browser.post("/sign-in", {"email": email_of(name), "password": PASSWORD}, status=400))
        for browser, name in ((known, "olive"), (nobody, "nobody"))
    ]
    assert pages[0] == pages[1]


def test_as_many_hashes_are_worked_out_for_nobody_as_for_somebody(at, database, people, monkeypatch):
    looked = []
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: looked.append(given) or False)
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.dana.id).disabled_at = act.at
    for name in ("olive", "dana", "nobody"):
        guess(at(HOME), 1, name=name)

    assert len(looked) == 3


def kept_in(page):
    return page.text.split('name="proof_kept" value="')[1].split('"')[0]
