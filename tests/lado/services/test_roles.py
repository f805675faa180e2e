"""A role is given by two people, never for oneself; until the second one agrees nothing has changed."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lado.errors import BadInput, NotAllowed, Refused
from lado.models import Account, Invitation, LoginSession, Notice, RoleRequest
from lado.security.identity import SYSTEM, Role
from lado.services import accounts, roles, sessions
from lado.services.roles import NewColleague, Wanted

AUDITOR = Wanted(Role.AUDITOR, "She goes through the records this spring.")
NELL = NewColleague("Nell New", "nell@example.test")


@pytest.fixture
def ask(database, people):
    def asked(wanted=AUDITOR, who="ada", about="bea"):
        with database.work(people.everyone[who]) as act:
            if about is None:
                return roles.ask_for_new(act, NELL, wanted)
            return roles.ask_for(act, people.everyone[about].id, wanted)

    return asked


@pytest.fixture
def role_of(database, people):
    def found(name):
        with database.reading(SYSTEM) as act:
            return act.session.get_one(Account, people.everyone[name].id).role

    return found


@pytest.fixture
def make_administrator(database, people):
    """A second administrator: what two people agreed on."""
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.abe.id).role = Role.ADMINISTRATOR.value
    return people.abe


def test_a_single_grant_stays_pending(ask, role_of, database):
    ask()

    assert role_of("bea") == Role.BUSINESS_SUPPORT
    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(RoleRequest.stage)).one() == "asked"


@pytest.mark.parametrize("second", ["mina", "hal"])
def test_a_second_person_gives_the_role_from_that_moment_on(ask, role_of, database, people, second):
    request = ask()

    with database.work(people.everyone[second]) as act:
        roles.agree(act, request)

    assert role_of("bea") == Role.AUDITOR


def test_nobody_asks_for_themselves(ask):
    with pytest.raises(Refused, match="themselves"):
        ask(about="ada")


def test_nobody_agrees_to_what_they_asked_for(ask, database, people, role_of):
    request = ask()

    with pytest.raises(NotAllowed), database.work(people.ada) as act:
        roles.agree(act, request)
    assert role_of("bea") == Role.BUSINESS_SUPPORT


def test_nobody_agrees_to_a_role_of_their_own(ask, database, people, role_of):
    request = ask(about="mina", wanted=Wanted(Role.ADMINISTRATOR, "While I am away."))

    with pytest.raises(NotAllowed), database.work(people.mina) as act:
        roles.agree(act, request)
    assert role_of("mina") == Role.SERVICE_MANAGER


@pytest.mark.parametrize("name", ["olive", "carl", "bea", "abe", "dee", "edie", "pat", "sam"])
def test_case_roles_administer_nobody(ask, database, people, name):
    request = ask(about="dana")

    with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
        roles.agree(act, request)
    with pytest.raises(NotAllowed):
        ask(who=name, about="bea")
    with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
        roles.shut(act, people.bea.id)


@pytest.mark.parametrize("name", ["mina", "hal"])
def test_a_manager_agrees_and_asks_for_nothing(ask, name):
    with pytest.raises(NotAllowed):
        ask(who=name)


def test_an_administrator_alone_adds_nobody(database, people):
    new = accounts.NewAccount("nell@example.test", "Nell New", Role.AUDITOR, people.ada.authority)

    with pytest.raises(NotAllowed), database.work(people.ada) as act:
        accounts.add(act, new, "a long enough password for tests")


@pytest.mark.parametrize("column", ["asked_by_id", "account_id"])
def test_the_database_itself_takes_two_people(ask, database, people, column):
    request = ask()

    with database.work(SYSTEM) as act:
        row = act.session.get_one(RoleRequest, request)
        row.stage, row.decided_at, row.decided_by_id = "agreed", act.at, getattr(row, column)
        with pytest.raises(IntegrityError):
            act.session.flush()
        act.session.rollback()


def test_somebody_new_has_no_account_until_a_second_person_agrees_and_then_a_link(ask, database, people):
    request = ask(about=None)
    with database.reading(SYSTEM) as act:
        assert accounts.of_email(act, NELL.email) is None

    with database.work(people.mina) as act:
        account_id = roles.agree(act, request)

    with database.reading(SYSTEM) as act:
        assert act.session.get_one(Account, account_id).role == Role.AUDITOR
        assert act.session.scalars(select(Invitation.account_id)).one() == account_id


def test_those_who_may_agree_are_told_without_a_name(ask, database, people):
    ask(about=None)

    with database.reading(SYSTEM) as act:
        told = act.session.scalars(select(Notice)).all()
        assert {notice.account_id for notice in told} == {people.mina.id, people.hal.id}
        assert not any("Nell" in notice.body or "Nell" in notice.subject for notice in told)


def test_the_database_holds_no_name_of_whom_a_role_is_asked_for(ask, database):
    ask(about=None)

    with database.reading(SYSTEM) as act:
        row = act.session.scalars(select(RoleRequest)).one()
        assert not any(b"Nell" in value for value in (row.sealed, row.email_token))


def test_a_changed_role_ends_every_session_of_the_old_one(ask, database, people):
    with database.work(SYSTEM) as act:
        sessions.begin(act, act.session.get_one(Account, people.bea.id))
    request = ask()

    with database.work(people.mina) as act:
        roles.agree(act, request)

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(LoginSession.ended_because)).all() == ["role_changed"]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (Wanted(Role.COVER_OFFICER, "Covers."), "last day"),
        (Wanted(Role.DESIGNATED_OFFICER, "Agency.", is_temporary=True), "last day"),
        (Wanted(Role.PARTNER, "No."), "council"),
        (Wanted(Role.SYSTEM, "No."), "council"),
        (Wanted(Role.AUDITOR, " "), "why"),
        (Wanted(Role.BUSINESS_SUPPORT, "Again."), "already"),
    ],
)
def test_what_cannot_be_asked_for(ask, wanted, problem):
    with pytest.raises(BadInput, match=problem):
        ask(wanted)


def test_a_last_day_is_at_most_ninety_days_ahead(ask, clock):
    with pytest.raises(BadInput, match="90 days"):
        ask(Wanted(Role.COVER_OFFICER, "Covers.", clock.now().date() + timedelta(days=91)))
    ask(Wanted(Role.COVER_OFFICER, "Covers.", clock.now().date() + timedelta(days=90)))


def test_one_role_at_a_time_waits_for_somebody_and_it_is_decided_once(ask, database, people):
    request = ask()
    with pytest.raises(Refused, match="waits"):
        ask()
    with database.work(people.hal) as act:
        roles.refuse(act, request)

    with pytest.raises(Refused, match="already"), database.work(people.mina) as act:
        roles.agree(act, request)
    ask()


def test_it_is_taken_back_by_those_who_keep_accounts(ask, database, people, role_of):
    request = ask()
    with pytest.raises(NotAllowed), database.work(people.mina) as act:
        roles.withdraw(act, request)

    with database.work(people.ada) as act:
        roles.withdraw(act, request)

    with pytest.raises(Refused), database.work(people.mina) as act:
        roles.agree(act, request)
    assert role_of("bea") == Role.BUSINESS_SUPPORT


def test_a_second_administrator_agrees_too(ask, database, make_administrator, role_of, people):
    request = ask()
    with database.reading(SYSTEM) as act:
        assert act.session.get_one(Account, people.abe.id).role == Role.ADMINISTRATOR

    second = type(people.ada)(people.abe.id, Role.ADMINISTRATOR, people.ada.authority)
    with database.work(second) as act:
        roles.agree(act, request)

    assert role_of("bea") == Role.AUDITOR


def test_a_shut_account_is_opened_again_by_two(ask, database, people):
    with database.work(people.ada) as act:
        roles.shut(act, people.bea.id)
    request = ask(Wanted(Role.BUSINESS_SUPPORT, "She is back."))

    with database.work(people.mina) as act:
        roles.agree(act, request)

    with database.reading(SYSTEM) as act:
        assert act.session.get_one(Account, people.bea.id).disabled_at is None
