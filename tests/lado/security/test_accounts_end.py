"""A leaver is out everywhere at once; whoever is here for a time has a last day; what is unused is suspended.

Two apps on one database are two nodes.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lado import create_app
from lado.errors import BadInput, NotAllowed, Refused
from lado.jobs import people as looking_after
from lado.models import Account, Invitation, LoginSession, Notice
from lado.queries.invitations import secret_of
from lado.security.identity import SYSTEM, Role
from lado.services import accounts, invitations, roles, sessions, standing_accounts
from lado.services.accounts import NewAccount
from tests.support.people import PASSWORD, email_of
from tests.support.signing import sign_in


@pytest.fixture
def nodes(settings, clock, app, engines):
    """Two nodes on one database."""
    other = create_app(settings, clock)
    yield app, other
    engines.close(other.extensions["lado"].database.engine)


def of(act, people, name):
    return act.session.get_one(Account, people.everyone[name].id)


def begin(database, people, name):
    with database.work(SYSTEM) as act:
        return sessions.begin(act, of(act, people, name))


def right(database, name):
    with database.reading(SYSTEM) as act:
        return sessions.right_account(act, email_of(name), PASSWORD)


def unused_since_now(database, people, name):
    """From now on the account of somebody of the cast is counted as everybody else's."""
    with database.work(SYSTEM) as act:
        of(act, people, name).suspends_at = act.at + standing_accounts.UNUSED


@pytest.mark.parametrize("name", ["olive", "carl", "pat", "ada"])
def test_who_leaves_is_out_on_both_nodes_at_the_next_request(nodes, database, people, name):
    cookies = [sign_in(nodes[0], name).get_cookie("lado").value for _ in range(3)]
    clients = []
    for node in nodes:
        node.secret_key = nodes[0].secret_key
        for cookie in cookies:
            client = node.test_client()
            client.set_cookie("lado", cookie)
            clients.append(client)
    assert [client.get("/my-sessions").status_code for client in clients] == [200] * 6

    with database.work(SYSTEM) as act:
        accounts.disable(act, of(act, people, name))

    assert [client.get("/my-sessions").status_code for client in clients] == [302] * 6


def test_signing_out_ends_it_on_the_other_node_too(nodes, database):
    client = sign_in(nodes[0], "olive")
    thief = nodes[1].test_client()
    thief.set_cookie("lado", client.get_cookie("lado").value)
    assert thief.get("/my-sessions").status_code == 200

    with database.work(SYSTEM) as act:
        with client.session_transaction() as cookie:
            reference = cookie["_user_id"]
        sessions.end(act, reference)

    assert thief.get("/my-sessions").status_code == 302


def test_an_account_that_nobody_used_for_45_days_is_suspended(database, people, clock):
    unused_since_now(database, people, "olive")

    clock.advance(days=44)
    assert right(database, "olive") is not None
    clock.advance(days=2)

    assert right(database, "olive") is None
    with pytest.raises(BadInput):
        begin(database, people, "olive")


def test_signing_in_counts_as_use(database, people, clock):
    unused_since_now(database, people, "olive")

    for _ in range(3):
        clock.advance(days=44)
        begin(database, people, "olive")

    with database.reading(SYSTEM) as act:
        assert of(act, people, "olive").used_at == clock.now()


def test_an_administrator_of_the_council_wakes_what_is_suspended_and_nobody_else_does(database, people, clock):
    unused_since_now(database, people, "olive")
    clock.advance(days=46)
    for name in ("mina", "olive", "sam"):
        with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
            standing_accounts.wake(act, of(act, people, "olive"))

    with database.work(people.ada) as act:
        standing_accounts.wake(act, of(act, people, "olive"))

    assert right(database, "olive") is not None
    with pytest.raises(Refused, match="not suspended"), database.work(people.ada) as act:
        standing_accounts.wake(act, of(act, people, "olive"))


def test_a_partner_who_is_suspended_is_woken_by_a_new_link(database, people, clock):
    unused_since_now(database, people, "pat")
    clock.advance(days=46)
    assert right(database, "pat") is None
    with database.work(people.olive) as act:
        invitations.send_link(act, of(act, people, "pat"))
        nonce = act.session.scalars(select(Invitation.nonce)).one()

    with database.work(SYSTEM) as act:
        invitations.accept(act, secret_of(act.vault, nonce), "Pat Partner", PASSWORD)

    assert right(database, "pat") is not None


def test_every_new_account_is_suspended_when_nobody_uses_it(database, people, clock):
    with database.work(SYSTEM) as act:
        new = NewAccount("new@example.test", "A New", Role.AUDITOR, people.ada.authority)
        assert accounts.add(act, new, PASSWORD).suspends_at == clock.now() + timedelta(days=45)


@pytest.mark.parametrize(
    "more", [{"role": Role.COVER_OFFICER}, {"role": Role.DESIGNATED_OFFICER, "is_temporary": True}]
)
def test_whoever_covers_or_is_here_for_a_time_has_a_last_day_within_90_days(database, people, clock, more):
    def add(days):
        last = None if days is None else clock.now().date() + timedelta(days=days)
        new = NewAccount("new@example.test", "A New", authority=people.ada.authority, ends_on=last, **more)
        with database.work(SYSTEM) as act:
            return accounts.add(act, new, PASSWORD).id

    for days in (None, 91, -1):
        with pytest.raises(BadInput, match="day"):
            add(days)
    assert add(90)


def test_a_last_day_is_put_off_and_never_taken_away_from_who_needs_one(database, people, clock):
    for last, problem in ((None, "last day"), (clock.now().date() + timedelta(days=91), "90 days")):
        with pytest.raises(BadInput, match=problem), database.work(people.ada) as act:
            standing_accounts.set_end(act, of(act, people, "carl"), last, is_temporary=False)
    with pytest.raises(NotAllowed), database.work(people.mina) as act:
        standing_accounts.set_end(act, of(act, people, "carl"), clock.now().date(), is_temporary=False)

    with database.work(people.ada) as act:
        standing_accounts.set_end(act, of(act, people, "carl"), clock.now().date(), is_temporary=False)

    clock.advance(hours=14)
    assert right(database, "carl") is not None
    clock.advance(hours=1)
    assert right(database, "carl") is None


def test_after_the_last_day_an_open_session_is_worth_nothing_and_the_cases_go_to_cover(app, database, people, clock):
    client = sign_in(app, "carl")
    with database.work(SYSTEM) as act:
        of(act, people, "carl").ends_at = clock.now() + timedelta(minutes=5)
    assert client.get("/my-sessions").status_code == 200

    clock.advance(minutes=5)

    assert client.get("/my-sessions").status_code == 302
    assert looking_after.tick(database)["shut"] == 1
    with database.reading(SYSTEM) as act:
        assert of(act, people, "carl").disabled_at == clock.now()
    assert looking_after.tick(database)["shut"] == 0


def test_the_service_manager_hears_weekly_of_what_ends_or_is_unused_without_a_name(database, people, clock):
    assert looking_after.tick(database)["told"] == 0
    unused_since_now(database, people, "bea")
    clock.advance(days=36)  # the Tuesday after Easter

    for _ in range(2):
        looking_after.tick(database)
    clock.advance(days=7)
    looking_after.tick(database)

    with database.reading(SYSTEM) as act:
        told = act.session.scalars(select(Notice).where(Notice.subject.startswith("Accounts"))).all()
    assert [notice.account_id for notice in told] == [people.mina.id] * 2
    assert not any("Bea" in notice.body for notice in told)


def test_an_administrator_signs_somebody_out_everywhere_and_shuts_their_account(database, people):
    begin(database, people, "bea")
    with database.work(people.ada) as act:
        roles.shut(act, people.bea.id)

    with database.reading(SYSTEM) as act:
        assert act.session.scalars(select(LoginSession.ended_because)).all() == ["by_an_administrator"]
    with pytest.raises(BadInput):
        begin(database, people, "bea")
