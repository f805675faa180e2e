"""Being signed in without the forms and without a home page, and what a form has to carry to be taken."""

import re
import secrets

from flask import Flask
from flask.testing import FlaskClient

from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import accounts, sessions
from tests.support.people import email_of


def take_session(client: FlaskClient, database: Database, name: str) -> None:
    """Put a session of someone of the cast into the client's cookie, in place of whatever was there."""
    take_session_of(client, database, email_of(name))


def take_session_of(client: FlaskClient, database: Database, address: str) -> None:
    """The same for whoever signs in with an address."""
    with database.work(SYSTEM) as act:
        account = accounts.of_email(act, address)
        assert account is not None, f"nobody signs in with {address}"
        reference = sessions.begin(act, account)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(_user_id=reference, _fresh=True)


def sign_in(app: Flask, name: str) -> FlaskClient:
    """A client that is signed in as someone of the cast."""
    client = app.test_client()
    take_session(client, app.extensions["lado"].database, name)
    return client


def sending(client: FlaskClient) -> dict[str, str]:
    """The tokens of a form that this client may send now: against forgery, and for one effect only."""
    for address in ("/no-such-page", "/sign-in"):  # the first holds a form only for somebody who is signed in
        page = client.get(address)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        if found:
            break
    assert found, page.text
    return {"csrf_token": found[1], "form_token": secrets.token_urlsafe(24)}
