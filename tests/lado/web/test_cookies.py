"""One cookie, marked as it must be; the newest key signs it, and a former one verifies until its last day alone."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from lado import create_app
from tests.support.browser import hidden
from tests.support.people import PASSWORD, email_of
from tests.support.signing import sign_in

FORMER, NEWEST = os.urandom(32), os.urandom(32)


@pytest.fixture
def after_the_change(settings, clock, engines):
    """The app as it was before the key was changed, and as it is afterwards, with the former key until tomorrow."""
    made = []

    def of(key, former=(), until=()):
        keys = replace(settings, secret_key=key, secret_key_fallbacks=former, secret_key_fallbacks_until=until)
        made.append(create_app(keys, clock))
        return made[-1]

    yield of(FORMER), of(NEWEST, (FORMER,), (clock.now().date() + timedelta(days=1),))
    for app in made:
        engines.close(app.extensions["lado"].database.engine)


def held(app, value):
    client = app.test_client()
    client.set_cookie("lado", value)
    return client


def is_in(client):
    return client.get("/my-sessions").status_code == 200


def test_a_cookie_of_the_former_key_verifies_and_is_signed_anew(after_the_change):
    before, after = after_the_change
    looked = sign_in(before, "olive")
    assert is_in(looked)  # so that nothing else is written into the cookie at the next look
    old = looked.get_cookie("lado").value
    client = held(after, old)

    assert is_in(client)

    fresh = client.get_cookie("lado").value
    assert fresh != old
    assert not is_in(held(before, fresh)), "the former key did not sign it"


def test_a_cookie_of_the_former_key_dies_at_the_end_of_its_last_day(after_the_change, clock):
    before, after = after_the_change
    clock.move_to(datetime(2026, 3, 3, 23, 50, tzinfo=UTC))
    old = sign_in(before, "olive").get_cookie("lado").value
    assert is_in(held(after, old))

    clock.advance(minutes=10)

    assert is_in(held(before, old)), "the session itself goes on"
    assert not is_in(held(after, old))


@pytest.mark.parametrize(
    "key",
    [FORMER[:1], FORMER.hex()[:1].encode(), b"a", os.urandom(32)],
    ids=["first byte", "first figure", "a letter", "another"],
)
def test_a_cookie_of_any_other_key_is_worth_nothing(after_the_change, key):
    _, after = after_the_change
    forger = Flask("forger")
    forger.secret_key = key
    with sign_in(after, "olive").session_transaction() as cookie:
        given = dict(cookie)
    forged = forger.session_interface.get_signing_serializer(forger).dumps(given)

    assert not is_in(held(after, forged))


def test_a_form_that_was_open_while_the_key_changed_is_taken(after_the_change):
    before, after = after_the_change
    client = sign_in(before, "olive")
    token = hidden(client.get("/my-sessions"), "csrf_token")

    answer = held(after, client.get_cookie("lado").value).post("/my-sessions/stay", data={"csrf_token": token})

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("address", "name"), [("https://lado.example.test", "__Host-lado"), ("http://localhost", "lado")]
)
def test_every_answer_sets_one_cookie_at_most_marked_as_it_must_be(settings, clock, engines, address, name):
    app = create_app(replace(settings, public_url=address, trusted_hosts=("localhost",)), clock)
    client = app.test_client()
    base = f"{address.partition(':')[0]}://localhost"
    page = client.get("/sign-in", base_url=base)
    data = {"csrf_token": hidden(page, "csrf_token"), "email": email_of("olive"), "password": PASSWORD}
    answers = [page, client.post("/sign-in", base_url=base, data=data), client.get("/no-such-page", base_url=base)]
    engines.close(app.extensions["lado"].database.engine)

    set_by = [value for answer in answers for value in answer.headers.getlist("Set-Cookie")]
    assert len(set_by) >= 2
    for value in set_by:
        marks = {part.strip().lower() for part in value.split(";")[1:]}
        assert value.startswith(f"{name}=")
        assert {"httponly", "path=/", "samesite=lax"} <= marks
        assert ("secure" in marks) is (name != "lado")
        assert not any(mark.startswith(("domain", "expires", "max-age")) for mark in marks), "it goes with the browser"


def test_nobody_is_remembered_by_another_cookie(app):
    client = sign_in(app, "olive")

    assert [cookie.key for cookie in client._cookies.values()] == ["lado"]
