"""Pages of people: what gives somebody more waits for a second person, what takes away is at once."""

import re

import pytest
from sqlalchemy import select

from lado.models import Account, RoleRequest
from lado.security.identity import SYSTEM, Role
from lado.services import accounts
from lado.services.accounts import NewAccount
from lado.services.roles import NewColleague, Wanted, ask_for_new
from tests.support.browser import Browser, words_of
from tests.support.people import PASSWORD, email_of

NELL = {
    "name": "Nell New",
    "email": "nell@example.test",
    "phone": "",
    "role": "cover_officer",
    "ends_on-day": "31",
    "ends_on-month": "3",
    "ends_on-year": "2026",
    "why": "Covers until Easter.",
}


@pytest.fixture
def ada(browser):
    return browser.sign_in("ada")


@pytest.fixture
def mina(app, database):
    return Browser(app, database).sign_in("mina")


def link(page, words):
    return re.search(rf'href="([^"]+)"[^>]*>{words}', page.text)[1]


def of(database, people, name):
    with database.reading(SYSTEM) as act:
        return act.session.get_one(Account, people.everyone[name].id)


def test_somebody_new_is_asked_for_by_one_and_let_in_by_another(ada, mina, database):
    asked = ada.post("/people/new", NELL)
    assert "When a second person agrees" in asked.text
    assert "Nell New" not in ada.get("/people").text
    ada.get(asked.request.path)

    decide = link(mina.get("/people/waiting"), "Decide")
    shown = words_of(mina.get(decide))
    assert "Shall Nell New have this role?" in shown
    assert "Covers until Easter." in shown
    assert "Ada Admin, Monday 2 March at 09:30" in shown
    assert "A link goes to their address" in mina.post(decide, {}).text

    assert "Nell New Cover officer Can sign in Tuesday 31 March 2026 Never" in words_of(ada.get("/people"))
    assert "No role waits" in mina.get("/people/waiting").text


def test_whoever_asked_is_offered_to_take_it_back_and_not_to_agree(ada, database):
    ada.post("/people/new", NELL)
    page = ada.get("/people/waiting")
    assert "Decide" not in words_of(page)
    with database.reading(SYSTEM) as act:
        number = act.session.scalars(select(RoleRequest.id)).one()

    ada.get(f"/people/waiting/{number}", status=404)
    assert "Taken back" in ada.post(link(page, "Take back"), {}).text


def test_a_self_grant_is_refused_in_words(ada, people, database):
    form = {"role": "head_of_service", "why": "I would like to."}

    answer = ada.post(f"/people/{people.ada.id}/role", form, status=409)

    assert "Nobody asks for a role for themselves" in answer.text
    assert "I would like to." in answer.text
    assert of(database, people, "ada").role == Role.ADMINISTRATOR


def test_another_role_waits_until_it_is_agreed_to(ada, mina, people, database):
    path = f"/people/{people.bea.id}"
    ada.post(f"{path}/role", {"role": "auditor", "why": "For the spring."})
    assert "Waits for a second person: Auditor" in ada.get(path).text
    assert of(database, people, "bea").role == Role.BUSINESS_SUPPORT

    decide = link(mina.get("/people/waiting"), "Decide")
    assert "Not agreed" in mina.post(decide, {"refuse": "yes"}).text

    assert of(database, people, "bea").role == Role.BUSINESS_SUPPORT


def test_what_is_wrong_is_said_beside_the_field(ada):
    nothing = ada.post("/people/new", {}, status=400)
    for words in ("Enter the name.", "Enter the e-mail address.", "Choose a role.", "Say why they need it."):
        assert words in nothing.text
    taken = ada.post("/people/new", {**NELL, "email": email_of("olive")}, status=400)
    assert "There is an account with this address already." in taken.text
    late = ada.post("/people/new", {**NELL, "ends_on-year": "2027"}, status=400)
    assert "within the next 90 days" in late.text
    assert 'value="Nell New"' in late.text


def test_somebody_is_found_by_their_whole_address(ada, people):
    assert ada.post("/people", {"email": email_of("bea")}).request.path == f"/people/{people.bea.id}"
    for email in ("bea", email_of("sam"), email_of("pat")):
        assert (
            "Nobody of the council signs in with this address" in ada.post("/people", {"email": email}, status=400).text
        )


def test_an_account_is_shut_at_once_by_one(ada, app, database, people):
    bea = Browser(app, database).sign_in("bea")

    assert "Shut. They are signed out" in ada.post(f"/people/{people.bea.id}/shut", {}).text

    assert "An administrator signed you out here" in bea.get("/").text
    assert "The account is shut." in ada.get(f"/people/{people.bea.id}").text


def test_one_browser_of_somebody_is_signed_out_or_all_of_them(ada, app, database, people):
    first, second = (Browser(app, database).sign_in("bea") for _ in range(2))
    page = ada.get(f"/people/{people.bea.id}")
    key = re.search(r'name="key" value="([0-9a-f]+)"', page.text)[1]

    ada.post(f"/people/{people.bea.id}/sign-out", {"key": key}, page=page)
    assert sorted("Sign out" in one.get("/").text for one in (first, second)) == [False, True]
    ada.post(f"/people/{people.bea.id}/sign-out", {})

    assert not any("Sign out" in one.get("/").text for one in (first, second))


def test_the_last_day_is_put_off_and_an_unused_account_woken(ada, people, database, clock):
    path = f"/people/{people.carl.id}"
    day = {"ends_on-day": "1", "ends_on-month": "4", "ends_on-year": "2026"}
    assert "1 April 2026" in words_of(ada.post(f"{path}/until", day))
    assert "Enter their last day." in ada.post(f"{path}/until", {}, status=400).text
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.bea.id).suspends_at = act.at

    assert "Suspended: nobody signed in for 45 days" in words_of(ada.get("/people/ending"))
    assert "They can sign in again." in ada.post(f"/people/{people.bea.id}/wake", {}).text


def test_a_manager_reads_what_ends_and_keeps_no_account(mina, people, database):
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.bea.id).suspends_at = act.at

    page = mina.get("/people/ending")

    assert "Bea Support Business support Suspended" in words_of(page)
    assert f"/people/{people.bea.id}" not in page.text
    for path in ("/people", "/people/new", f"/people/{people.bea.id}"):
        mina.get(path, status=403 if path != f"/people/{people.bea.id}" else 404)


@pytest.mark.parametrize("name", ["olive", "carl", "bea", "abe", "dee", "edie", "pat"])
def test_case_roles_see_none_of_it(browser, people, name):
    browser.sign_in(name)
    for path in ("/people", "/people/new", "/people/waiting", "/people/ending"):
        browser.get(path, status=403)
    browser.get(f"/people/{people.bea.id}", status=404)


def test_another_councils_people_do_not_exist(ada, people):
    ada.get(f"/people/{people.sam.id}", status=404)
    ada.get("/people/99999999999999999999", status=404)


def test_giving_more_asks_for_a_second_factor_again_and_taking_away_does_not(ada, people, clock):
    clock.advance(minutes=6)

    for path in ("/people/new", f"/people/{people.bea.id}/role", f"/people/{people.bea.id}/until"):
        ada.post(path, NELL, status=401)
    assert "Shut. They are signed out" in ada.post(f"/people/{people.bea.id}/shut", {}).text


def test_a_long_list_costs_no_more_than_a_short_one_and_goes_on_to_the_next_page(ada, database, people):
    ada.get("/people")
    few = ada.queries
    with database.work(SYSTEM) as act:
        for number in range(60):
            new = NewAccount(f"n{number}@example.test", f"Nr {number:02}", Role.AUDITOR, people.ada.authority)
            accounts.add(act, new, PASSWORD)
    with database.work(people.ada) as act:
        for number in range(9):
            ask_for_new(act, NewColleague("A New", f"w{number}@example.test"), Wanted(Role.AUDITOR, "Why."))

    first = ada.get("/people")
    assert ada.queries == few
    second = ada.get(re.search(r'href="(/people\?after=\d+)"', first.text)[1])

    names = re.findall(r"Nr \d\d", words_of(first) + words_of(second))
    assert sorted(names) == [f"Nr {number:02}" for number in range(60)]
    assert "Roles that wait for a second person (9)" in words_of(second)
