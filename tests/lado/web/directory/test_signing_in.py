"""Signing in with the council's directory: by issuer and subject alone, once, in ten minutes, with both factors."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select

from lado.models import Account, DirectoryReturn, LoginSession
from lado.security.identity import SYSTEM
from lado.services import accounts, factors
from tests.lado.web.directory.conftest import Way, link, local
from tests.support.browser import Browser
from tests.support.directory import Provider, provider_at_work
from tests.support.people import email_of

SIGNED_IN = "Sign out"


def sessions_of(database):
    with database.reading(SYSTEM) as act:
        return act.session.scalar(select(func.count()).select_from(LoginSession))


def refused(way, database, status, words):
    """The way ends on a page that says so, and nobody is signed in by it."""
    before = sessions_of(database)
    page = way.sign_in(status=status)
    assert words in page.text
    assert SIGNED_IN not in page.text
    assert sessions_of(database) == before
    assert "Sign in" in way.browser.get("/").text


def test_whoever_connected_their_account_is_signed_in(way, connect, provider):
    connect("olive", provider)

    page = way.sign_in()

    assert SIGNED_IN in page.text
    assert "Olive Officer" in page.text


def test_the_session_knows_when_the_second_factor_was_proved(way, connect, provider, database, clock):
    connect("olive", provider)
    provider.claims["auth_time"] = int(clock.now().timestamp()) - 1200

    way.sign_in()

    with database.reading(SYSTEM) as act:
        row = act.session.scalars(select(LoginSession)).one()
    assert (clock.now() - row.proved_at).total_seconds() == 1200


def test_without_a_directory_no_button_stands_there(browser, app):
    app.extensions["lado"] = replace(
        app.extensions["lado"], settings=replace(app.extensions["lado"].settings, directories=())
    )

    assert "council’s own sign-in" not in browser.get("/sign-in").text
    browser.get("/sign-in/directory/northbrook/begin", status=404)
    browser.get("/sign-in/directory/northbrook?code=x&state=y", status=404)


def test_the_same_mail_address_from_another_issuer_is_nobody(way, connect, database, app, clock):
    """The fake issuer says olive's address and even her subject; the account is known by issuer and subject."""
    with provider_at_work(Provider(clock)) as real:
        connect("olive", real)
    assert way.provider.issuer != real.issuer
    way.provider.claims |= {"email": email_of("olive"), "email_verified": True, "preferred_username": email_of("olive")}

    refused(way, database, 403, "is not connected")


def test_another_subject_with_the_same_mail_address_is_nobody(way, connect, provider, database):
    connect("olive", provider)
    provider.subject = "somebody-else"
    provider.claims |= {"email": email_of("olive"), "email_verified": True}

    refused(way, database, 403, "is not connected")


@pytest.mark.parametrize("other", ["Subject-of-olive", "subjectofolive", "subject-of-olive ", "subject_of_olive"])
def test_every_character_of_a_subject_counts(way, connect, provider, database, other):
    connect("olive", provider)
    provider.subject = other

    refused(way, database, 403, "is not connected")


def test_a_directory_speaks_for_nobody_of_another_council(way, database, people, provider):
    """As if a link had come about in some other way: the council of the directory still decides."""
    link(database, people.sam, provider)

    refused(way, database, 403, "is not connected")


def test_a_directory_speaks_for_no_partner(way, database, people, provider):
    link(database, people.pat, provider)

    refused(way, database, 403, "is not connected")


def test_another_councils_issuer_is_not_believed(way, connect, provider, database):
    connect("olive", provider)
    provider.claims["iss"] = "https://login.southmere.example"

    refused(way, database, 400, "did not fit together")


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"exp": 1}, {"nonce": "another"}, {"iat": 1, "exp": 4_000_000_000}],
    ids=["audience", "expired", "nonce", "old"],
)
def test_a_token_that_does_not_fit_signs_nobody_in(way, connect, provider, database, claims):
    connect("olive", provider)
    provider.claims |= claims

    refused(way, database, 400, "did not fit together")


def test_a_token_that_nobody_signed_signs_nobody_in(way, connect, provider, database):
    connect("olive", provider)
    provider.header, provider.key = {"alg": "none"}, None

    refused(way, database, 400, "did not fit together")


def owes_the_second_step(way, database):
    """Nobody is signed in by what the directory said; a code of theirs lets them in, and only a right one."""
    page = way.sign_in()
    assert "Enter your code" in page.text
    assert sessions_of(database) == 0
    for path in ("/", "/council-sign-in", "/search"):
        assert SIGNED_IN not in way.browser.get(path).text
    way.browser.post("/sign-in/code", {"code": "000000"}, status=400)
    return page


def code_of(database, name):
    with database.reading(SYSTEM) as act:
        return factors.code_of_the_moment(act, accounts.of_email(act, email_of(name)))


@pytest.mark.parametrize("claims", [{"amr": ["pwd"]}, {"amr": ["MFA"]}, {"acr": "mfa"}, {}])
def test_without_a_second_factor_there_one_is_proved_here(way, connect, provider, database, claims):
    connect("olive", provider)
    provider.claims = claims

    assert "did not say that you proved" in owes_the_second_step(way, database).text
    assert SIGNED_IN in way.browser.post("/sign-in/code", {"code": code_of(database, "olive")}).text


@pytest.mark.parametrize("name", ["ada", "mina", "hal"])
def test_whoever_has_to_use_a_passkey_proves_it_here(way, connect, provider, database, strict, name):
    connect(name, provider)

    assert "With your role" in owes_the_second_step(way, database).text


def test_where_codes_are_enough_so_is_the_directory(way, connect, provider):
    connect("mina", provider)

    assert "Mina Manager" in way.sign_in().text


def test_whoever_has_no_second_step_here_is_told_so(way, connect, provider, database, people):
    connect("olive", provider)
    provider.claims = {}
    with database.work(SYSTEM) as act:
        factors.end_all(act, people.olive.id)

    page = way.sign_in(status=403)

    assert SIGNED_IN not in page.text
    assert sessions_of(database) == 0


@pytest.mark.parametrize("why", ["shut", "ended", "suspended"])
def test_leavers_stay_out(way, connect, provider, database, clock, why):
    connect("olive", provider)
    with database.work(SYSTEM) as act:
        account = accounts.of_email(act, email_of("olive"))
        if why == "shut":
            accounts.disable(act, account)
        elif why == "ended":
            account.ends_at = clock.now()
        else:
            account.suspends_at = clock.now()

    refused(way, database, 403, "is not connected")


def test_a_return_is_good_once(way, connect, provider):
    connect("olive", provider)
    address = way.there_and_back()
    kept = way.browser.client.get_cookie("lado").value
    assert SIGNED_IN in way.browser.get(address).text

    way.browser.client.set_cookie("lado", kept)
    provider.codes["code-0"] = parse_qs(urlsplit(address).query) | {}

    assert "used already" in way.browser.get(address, status=400).text
    assert SIGNED_IN not in way.browser.get("/sign-in").text


def test_a_return_in_another_browser_is_refused(way, connect, provider, app, database):
    """Else somebody could be signed in as somebody else without knowing."""
    connect("olive", provider)
    address = way.there_and_back()

    other = Browser(app, database)

    assert "another browser" in other.get(address, status=400).text
    assert SIGNED_IN not in other.get("/sign-in").text


def test_another_state_is_refused(way, connect, provider):
    connect("olive", provider)
    address = way.there_and_back()

    assert "Begin again" in way.browser.get(address.replace("state=", "state=x"), status=400).text
    assert "Begin again" in way.browser.get(address, status=400).text, "the asking is over"


def test_an_answer_that_names_another_issuer_is_refused(way, connect, provider):
    connect("olive", provider)

    address = way.there_and_back() + "&iss=https%3A%2F%2Felsewhere.example"

    assert "Begin again" in way.browser.get(address, status=400).text
    assert "/token" not in provider.asked, "the code is not shown to anybody"


def test_after_ten_minutes_it_begins_again(way, connect, provider, clock):
    connect("olive", provider)
    address = way.there_and_back()

    clock.advance(minutes=10, seconds=1)

    assert "more than ten minutes ago" in way.browser.get(address, status=400).text


def test_nothing_begins_without_a_press(way, provider):
    assert "begins with its button" in way.browser.get("/sign-in/directory/northbrook/begin", status=400).text
    way.browser.get("/sign-in")
    way.browser.get("/sign-in/directory/northbrook/begin?press=guessed", status=400)
    assert provider.asked == []


def test_a_button_works_once(way):
    page = way.browser.get("/sign-in").text
    href = page.partition('href="/sign-in/directory/northbrook/begin')[2].partition('"')[0]
    address = "/sign-in/directory/northbrook/begin" + href.replace("&amp;", "&")

    assert way.follow(address).status_code == 302
    assert way.follow(address).status_code == 400


def test_beginning_writes_nothing(way, database):
    way.there_and_back()

    with database.reading(SYSTEM) as act:
        assert act.session.scalar(select(func.count()).select_from(DirectoryReturn)) == 0


def test_the_way_back_is_where_we_are_known_to_be(way, app):
    """Whatever name somebody asked under: the directory gets the address that was set."""
    app.config["TRUSTED_HOSTS"] = None
    page = way.browser.client.get("/sign-in", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"}).text
    href = page.partition('href="/sign-in/directory/northbrook/begin')[2].partition('"')[0].replace("&amp;", "&")
    answer = way.browser.client.get(
        f"/sign-in/directory/northbrook/begin{href}",
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )

    given = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert given["redirect_uri"] == ["http://localhost:8000/sign-in/directory/northbrook"]


def test_whoever_gave_up_there_is_told_so(way):
    address = way.there_and_back()
    state = parse_qs(urlsplit(address).query)["state"][0]

    page = way.browser.get(
        f"/sign-in/directory/northbrook?error=access_denied&error_description=%3Cb%3E&state={state}", status=403
    )

    assert "did not finish there" in page.text
    assert "&lt;b&gt;" not in page.text


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_a_directory_that_is_broken_is_a_page_in_words(way, connect, provider, path):
    connect("olive", provider)
    address = way.there_and_back()
    provider.instead[path] = (500, b"<html>", {})

    assert "does not answer" in way.browser.get(address, status=503).text


def test_a_directory_that_is_down_is_a_page_in_words(way, provider):
    provider.instead["/.well-known/openid-configuration"] = (200, b"nonsense", {})

    answer = way.press()

    assert answer.status_code == 503
    assert "with your password" in answer.text


def test_one_goes_on_to_where_one_was_going(way, connect, provider):
    connect("olive", provider)
    answer = way.press(page="/sign-in?next=/search")

    end = way.browser.client.get(local(provider.sent_back(answer.headers["Location"])))

    assert end.headers["Location"] == "/search"


def test_one_goes_nowhere_else(way, connect, provider):
    connect("olive", provider)
    answer = way.press(page="/sign-in?next=//evil.example")

    end = way.browser.client.get(local(provider.sent_back(answer.headers["Location"])))

    assert "evil" not in end.headers["Location"]


def test_no_token_and_no_name_of_theirs_is_kept(way, connect, provider, database):
    connect("olive", provider)
    way.sign_in()

    with database.reading(SYSTEM) as act:
        for table in Account.metadata.sorted_tables:
            rows = str(act.session.execute(select(table)).all())
            for kept in (provider.subject, "opens nothing here", "eyJ"):
                assert kept not in rows, (table.name, kept)
    cookie = way.browser.client.get_cookie("lado").value
    with way.browser.client.session_transaction() as session:
        assert provider.subject not in str(dict(session)), cookie


def test_signing_out_says_that_one_may_still_be_signed_in_there(way, connect, provider):
    connect("olive", provider)
    home = way.sign_in()

    page = way.browser.post("/sign-out", {}, page=home)

    assert "You may still be signed in with Northbrook Council" in page.text
    there = way.press(page="/sign-in/directory/northbrook/signed-out", words="sign-out-there")
    assert there.headers["Location"].startswith(f"{provider.issuer}/end?")
    assert "Sign in" in way.browser.get("/").text


def test_where_one_signs_out_there_is_not_asked_without_a_press(way, provider):
    way.browser.get("/sign-in/directory/northbrook/sign-out-there")

    assert provider.asked == []


def test_whoever_signed_in_here_is_not_sent_there(browser):
    home = browser.sign_in("olive").get("/")

    assert "still be signed in" not in browser.post("/sign-out", {}, page=home).text


def test_ways_are_those_of_the_browser_alone(way, connect, provider, app, database):
    """One browser's press begins nothing in another."""
    connect("olive", provider)
    page = way.browser.get("/sign-in").text
    href = page.partition('href="/sign-in/directory/northbrook/begin')[2].partition('"')[0].replace("&amp;", "&")

    other = Way(Browser(app, database), provider)
    other.browser.get("/sign-in")

    assert other.follow(f"/sign-in/directory/northbrook/begin{href}").status_code == 400
