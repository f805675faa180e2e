"""The challenge that a passkey is asked to answer: it waits in this browser's signed cookie, and is taken out once."""

import base64
import secrets
from datetime import timedelta

from flask import current_app, session

from lado.services.passkeys import Site, site_of
from lado.web.guards import database

CHALLENGE = "challenge"
LASTS = timedelta(minutes=10)
"""How long a page with a passkey's button may stand open."""


def site() -> Site:
    """Our own site, by the configured address."""
    return site_of(current_app.extensions["lado"].settings.public_url)


def asks_for_passkeys() -> bool:
    """Whether this installation asks those who lead, administer or keep the record for a passkey."""
    return bool(current_app.extensions["lado"].settings.passkeys_required)


def given() -> bytes:
    """The challenge for the page that is shown: the one that waits, so that two tabs both work, or a new one."""
    waiting = _waiting()
    if waiting is not None:
        return waiting
    made = secrets.token_bytes(32)
    session[CHALLENGE] = [base64.urlsafe_b64encode(made).decode(), int(database().clock.now().timestamp())]
    return made


def taken() -> bytes:
    """The challenge that the answer is for, which is not asked again; one that nobody knows where there is none."""
    waiting = _waiting()
    session.pop(CHALLENGE, None)
    return waiting or secrets.token_bytes(32)


def _waiting() -> bytes | None:
    kept = session.get(CHALLENGE)
    if kept is None or database().clock.now().timestamp() - kept[1] > LASTS.total_seconds():
        return None
    return base64.urlsafe_b64decode(kept[0])
