"""Going from the second step of a sign-in into the session."""

import structlog
from flask import redirect, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_user

from lado.domain.devices import device_of
from lado.security.identity import SYSTEM
from lado.services import sign_ins
from lado.web.addresses import inside
from lado.web.guards import BY_PASSKEY, database
from lado.web.users import SignedIn, home_of

STEP = "step"
"""Under which name the cookie holds the reference of a step."""

log = structlog.get_logger()


def device() -> str:
    """The browser that asks, as a session keeps it."""
    return device_of(request.headers.get("User-Agent", ""))


def source() -> str:
    """The network address that asks, as it came or as a listed proxy says."""
    return request.remote_addr or ""


def enter(reference: str, *, by_passkey: bool = False) -> ResponseReturnValue:
    """Put the session into the cookie in place of everything there, and go on to where one was going.

    `by_passkey`: a passkey was proved just now, which opens restricted cases too.
    """
    user = SignedIn.load(reference)
    if user is None:
        raise RuntimeError("a session that has just begun was not found")
    going_to = inside(request.args.get("next", ""))
    session.clear()
    login_user(user)
    if by_passkey:
        session[BY_PASSKEY] = True
    with database().work(SYSTEM) as act:
        sign_ins.came_in(act, user.identity.id or 0, device(), source())
    log.info("signed in", account=user.identity.id)
    return redirect(going_to or home_of(user.identity))
