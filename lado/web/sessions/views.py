"""Signing in and out. The password is the first step; a session begins after the second, and lives on the server."""

import structlog
from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from lado.errors import BadInput
from lado.security.identity import SYSTEM
from lado.security.permissions import Permission
from lado.services import demonstration, passkeys, sessions, sign_in_steps
from lado.web.addresses import inside
from lado.web.factors import challenges
from lado.web.factors.forms import PasskeyForm
from lado.web.factors.stepping import STEP, device, source
from lado.web.guards import database, needs, public, whoever
from lado.web.sessions.forms import SignInForm
from lado.web.users import home_of

bp = Blueprint("sessions", __name__)
log = structlog.get_logger()


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Give an address and a password, and go on to the second step."""
    form = SignInForm()
    going_to = inside(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(going_to or home_of(whoever()))
    if form.validate_on_submit():
        try:
            reference = begin(form.email.data, form.password.data)
            session.clear()
            session[STEP] = reference
            return redirect(url_for("second_step.code", next=going_to or None))
        except BadInput as bad:
            form.refuse(bad.problems)
    options = passkeys.options_to_prove(challenges.site(), challenges.given())
    page = render_template(
        "sessions/sign_in.html", form=form, passkey=PasskeyForm(formdata=None), passkey_options=options, next=going_to
    )
    return page, 400 if form.errors else 200


@bp.post("/sign-out")
@needs(Permission.SESSION_END)
def sign_out() -> ResponseReturnValue:
    """End the session on every node and let the browser forget what it kept."""
    with database().work(whoever()) as act:
        sessions.end(act, current_user.reference)
    through = session.get("directory")
    logout_user()
    session.clear()
    response = redirect(url_for("directory.signed_out", council=through) if through else url_for("sessions.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def begin(email: str, password: str) -> str:
    """Check the password and begin the step after it; returns its reference.

    Raises BadInput with the same words whatever was wrong.
    """
    with database().reading(SYSTEM) as act:
        if not sessions.may_try(act, email, device(), source()):
            raise BadInput({"email": sessions.TOO_MANY})
        account = sessions.right_account(act, email, password)
    with database().work(SYSTEM) as act:
        if account is None:
            sessions.failed(act, email, device(), source())
        else:
            sessions.strengthen(act, account.id, password)
            demonstration.give_codes(act, account)
            return sign_in_steps.begin(act, account)
    log.info("sign-in refused")
    raise BadInput({"email": sessions.WRONG})
