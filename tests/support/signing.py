"""Signing in without following on to a home page, and what a form has to carry to be taken."""

import re
import secrets

from flask import Flask
from flask.testing import FlaskClient

from tests.support.people import PASSWORD, email_of


def sign_in(app: Flask, name: str) -> FlaskClient:
    """A client that is signed in as someone of the cast."""
    client = app.test_client()
    tokens = sending(client)
    answer = client.post("/sign-in?next=/health/live", data={"email": email_of(name), "password": PASSWORD, **tokens})
    assert answer.status_code == 302, answer.text
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
