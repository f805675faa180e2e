"""Somebody who leaves is out at the next request, on every browser; what they did stays theirs."""

import pytest
from sqlalchemy import select

from lado.errors import NotAllowed, Refused
from lado.models import Account, LedgerEntry
from lado.security.identity import Role
from lado.services import accounts
from lado.services.accounts import NewAccount
from tests.support.people import PASSWORD, code_of, email_of
from tests.support.signing import sending, sign_in


def disable(database, people, name):
    with database.work(people.ada) as act:
        accounts.disable(act, act.session.get_one(Account, people.everyone[name].id))


@pytest.mark.parametrize(("name", "path"), [("olive", "/"), ("pat", "/portal"), ("mina", "/cover")])
def test_a_disabled_account_is_out_at_the_next_request(app, database, people, name, path):
    browsers = [sign_in(app, name) for _ in range(3)]
    assert [client.get(path).status_code for client in browsers] == [200] * 3

    disable(database, people, name)

    for client in browsers:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in")
        assert client.post("/drafts/referral", data=sending(client)).status_code in {302, 401}


def test_a_disabled_account_cannot_sign_in_again_and_is_told_no_more_than_a_stranger(app, database, people):
    disable(database, people, "olive")
    client = app.test_client()
    right = {"email": email_of("olive"), "password": PASSWORD}
    answer = client.post("/sign-in", data={**sending(client), **right})
    stranger = client.post("/sign-in", data={**sending(client), **right, "email": "nobody@example.test"})

    assert answer.status_code == stranger.status_code == 400
    assert "is not right" in answer.text
    assert "disabled" not in answer.text


def test_what_a_leaver_did_stays_theirs(caseload, database, people):
    referral = caseload.referral()

    disable(database, people, "olive")

    with database.reading(people.mina) as act:
        actors = set(act.session.scalars(select(LedgerEntry.actor_id).where(LedgerEntry.referral_id == referral.id)))
    assert actors == {people.olive.id}


def test_an_account_is_disabled_once(database, people):
    disable(database, people, "olive")

    with pytest.raises(Refused, match="already"):
        disable(database, people, "olive")


@pytest.mark.parametrize("name", ["olive", "mina", "abe", "pat", "sam"])
def test_accounts_are_the_administrators_to_manage(database, people, name):
    with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
        accounts.disable(act, act.session.get_one(Account, people.carl.id))
    new = NewAccount("new@example.test", "Nell New", Role.DESIGNATED_OFFICER, people.olive.authority)
    with pytest.raises(NotAllowed), database.work(people.everyone[name]) as act:
        accounts.add(act, new, PASSWORD)


def test_an_administrator_manages_their_own_council_only(database, people):
    with pytest.raises(NotAllowed), database.work(people.ada) as act:
        accounts.disable(act, act.session.get_one(Account, people.sam.id))


def test_a_cookie_of_a_session_that_ended_is_worth_nothing(app):
    client = sign_in(app, "pat")
    cookie = client.get_cookie("lado").value
    client.post("/sign-out", data=sending(client))

    thief = app.test_client()
    thief.set_cookie("lado", cookie)

    assert thief.get("/portal").headers["Location"].startswith("/sign-in")


def test_signing_in_makes_a_new_session_and_drops_a_planted_one(app, clock):
    first = sign_in(app, "pat")
    planted = first.get_cookie("lado").value
    second = app.test_client()
    second.set_cookie("lado", planted)
    first.post("/sign-out", data=sending(first))

    data = {**sending(second), "email": email_of("pol"), "password": PASSWORD}
    assert second.post("/sign-in", data=data).status_code == 302
    between = second.get_cookie("lado").value
    data = {**sending(second), "code": code_of("pol", clock.now())}
    assert second.post("/sign-in/code?next=/health/live", data=data).status_code == 302

    assert second.get_cookie("lado").value != between
    assert second.get_cookie("lado").value != planted
    thief = app.test_client()
    thief.set_cookie("lado", planted)
    assert thief.get("/portal").status_code == 302
