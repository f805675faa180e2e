"""Passkeys: our own site alone, a device that made sure who holds it, a challenge once, and a count that only rises."""

import os

import pytest

from lado.errors import BadInput
from lado.models import Account
from lado.security.identity import SYSTEM
from lado.services import factors, passkeys, sessions
from tests.support.authenticator import Authenticator

SITE = passkeys.site_of("http://localhost:8000")


@pytest.fixture
def device(database, people):
    """A device with a passkey of Olive's."""
    made, challenge = Authenticator(count=7), os.urandom(32)
    with database.work(SYSTEM) as act:
        olive = act.session.get_one(Account, people.olive.id)
        passkeys.add(act, olive, SITE, challenge, made.make(challenge))
    return made


@pytest.fixture
def prove(database):
    """Prove with an answer; the id of the account."""

    def do(answer, challenge):
        with database.work(SYSTEM) as act:
            return passkeys.prove(act, SITE, challenge, answer).id

    return do


def test_it_is_found_whose_passkey_it_is(device, prove, people):
    for _ in range(2):
        challenge = os.urandom(32)
        assert prove(device.prove(challenge), challenge) == people.olive.id


def test_a_challenge_is_answered_once(device, prove):
    challenge = os.urandom(32)
    answer = device.prove(challenge)
    prove(answer, challenge)

    with pytest.raises(BadInput):
        prove(answer, challenge)
    with pytest.raises(BadInput):
        prove(device.prove(challenge), challenge)


@pytest.mark.parametrize(
    "false",
    [
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://1ocalhost:8000"},
        {"host": "evil.test"},
        {"is_verified": False},
        {"count": 6},
        {"count": 5},
        {"credential": b"another one of 16"},
    ],
    ids=str,
)
def test_what_is_not_right_is_refused_in_the_same_words(device, prove, false):
    for name, value in false.items():
        setattr(device, name, value)
    challenge = os.urandom(32)

    with pytest.raises(BadInput) as refused:
        prove(device.prove(challenge), challenge)

    assert refused.value.problems == {"form": passkeys.NOT_TAKEN}


def test_the_answer_to_another_challenge_is_refused(device, prove):
    with pytest.raises(BadInput):
        prove(device.prove(os.urandom(32)), os.urandom(32))


def test_the_key_of_somebody_else_is_refused(device, prove):
    thief, challenge = Authenticator(count=9, credential=device.credential), os.urandom(32)

    with pytest.raises(BadInput):
        prove(thief.prove(challenge), challenge)


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "null", '{"id": 1}', '{"id": "x"}', '{"id": "\\u0000"}', "9" * 30_000]
)
def test_what_is_no_answer_at_all_is_refused(device, prove, answer):
    with pytest.raises(BadInput):
        prove(answer, os.urandom(32))


@pytest.mark.parametrize(
    "false", [{"origin": "http://evil.test"}, {"host": "evil.test"}, {"is_verified": False}], ids=str
)
def test_a_passkey_made_for_another_site_or_without_asking_who_holds_it_is_not_kept(database, people, false):
    challenge = os.urandom(32)
    answer = Authenticator(**false).make(challenge)
    with pytest.raises(BadInput), database.work(SYSTEM) as act:
        passkeys.add(act, act.session.get_one(Account, people.olive.id), SITE, challenge, answer)


def test_one_passkey_belongs_to_one_account(database, people, device):
    challenge = os.urandom(32)
    with pytest.raises(BadInput, match="already"), database.work(SYSTEM) as act:
        passkeys.add(act, act.session.get_one(Account, people.dana.id), SITE, challenge, device.make(challenge))


def test_a_passkey_that_was_ended_proves_nothing(database, people, device, prove):
    with database.work(SYSTEM) as act:
        olive = act.session.get_one(Account, people.olive.id)
        passkey = factors.standing(act, olive.id, factors.PASSKEY)[0]
        factors.end(act, olive, passkey.id)
    challenge = os.urandom(32)

    with pytest.raises(BadInput):
        prove(device.prove(challenge), challenge)


def test_whoever_left_is_not_let_in_by_their_passkey(database, people, device, clock):
    with database.work(SYSTEM) as act:
        act.session.get_one(Account, people.olive.id).disabled_at = act.at
    challenge = os.urandom(32)

    with pytest.raises(BadInput), database.work(SYSTEM) as act:
        sessions.begin_by_passkey(act, SITE, challenge, device.prove(challenge), "unknown")


def test_what_the_browser_is_asked_tells_of_nobody(device, database):
    challenge = os.urandom(32)

    assert "allowCredentials" not in passkeys.options_to_prove(SITE, challenge) or '"allowCredentials": []' in (
        passkeys.options_to_prove(SITE, challenge)
    )
