"""Setting up from the terminal: tables, councils, people, and a demonstration kept out of production."""

import json

import pytest
from sqlalchemy import select

from lado.db import Database
from lado.models import Account, HolidayList, Installation, Notice
from lado.security.identity import SYSTEM
from lado.services import account_links, accounts, factors
from tests.support.commands import Run, refused, runner, said
from tests.support.people import People, email_of

pytestmark = pytest.mark.database


def test_an_upgrade_makes_the_tables_and_keeps_the_bank_holidays(untouched: Database) -> None:
    run = runner(untouched)

    found = said(run("db", "upgrade"))
    again = said(run("db", "upgrade"))

    assert found == again
    with untouched.reading(SYSTEM) as act:
        assert act.session.get(HolidayList, found["calendar"]) is not None
        assert act.session.get(Installation, 1) is None


def test_before_the_upgrade_the_words_say_what_to_do(untouched: Database) -> None:
    refused(runner(untouched)("users", "disable", "nobody@example.test"), "flask db upgrade")


def test_a_council_and_its_first_officer(migrated: Database) -> None:
    run = runner(migrated)

    added = said(run("authority", "add", "northbrook", "--name", "Northbrook Council", "--prefix", "nb"))
    person = said(
        run("users", "add", "o@example.test", "--name", "O", "--role", "lado", "--authority", "northbrook council")
    )

    assert added == {"authority": "northbrook", "name": "Northbrook Council", "prefix": "NB"}
    assert (person["role"], person["authority"]) == ("designated_officer", "northbrook")
    with migrated.reading(SYSTEM) as act:
        account = accounts.of_email(act, "O@EXAMPLE.test")
        assert account is not None
        assert accounts.password_is_right(account, person["password"])
        assert not act.session.get_one(Installation, 1).is_demonstration


def test_the_operator_lets_in_whoever_has_no_second_step_yet_and_nobody_else(migrated: Database) -> None:
    run = runner(migrated)
    added = said(run("users", "add", "o@example.test", "--name", "O", "--role", "lado", "--authority", "Northbrook"))

    again = said(run("users", "let-in", "o@example.test"))

    assert added["link"] != again["link"]
    with migrated.work(SYSTEM) as act:
        first, second = (one["link"].partition("/set-up/")[2] for one in (added, again))
        assert account_links.find(act, first, account_links.FACTOR) is None
        found = account_links.find(act, second, account_links.FACTOR)
        assert found is not None
        factors.keep_codes(act, found[1], factors.new_seed())
    refused(run("users", "let-in", "o@example.test"), "a second step already")


def test_the_first_person_brings_their_council_and_the_next_must_name_one_that_is_there(migrated: Database) -> None:
    run = runner(migrated)

    first = run("users", "add", "o@example.test", "--name", "O", "--role", "auditor", "--authority", "South Mere")
    typo = run("users", "add", "p@example.test", "--name", "P", "--role", "auditor", "--authority", "southmeer")

    assert json.loads(first.stdout)["authority"] == "south-mere"
    assert "first council" in first.stderr
    refused(typo, "There are: south-mere")


def test_a_password_from_standard_input_is_not_printed(run: Run, database: Database) -> None:
    found = said(
        run(
            *("users", "add", "new@example.test", "--name", "New", "--role", "Service manager"),
            *("--authority", "northbrook", "--deputy", email_of("hal"), "--password-stdin"),
            input="fifteen letters and more\n",
        )
    )

    assert "password" not in found
    with database.reading(SYSTEM) as act:
        account = accounts.of_email(act, "new@example.test")
        assert account is not None
        assert accounts.password_is_right(account, "fifteen letters and more")
        assert account.deputy_id is not None


def test_a_partner_belongs_to_an_agency(run: Run, database: Database) -> None:
    words = ("--name", "Head", "--role", "partner", "--authority", "northbrook")

    said(run("users", "add", "a@school.test", *words, "--agency", "Willow Lane Primary School"))
    said(run("users", "add", "b@school.test", *words, "--agency", "Willow Lane Primary School"))
    said(run("users", "add", "c@school.test", *words))

    with database.reading(SYSTEM) as act:
        one, two, three = (accounts.of_email(act, f"{name}@school.test") for name in "abc")
        assert one is not None
        assert two is not None
        assert three is not None
        assert one.agency_id == two.agency_id != three.agency_id


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": email_of("olive")}, "already"),
        ({"email": "no address"}, "Enter an e-mail address"),
        ({"authority": "atlantis"}, "There are: northbrook, southmere"),
        ({"deputy": "nobody@example.test"}, "no account with the address nobody@example.test"),
        ({"password": "short"}, "at least 15 characters"),
        ({"agency": "A school"}, "A partner belongs to an agency, and nobody else does."),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(run: Run, changes: dict[str, str], words: str) -> None:
    given = {"email": "x@example.test", "name": "X", "role": "auditor", "authority": "northbrook"} | changes
    options = [part for name, value in given.items() if name != "email" for part in (f"--{name}", value)]

    refused(run("users", "add", given["email"], *options), words)


def test_a_role_that_does_not_exist_is_a_usage_error(run: Run) -> None:
    words = ("--name", "X", "--role", "system", "--authority", "northbrook")

    assert run("users", "add", "x@example.test", *words).exit_code == 2


def test_an_account_is_shut_once(run: Run, database: Database, people: People) -> None:
    said(run("users", "disable", email_of("carl")))

    refused(run("users", "disable", email_of("carl")), "disabled already")
    refused(run("users", "disable", "nobody@example.test"), "no account with the address")
    with database.reading(SYSTEM) as act:
        assert act.session.get_one(Account, people.carl.id).disabled_at is not None


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("northbrook", "--name", "Again", "--prefix", "AG"), "already"),
        (("new", "--name", "New", "--prefix", "NB"), "begin with NB already"),
        (("new", "--name", "New", "--prefix", "N8"), "capital letters"),
        (("New Council", "--name", "New", "--prefix", "NC"), "small letters"),
        (("new", "--name", "New", "--prefix", "NC", "--colour", "teal"), "six digits"),
    ],
)
def test_a_council_that_cannot_be_added(run: Run, words: tuple[str, ...], problem: str) -> None:
    refused(run("authority", "add", *words), problem)


def test_a_production_setting_does_not_open_a_demonstration(database: Database) -> None:
    run = runner(database, production=True)

    refused(run("users", "disable", email_of("carl")), "This database is a demonstration")
    refused(run("db", "upgrade"), "This database is a demonstration")


def test_a_role_that_the_operator_gives_alone_is_said_to_who_could_have_agreed(run: Run, database: Database) -> None:
    given = run("users", "add", "n@example.test", "--name", "Nell", "--role", "auditor", "--authority", "northbrook")

    assert given.exit_code == 0
    assert "Roles are given by two people on the page People. 3 of them hear of this." in given.stderr
    with database.reading(SYSTEM) as act:
        told = list(act.session.scalars(select(Notice).where(Notice.subject == "An account was added by the operator")))
    assert len(told) == 3
    assert not any("Nell" in notice.body for notice in told)


def test_a_cover_officer_is_added_with_their_last_day(run: Run) -> None:
    words = ("users", "add", "c@example.test", "--name", "C", "--role", "cover", "--authority", "northbrook")

    refused(run(*words), "last day")
    assert said(run(*words, "--until", "2026-05-31"))["role"] == "cover_officer"
