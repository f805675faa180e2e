"""How people are reached: who sees which number, who may change whose, and that nothing of it lies open."""

import pytest
from sqlalchemy import select

from lado.models import Account
from lado.queries import reach
from lado.security.identity import SYSTEM, Role
from lado.services import accounts
from lado.services.accounts import NewAccount
from tests.support.browser import Browser, hidden, words_of
from tests.support.people import PASSWORD

HERE = "/cover/people"


@pytest.fixture
def signed_in(app, database):
    """A browser of their own for each person."""
    known = {}

    def _signed_in(who):
        if who not in known:
            known[who] = Browser(app, database).sign_in(who)
        return known[who]

    return _signed_in


@pytest.fixture
def enter(signed_in, people):
    def _enter(who, whose, status=200, page=None, **numbers):
        typed = {"phone": "01632 960 101", "night_phone": "07700 900 101"} | numbers
        address = f"{HERE}/{people.everyone[whose].id}"
        shown = page or signed_in(who).get(address)
        return signed_in(who).post(address, typed | {"version": hidden(shown, "version")}, page=shown, status=status)

    return _enter


def test_an_officer_enters_their_own_numbers_and_the_gaps_see_them(signed_in, enter):
    olive = signed_in("olive")
    assert "Olive Officer" in words_of(olive.get("/cover/gaps")).partition("No telephone number is known of")[2]

    saved = words_of(enter("olive", "olive"))

    assert "Your numbers are saved." in saved
    assert "Olive Officer Designated officer 01632 960 101 07700 900 101 Change" in saved
    assert "Olive Officer" not in words_of(olive.get("/cover/gaps")).partition("No telephone number is known of")[2]


def test_a_number_out_of_hours_is_for_the_person_and_the_managers(signed_in, enter):
    enter("olive", "olive")

    for who, sees in (("olive", True), ("mina", True), ("dana", False), ("ada", False)):
        page = signed_in(who).get(HERE)
        assert "01632 960 101" in page.text, who
        assert ("07700 900 101" in page.text) is sees, who


def test_nobody_changes_the_numbers_of_a_colleague_but_a_manager(signed_in, people, enter):
    signed_in("dana").get(f"{HERE}/{people.olive.id}", status=404)
    signed_in("sam").get(f"{HERE}/{people.olive.id}", status=404)
    signed_in("mina").get(f"{HERE}/{people.pat.id}", status=404)

    assert "The numbers of Olive Officer are saved." in words_of(enter("mina", "olive"))


def test_the_numbers_are_sealed_with_the_name(database, people, enter):
    enter("olive", "olive")

    with database.reading(people.olive) as act:
        account = act.session.scalars(select(Account).where(Account.id == people.olive.id)).one()
        assert b"960" not in account.sealed
        found = reach.find(act, people.olive.id)
    assert (found.name, found.phone, found.night_phone) == ("Olive Officer", "01632 960 101", "07700 900 101")


@pytest.mark.parametrize("number", ["the usual one", "12", "0163<2 960", "1" * 21, "07700 900 101 ext"])
def test_what_is_no_number_is_said_beside_it_and_kept(enter, number):
    page = enter("olive", "olive", status=400, night_phone=number)

    assert "Enter a telephone number in figures" in words_of(page)
    assert 'value="01632 960 101"' in page.text


@pytest.mark.parametrize("number", ["", "4021", "+44 1632 960001", "(01632) 960-001", "01632 960 001 ext. 23"])
def test_numbers_are_taken_as_people_write_them(enter, number):
    assert "Your numbers are saved." in words_of(enter("olive", "olive", phone=number))


def test_of_two_who_change_the_same_numbers_the_second_sees_both(signed_in, people, enter):
    first = signed_in("olive").get(f"{HERE}/{people.olive.id}")
    enter("mina", "olive", phone="01632 960 222")

    both = enter("olive", "olive", page=first, status=409)

    assert "Somebody else has changed these numbers" in words_of(both)
    assert "01632 960 222" in both.text
    assert 'value="01632 960 101"' in both.text
    assert "Your numbers are saved." in words_of(enter("olive", "olive", page=both))


def test_whoever_is_on_call_is_rung_on_the_number_that_is_kept(signed_in, people, enter):
    when = {"day": "23", "month": "3", "year": "2026", "time": "17:00"}
    shift = {"account": str(people.hal.id), "phone": ""}
    shift |= {f"from_at-{part}": text for part, text in when.items()}
    shift |= {f"until_at-{part}": text for part, text in (when | {"day": "24", "time": "09:00"}).items()}
    mina = signed_in("mina")
    refused = mina.post("/on-call", shift, page=mina.get("/on-call"), status=400)
    assert "no number out of hours is known of them" in words_of(refused)

    enter("mina", "hal")

    assert "07700 900 101, from" in words_of(mina.post("/on-call", shift, page=mina.get("/on-call")))


def test_many_people_take_as_many_statements_as_few(signed_in, database, people):
    mina = signed_in("mina")
    mina.get(HERE)
    few = mina.queries

    with database.work(SYSTEM) as act:
        for number in range(9):
            email, council = f"new{number}@example.test", people.mina.authority
            new = NewAccount(email, "A New", Role.COVER_OFFICER, council, ends_on=act.today)
            accounts.add(act, new, PASSWORD)

    assert words_of(mina.get(HERE)).count("A New Cover officer") == 9
    assert mina.queries == few
