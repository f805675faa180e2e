"""One account, one person of its own council's directory; and each return from a directory once, on either database."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lado.errors import NotAllowed, Refused
from lado.models import DirectoryLink, DirectoryReturn, LoginSession
from lado.queries import directories as queries
from lado.security.identity import SYSTEM
from lado.services import accounts, directories, sessions
from tests.support.people import email_of

ISSUER = "https://login.northbrook.example"


@pytest.fixture
def connect(database, people):
    def connected(name, subject="one", council="northbrook", issuer=ISSUER):
        with database.work(people.everyone[name]) as act:
            directories.connect(act, council, issuer, queries.token_of(act.vault, issuer, subject))

    return connected


def links(database):
    with database.reading(SYSTEM) as act:
        found = act.session.scalars(select(DirectoryLink).order_by(DirectoryLink.id))
        return [(row.account_id, row.ended_at is None) for row in found]


def found(database, subject="one", council="northbrook", issuer=ISSUER):
    with database.reading(SYSTEM) as act:
        account = queries.account_of(act.session, council, issuer, queries.token_of(act.vault, ISSUER, subject))
        return account.id if account else None


def test_a_person_of_the_directory_is_found_by_issuer_subject_and_council(connect, database, people):
    connect("olive")

    assert found(database) == people.olive.id
    assert found(database, subject="two") is None
    assert found(database, council="southmere") is None
    assert found(database, issuer="https://login.southmere.example") is None


def test_a_person_of_the_directory_is_one_account(connect, database, people):
    connect("dana")

    with pytest.raises(Refused, match="another account"):
        connect("olive")
    assert links(database) == [(people.dana.id, True)]


def test_the_same_subject_of_another_issuer_is_somebody_else(connect, database, people):
    connect("olive")
    connect("sam", council="southmere", issuer="https://login.southmere.example")

    assert links(database) == [(people.olive.id, True), (people.sam.id, True)]
    assert found(database) == people.olive.id


def test_an_account_is_one_person_of_the_directory(connect):
    connect("olive")

    with pytest.raises(Refused, match="connected with a council sign-in already"):
        connect("olive", "two")


def test_an_account_that_is_shut_holds_nobody_up(connect, database, people):
    connect("dana")
    with database.work(SYSTEM) as act:
        accounts.disable(act, accounts.of_email(act, email_of("dana")))

    connect("olive")

    assert links(database) == [(people.dana.id, False), (people.olive.id, True)]


@pytest.mark.parametrize("name", ["pat", "sam", "noel"])
def test_a_directory_is_for_its_own_councils_people(connect, database, name):
    with pytest.raises(NotAllowed):
        connect(name)
    assert links(database) == []


def test_the_database_itself_lets_no_two_accounts_be_one_person(connect, database, people):
    connect("olive")

    with database.work(SYSTEM) as act:
        made = {"issuer": ISSUER, "token": queries.token_of(act.vault, ISSUER, "one"), "made_at": act.at}
        act.session.add(DirectoryLink(account_id=people.dana.id, **made, used_at=None, ended_at=None, ended_by_id=None))
        with pytest.raises(IntegrityError):
            act.session.flush()
        act.session.rollback()


def test_a_return_is_taken_once_and_forgotten_later(database, clock):
    def taken(secret):
        with database.work(SYSTEM) as act:
            return directories.take(act, secret)

    assert [taken("a"), taken("a"), taken("b")] == [True, False, True]
    clock.advance(minutes=21)
    assert taken("c")
    with database.reading(SYSTEM) as act:
        assert act.session.scalar(select(func.count()).select_from(DirectoryReturn)) == 1


def test_a_session_keeps_when_the_directory_proved_the_second_factor(database, clock):
    proved_at = clock.now()
    clock.advance(minutes=30)
    with database.work(SYSTEM) as act:
        olive = accounts.of_email(act, email_of("olive"))
        reference = directories.begin_session(act, olive, "unknown", proved_at)

    with database.reading(SYSTEM) as act:
        assert act.session.get_one(LoginSession, sessions.digest(reference)).proved_at == proved_at
