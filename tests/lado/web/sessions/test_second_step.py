"""The second step of a sign-in: a code works once, and a password alone opens nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text, update

from lado.models import Factor, Installation, LoginSession, SignInStep
from lado.security.identity import SYSTEM
from lado.services import account_links, accounts, factors, sign_in_steps
from lado.services.factors import code_at
from tests.support.browser import Browser, words_of
from tests.support.people import PASSWORD, code_of, email_of
from tests.support.tampering import every_right


@pytest.fixture
def own(database) -> Iterator[None]:
    """The database of a council, not a demonstration."""
    with every_right(database) as connection:
        connection.execute(update(Installation).values(is_demonstration=False))
    return


@pytest.fixture
def without_factor(database, own):
    """Olive, who has no second factor, as in an installation that was upgraded."""
    with every_right(database) as connection:
        connection.execute(text("DELETE FROM factor"))


def password(browser, name="olive"):
    return browser.post("/sign-in", {"email": email_of(name), "password": PASSWORD})


def sessions_in(database):
    with database.reading(SYSTEM) as act:
        return len(act.session.scalars(select(LoginSession.digest)).all())


def test_a_password_and_a_code_let_somebody_in(browser, clock):
    assert "Enter your code" in password(browser).text

    assert "Sign out" in browser.post("/sign-in/code", {"code": code_of("olive", clock.now())}).text


def test_a_password_alone_opens_nothing(app, browser, database):
    password(browser)

    assert sessions_in(database) == 0
    for rule in app.url_map.iter_rules():
        needs = getattr(app.view_functions[rule.endpoint], "needs", None)
        if needs is not None and "GET" in rule.methods and not rule.arguments:
            assert "/sign-in" in browser.client.get(rule.rule).headers["Location"], rule.rule


def test_a_code_alone_opens_nothing(browser, database, clock):
    page = browser.get("/sign-in")

    answer = browser.post("/sign-in/code", {"code": code_of("olive", clock.now())}, page=page)

    assert "Password" in answer.text
    assert sessions_in(database) == 0


def test_a_code_works_once_on_whichever_node(app, browser, database, clock):
    browser.sign_in_by_hand("olive", clock.now())
    second = Browser(app, database)
    password(second)

    refused = second.post("/sign-in/code", {"code": code_of("olive", clock.now())}, status=400)
    assert "used already" in refused.text
    earlier = second.post("/sign-in/code", {"code": code_of("olive", clock.now(), -1)}, status=400)
    assert "used already" in earlier.text
    clock.advance(seconds=30)
    assert "Sign out" in second.post("/sign-in/code", {"code": code_of("olive", clock.now())}).text


@pytest.mark.parametrize("later", [-2, 2, 9])
def test_a_code_of_another_time_is_refused(browser, clock, later):
    password(browser)

    browser.post("/sign-in/code", {"code": code_of("olive", clock.now(), later)}, status=400)


def test_the_code_of_somebody_else_is_refused(browser, clock):
    password(browser)

    browser.post("/sign-in/code", {"code": code_of("dana", clock.now())}, status=400)


def test_five_wrong_codes_end_the_step_and_ten_make_codes_wait(app, database, browser, clock):
    for _ in range(2):
        password(browser)
        for _ in range(5):
            last = browser.post("/sign-in/code", {"code": "000000"}, page=browser.get("/sign-in/code"), status=400)
        assert "Password" in browser.get("/sign-in/code").text, last.text

    password(browser)
    waiting = browser.post("/sign-in/code", {"code": code_of("olive", clock.now())}, status=400)

    assert "too many wrong codes" in waiting.text
    clock.advance(minutes=16)
    assert "Sign out" in browser.sign_in_by_hand("olive", clock.now()).text


def test_the_step_ends_by_itself(browser, clock):
    page = password(browser)
    clock.advance(minutes=11)

    answer = browser.post("/sign-in/code", {"code": code_of("olive", clock.now())}, page=page)

    assert "This took too long" in words_of(answer)


def test_a_planted_reference_is_worth_nothing(browser, database, clock):
    with browser.client.session_transaction() as cookie:
        cookie.update(_user_id="planted", _fresh=True, planted="yes")
    browser.sign_in_by_hand("olive", clock.now())

    with browser.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "planted"
        cookie["_user_id"] = "planted"
    assert "Password" in browser.get("/").text


def test_a_councils_own_database_shows_no_code(browser, own, clock):
    assert code_of("olive", clock.now()) not in password(browser).text


def test_a_demonstration_shows_the_code_and_says_so(browser, clock):
    page = password(browser)

    assert code_of("olive", clock.now()) in page.text
    assert "Only on a demonstration" in page.text


def test_somebody_of_an_older_demonstration_gets_in(browser, database, clock):
    with every_right(database) as connection:
        connection.execute(text("DELETE FROM factor"))

    page = password(browser)
    shown = page.text.split('one-time-code">')[1][:6]

    assert "Sign out" in browser.post("/sign-in/code", {"code": shown}).text


def test_whoever_has_no_factor_needs_a_link(browser, without_factor, database):
    page = browser.get("/sign-in")
    answer = browser.post("/sign-in", {"email": email_of("olive"), "password": PASSWORD}, page=page, status=403)

    assert "Set up your second step first" in answer.text
    browser.get("/set-up", status=404)
    assert sessions_in(database) == 0


@pytest.fixture
def link(database, without_factor):
    """The link that the operator makes for Olive."""
    with database.work(SYSTEM) as act:
        return account_links.let_in(act, accounts.of_email(act, email_of("olive")))


def seed_in(page):
    return page.text.split('one-time-code">')[1].split("<")[0].replace(" ", "")


def code_for(seed, clock):
    return code_at(seed, clock.now())


def test_a_link_and_the_password_set_up_an_app(browser, link, clock):
    for _ in range(3):
        browser.get(link)
    page = browser.post(link, {"password": PASSWORD})

    home = browser.post("/set-up", {"code": code_for(seed_in(page), clock)}, page=page)

    assert "Sign out" in home.text
    assert "does not work any more" in browser.get(link, status=404).text


def test_a_link_without_the_password_sets_nothing_up(browser, link, database):
    browser.post(link, {"password": "not the password of hers"}, status=400)

    browser.get("/set-up", status=404)
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(SignInStep)).all() == []
        assert act.session.scalars(select(Factor)).all() == []


def test_two_who_hold_the_link_cannot_both_use_it(app, browser, link, database, clock):
    first = browser.post(link, {"password": PASSWORD})
    second = Browser(app, database)
    late = second.post(link, {"password": PASSWORD})
    browser.post("/set-up", {"code": code_for(seed_in(first), clock)}, page=first)

    second.post("/set-up", {"code": code_for(seed_in(late), clock)}, page=late, status=404)

    assert sessions_in(database) == 1


def test_a_link_works_for_a_quarter_of_an_hour(browser, link, clock):
    clock.advance(minutes=15)

    browser.get(link, status=404)


def test_the_seed_is_kept_sealed(browser, link, clock, database):
    page = browser.post(link, {"password": PASSWORD})
    seed = seed_in(page)
    browser.post("/set-up", {"code": code_for(seed, clock)}, page=page)

    with database.engine.connect() as connection:
        for table in ("factor", "sign_in_step"):
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                assert not any(seed.encode() in bytes(value) for value in row if isinstance(value, bytes | memoryview))
                assert seed not in str(row)


def test_a_step_that_owes_a_code_cannot_set_a_factor_up(browser, database, clock):
    password(browser)
    browser.get("/set-up", status=404)

    with database.work(SYSTEM) as act:
        olive = accounts.of_email(act, email_of("olive"))
        reference = sign_in_steps.begin(act, olive)
        with pytest.raises(Exception, match="too long"):
            sign_in_steps.set_up_codes(act, reference, "000000", "unknown")


def test_an_administrator_with_codes_alone_reaches_no_page(browser, database, strict, clock):
    password(browser, "ada")
    page = browser.post("/sign-in/code", {"code": code_of("ada", clock.now())})

    assert "Set up a passkey" in page.text
    assert sessions_in(database) == 0
    refused = browser.post("/set-up", {"code": code_for("A" * 32, clock)}, page=page, status=400)
    assert "uses a passkey here" in refused.text
    assert "Password" in browser.get("/settings").text


def test_whoever_has_a_passkey_by_rule_is_not_let_in_by_a_code(browser, database, strict, clock):
    with database.work(SYSTEM) as act:
        ada = accounts.of_email(act, email_of("ada"))
        factors.keep(act, ada, factors.PASSKEY, b"hers", {"name": "Passkey"}, 0, b"key")
    password(browser, "ada")

    answer = browser.post("/sign-in/code", {"code": code_of("ada", clock.now())}, status=400)

    assert "uses a passkey here" in answer.text
    assert sessions_in(database) == 0


def test_an_officer_may_use_codes_there_too(browser, strict, clock):
    assert "Sign out" in browser.sign_in_by_hand("olive", clock.now()).text
