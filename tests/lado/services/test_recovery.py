"""Getting back in: no path skips a factor, and no administrator opens one alone."""

import re

import pytest
from sqlalchemy import select, text

from lado.errors import BadInput, NotAllowed, NotFound, Refused
from lado.jobs import notices as post
from lado.models import Account, AccountLink, AskedForLink, LoginSession, Notice
from lado.queries import lost_factors
from lado.security.identity import SYSTEM
from lado.services import account_links, accounts, factors, recovery, sessions
from tests.support.browser import Browser, words_of
from tests.support.mail import Pigeon
from tests.support.people import PASSWORD, code_of, email_of

URL = "https://lado.council.example"
NEW = "another four words of mine"


@pytest.fixture
def mail(database):
    """Send what waits; the letters to somebody of the cast."""

    def letters(name):
        pigeon = Pigeon()
        post.tick(database, pigeon, URL)
        return [letter for letter in pigeon.letters if letter.to == email_of(name)]

    return letters


@pytest.fixture
def lost(database, people):
    """Ada says that Olive lost her second factor; what waits."""
    with database.work(people.ada) as act:
        recovery.lost(act, act.session.get_one(Account, people.olive.id))
        return lost_factors.waiting(act, people.ada.authority)[0]


def link_in(letter):
    return re.search(rf"{URL}(/\S+)", letter.text)[1]


def ask(browser, email):
    return browser.post("/forgotten-password", {"email": email})


def test_a_forgotten_password_is_chosen_anew_and_the_second_step_stays(browser, mail, clock, database):
    ask(browser, email_of("olive"))
    (letter,) = mail("olive")
    path = link_in(letter)
    for _ in range(3):
        browser.get(path)
    page = browser.post(path, {"password": NEW})

    assert "Your password is changed" in page.text
    assert "Password" in browser.get("/").text
    browser.post(path, {"password": NEW}, page=page, status=404)
    asks = browser.post("/sign-in", {"email": email_of("olive"), "password": NEW})
    assert "Enter your code" in asks.text
    assert "Sign out" in browser.post("/sign-in/code", {"code": code_of("olive", clock.now())}).text
    assert [one.subject for one in mail("olive")] == ["Your password was changed"]


def test_the_host_of_a_link_is_the_configured_one(app, browser, mail, database):
    page = browser.get("/forgotten-password")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    data = {"email": email_of("olive"), "csrf_token": token}
    forged = {"X-Forwarded-Host": "evil.test", "Forwarded": "host=evil.test", "X-Original-Host": "evil.test"}
    browser.client.post("/forgotten-password", data=data, headers=forged)
    assert browser.client.post("/forgotten-password", data=data, headers={"Host": "evil.test"}).status_code == 400

    (letter,) = mail("olive")
    assert "evil" not in letter.text
    assert letter.text.count("https://") == 1


def test_whoever_asks_for_whichever_address_is_told_the_same_and_the_same_is_written(browser, database):
    known, unknown = ask(browser, email_of("olive")), ask(browser, "nobody@example.test")

    assert words_of(known) == words_of(unknown)
    with database.reading(SYSTEM) as act:
        assert len(act.session.scalars(select(AskedForLink)).all()) == 2
        assert act.session.scalars(select(Notice)).all() == []


def test_a_link_ends_after_a_quarter_of_an_hour_and_when_a_newer_one_is_made(browser, mail, clock):
    ask(browser, email_of("olive"))
    first = link_in(mail("olive")[0])
    ask(browser, email_of("olive"))
    second = link_in(mail("olive")[0])

    browser.get(first, status=404)
    browser.get(second)
    clock.advance(minutes=15)
    browser.get(second, status=404)


def test_nobody_is_sent_more_than_three_an_hour(browser, mail):
    for _ in range(5):
        ask(browser, email_of("olive"))
        mail("olive")

    assert mail("olive") == []


def test_nobody_who_left_is_sent_one(browser, mail, database, people):
    with database.work(people.ada) as act:
        accounts.disable(act, act.session.get_one(Account, people.olive.id))
    ask(browser, email_of("olive"))

    assert mail("olive") == []


def test_a_bad_password_uses_nothing_up(browser, mail):
    ask(browser, email_of("olive"))
    path = link_in(mail("olive")[0])

    assert "at least 15" in browser.post(path, {"password": "short"}, status=400).text
    assert "words that somebody would guess" in browser.post(path, {"password": "Northbrook Council"}, status=400).text
    browser.get(path)


def test_a_new_password_signs_out_everywhere(app, database, browser, mail):
    other = Browser(app, database).sign_in("olive")
    ask(browser, email_of("olive"))
    browser.post(link_in(mail("olive")[0]), {"password": NEW})

    assert "Password" in other.get("/").text


def test_a_link_for_a_password_sets_up_no_factor_and_the_other_way_round(browser, mail):
    ask(browser, email_of("olive"))
    secret = link_in(mail("olive")[0]).rpartition("/")[2]

    browser.get(f"/set-up/{secret}", status=404)


def test_one_person_alone_changes_nothing(database, people, lost):
    with database.reading(SYSTEM) as act:
        assert factors.standing(act, people.olive.id)
        assert act.session.scalars(select(AccountLink.ends_at)).one() is None
    for who in (people.ada, people.olive):
        with pytest.raises(NotAllowed), database.work(who) as act:
            recovery.confirm(act, lost)
    with database.engine.begin() as connection, pytest.raises(Exception, match=r"(?i)check|constraint"):
        connection.execute(text("UPDATE account_link SET confirmed_by_id = made_by_id"))


@pytest.mark.parametrize("name", ["carl", "dana", "abe", "pat", "sam", "bea"])
def test_who_may_neither_say_so_nor_confirm(database, people, lost, name):
    with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
        recovery.confirm(act, lost)
    with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
        recovery.lost(act, act.session.get_one(Account, people.edie.id))


def test_two_people_and_the_password_set_up_a_new_one(app, database, people, lost, mail, browser, clock):
    with database.work(SYSTEM) as act:
        sessions.begin(act, act.session.get_one(Account, people.olive.id))
    with database.work(people.mina) as act:
        recovery.confirm(act, lost)

    with database.reading(SYSTEM) as act:
        assert factors.standing(act, people.olive.id) == []
        assert None not in act.session.scalars(select(LoginSession.ended_at)).all()
    letters = mail("olive")
    assert [letter.subject for letter in letters] == [
        "Your second step to sign in",
        "A link to set up your second step",
    ]
    assert not any("Olive" in letter.text + letter.subject for letter in letters)
    path = link_in(letters[1])
    browser.post(path, {"password": "not her password at all"}, status=400)
    page = browser.post(path, {"password": PASSWORD})
    shown = re.search(r'one-time-code">(\d{6})<', page.text)[1]
    assert "Sign out" in browser.post("/set-up", {"code": shown}, page=page).text


def test_it_is_confirmed_once(database, people, lost):
    with database.work(people.mina) as act:
        recovery.confirm(act, lost)
    with pytest.raises(Refused, match="any more"), database.work(people.hal) as act:
        recovery.confirm(act, lost)


def test_nobody_says_so_for_themselves(database, people):
    with pytest.raises(Refused), database.work(people.ada) as act:
        recovery.lost(act, act.session.get_one(Account, people.ada.id))


def test_an_operator_does_not_let_in_whoever_has_a_factor(database, people):
    with pytest.raises(Refused, match="already"), database.work(SYSTEM) as act:
        account_links.let_in(act, act.session.get_one(Account, people.olive.id))


def test_the_pages_from_saying_so_to_the_link(app, database, people):
    ada, mina = Browser(app, database).sign_in("ada"), Browser(app, database).sign_in("mina")
    said = ada.post(f"/people/{people.olive.id}/lost", {})
    assert "A second person has to confirm it" in said.text
    assert "It waits for somebody else" in ada.get("/lost-second-steps").text

    assert "Ada Admin said so" in words_of(mina.get("/lost-second-steps"))
    with database.reading(SYSTEM) as act:
        number = act.session.scalars(select(AccountLink.id)).one()
    ada.get(f"/lost-second-steps/{number}", status=404)
    done = mina.post(f"/lost-second-steps/{number}", {})

    assert "Confirmed." in done.text
    assert "Nothing waits" in done.text


def test_a_secret_that_was_never_made_answers_as_one_that_ended(database, people):
    with database.work(SYSTEM) as act:
        with pytest.raises(NotFound):
            recovery.choose(act, "0" * 32, NEW)
        link = account_links.make(act, act.session.get_one(Account, people.olive.id), account_links.PASSWORD)
        from_link = account_links.secret_of(act.vault, link.nonce)
        with pytest.raises(BadInput):
            recovery.choose(act, from_link, "short")
