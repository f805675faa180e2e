"""Signing in and out. A session lives on the server: signing out ends it everywhere."""

import structlog
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from lado.errors import BadInput
from lado.security.identity import SYSTEM
from lado.security.permissions import Permission
from lado.services import sessions
from lado.web.guards import database, needs, public, whoever
from lado.web.sessions.forms import SignInForm
from lado.web.users import SignedIn, home_of

bp = Blueprint("sessions", __name__)
log = structlog.get_logger()


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on to where one was going."""
    form = SignInForm()
    going_to = inside(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(going_to or home_of(whoever()))
    if form.validate_on_submit():
        try:
            user = begin(form.email.data, form.password.data)
            return redirect(going_to or home_of(user.identity))
        except BadInput as bad:
            form.refuse(bad.problems)
    return render_template("sessions/sign_in.html", form=form), 400 if form.errors else 200


@bp.post("/sign-out")
@needs(Permission.SESSION_END)
def sign_out() -> ResponseReturnValue:
    """End the session on every node and let the browser forget what it kept."""
    with database().work(whoever()) as act:
        sessions.end(act, current_user.reference)
    logout_user()
    session.clear()
    response = redirect(url_for("sessions.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def begin(email: str, password: str) -> SignedIn:
    """Check the password and begin a session. Raises BadInput with the same words whatever was wrong."""
    with database().reading(SYSTEM) as act:
        if not sessions.may_try(act, email):
            raise BadInput({"email": sessions.TOO_MANY})
        account = sessions.right_account(act, email, password)
    with database().work(SYSTEM) as act:
        if account is None:
            sessions.failed(act, email)
            reference = None
        else:
            reference = sessions.begin(act, account)
    user = SignedIn.load(reference) if reference else None
    if user is None:
        log.info("sign-in refused")
        raise BadInput({"email": sessions.WRONG})
    log.info("signed in", account=user.identity.id)
    session.clear()
    login_user(user)
    return user


def inside(address: str) -> str:
    """The address if it is a plain path inside this product, else nothing: no other host, no trick with slashes."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    is_plain = all(33 <= ord(letter) < 127 and letter not in '\\<>"' for letter in address)
    return address.rstrip("?") if is_path and is_plain and "//" not in address.split("?")[0] else ""
