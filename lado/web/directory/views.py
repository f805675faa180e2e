"""Signing in with the council's own directory: there by a press, back once, and in only with both factors."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lado.adapters.directory import DirectoryNotBelieved, DirectoryUnavailable, Found
from lado.queries import directories as queries
from lado.security.identity import SYSTEM
from lado.services import directories, factors, sign_in_steps
from lado.web.addresses import inside
from lado.web.directory import asking
from lado.web.directory.asking import TO_CONNECT, TO_SIGN_IN, Asked
from lado.web.factors.challenges import asks_for_passkeys
from lado.web.factors.stepping import STEP, device, enter
from lado.web.guards import database, public
from lado.web.users import home_of

bp = Blueprint("directory", __name__, url_prefix="/sign-in/directory/<council>")
log = structlog.get_logger()

WHY = "directory_step"
"""Where it is kept why a second step is asked for, to be said on its page."""

ONLY_ONE = "Your council’s own sign-in did not say that you proved who you are in two ways. Prove the second one here."
BY_ROLE = "With your role, or on the list of a restricted case, you use a passkey as well, and prove it here."

THROUGH = "directory"
"""Whose directory somebody signed in by, so that signing out can say that they may be signed in there still."""

FOUND = "directory_found"
"""Where it is kept who was found, until they have said that it is to be connected."""


@dataclass(frozen=True, slots=True)
class Way:
    """A button to sign in by."""

    council: str
    name: str
    href: str


@bp.get("/begin")
@public
def begin(council: str) -> ResponseReturnValue:
    """Send somebody to their council's directory."""
    if current_user.is_authenticated:
        return redirect(home_of(current_user.identity))
    if not asking.was_pressed():
        return refused(council, "press", 400)
    try:
        page = asking.begin(council, TO_SIGN_IN, _now(), inside(request.args.get("next", "")))
    except DirectoryUnavailable as problem:
        return unavailable(council, problem)
    return redirect(page)


@bp.get("")
@public
def back(council: str) -> ResponseReturnValue:
    """Whoever comes back from the directory."""
    directory = asking.directory(council)
    asked = asking.answered(council, _now())
    if asked is None or request.args.get("iss", directory.issuer) != directory.issuer:
        return refused(council, "asking", 400)
    if "error" in request.args:
        return refused(council, "not done", 403)
    with database().work(SYSTEM) as act:
        is_first = directories.take(act, asked.secret)
    if not is_first:
        return refused(council, "asking", 400)
    try:
        found = directory.who_came(asked.asking, request.args.get("code", ""), _now())
    except DirectoryUnavailable as problem:
        return unavailable(council, problem)
    except DirectoryNotBelieved as problem:
        log.warning("directory not believed", problem=str(problem))
        return refused(council, "not believed", 400)
    return _found_to_connect(asked, found) if asked.purpose == TO_CONNECT else _sign_in(asked, found)


@bp.get("/signed-out")
@public
def signed_out(council: str) -> ResponseReturnValue:
    """Say that one is signed out here, and may not be there."""
    asking.directory(council)
    return render_template("directory/signed_out.html", council_name=_name_of(council), key=council)


@bp.get("/sign-out-there")
@public
def sign_out_there(council: str) -> ResponseReturnValue:
    """Send somebody to where they sign out of the directory itself."""
    directory = asking.directory(council)
    if not asking.was_pressed():
        return redirect(url_for("sessions.sign_in"))
    try:
        page = directory.page_to_sign_out(
            str(current_app.extensions["lado"].settings.public_url) + url_for("sessions.sign_in")
        )
    except DirectoryUnavailable as problem:
        return unavailable(council, problem)
    return redirect(page) if page else refused(council, "no signing out", 404)


@bp.app_template_global("ways_of_directories")
def ways() -> list[Way]:
    """The buttons of the page to sign in on, one for each council that has a directory."""
    entered = tuple(one.authority for one in current_app.extensions["lado"].settings.directories)
    if not entered:
        return []
    with database().reading(SYSTEM) as act:
        names = queries.names_of(act.session, entered)
    pressed, going_to = asking.press(), request.args.get("next") or None
    return [
        Way(key, name, url_for("directory.begin", council=key, press=pressed, next=going_to))
        for key, name in names.items()
    ]


@bp.app_template_global("has_directories")
def is_used() -> bool:
    """Whether any council here has a directory."""
    return bool(current_app.extensions["lado"].settings.directories)


bp.add_app_template_global(asking.press, "directory_press")


def refused(council: str, why: str, status: int) -> ResponseReturnValue:
    """The page that says why nobody was signed in, and what to do."""
    asking.directory(council)
    log.info("sign-in refused")
    return render_template("directory/refused.html", why=why, council_name=_name_of(council)), status


def unavailable(council: str, problem: DirectoryUnavailable) -> ResponseReturnValue:
    """The page for when the directory does not answer as it should."""
    log.warning("directory unavailable", problem=str(problem))
    return render_template("directory/refused.html", why="unavailable", council_name=_name_of(council)), 503


def _sign_in(asked: Asked, found: Found) -> ResponseReturnValue:
    """Begin a session, or the second step where the directory's word is only the first."""
    with database().work(SYSTEM) as act:
        token = queries.token_of(act.vault, found.issuer, found.subject)
        account = queries.account_of(act.session, asked.council, found.issuer, token)
        if account is None or not directories.may_come_in(act, account):
            return refused(asked.council, "not connected", 403)
        directories.used(act, account)
        # Whoever has to use a passkey proves it here: a directory does not say whether its own factor can be phished.
        if not found.is_strong or not factors.codes_suffice(act, account, strict=asks_for_passkeys()):
            step = sign_in_steps.begin(act, account)
        else:
            step, reference = None, directories.begin_session(act, account, device(), found.proved_at)
    if step is not None:
        session.clear()
        session[STEP] = step
        session[WHY] = ONLY_ONE if not found.is_strong else BY_ROLE
        return redirect(url_for("second_step.code", next=asked.going_to or None))
    answer = enter(reference)
    session[THROUGH] = asked.council
    return redirect(asked.going_to) if asked.going_to else answer


def _found_to_connect(asked: Asked, found: Found) -> ResponseReturnValue:
    """Keep who was found until the person says that it is to be connected: the account's own, in the same browser."""
    if not current_user.is_authenticated or current_user.identity.id != asked.account_id:
        return refused(asked.council, "asking", 400)
    with database().reading(SYSTEM) as act:
        token = queries.token_of(act.vault, found.issuer, found.subject)
        session[FOUND] = {
            "token": token.hex(),
            "issuer": found.issuer,
            "at": act.at.timestamp(),
            "council": asked.council,
        }
    return redirect(url_for("directory_connecting.confirm"))


def _name_of(council: str) -> str:
    with database().reading(SYSTEM) as act:
        return queries.name_of(act.session, council) or "Your council"


def _now() -> datetime:
    return database().clock.now()
