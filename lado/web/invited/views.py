"""Somebody opens the link of their invitation, and chooses a password. The secret in the address is the only key."""

import structlog
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from lado.queries import invitations
from lado.queries.invitations import Opened
from lado.security.identity import SYSTEM
from lado.services import invitations as accepting
from lado.services import sign_in_steps
from lado.services.accounts import SHORTEST_PASSWORD
from lado.web.factors.stepping import STEP
from lado.web.guards import database, public
from lado.web.invited.forms import AcceptForm
from lado.web.portal.forms import said_of, wanted
from lado.web.sending import tried

bp = Blueprint("invited", __name__, url_prefix="/invited")
log = structlog.get_logger()


@bp.route("/<secret>", methods=["GET", "POST"])
@public
def accept(secret: str) -> ResponseReturnValue:
    """Choose a name and a password. A link that does not work says so alike, whatever the reason is."""
    with database().reading(SYSTEM) as act:
        opened = invitations.find(act, secret)
    if opened is None:
        return render_template("invited/not_open.html"), 404
    if request.method != "POST":
        return _page(AcceptForm(name=opened.name, news=said_of(opened.wants_news)), opened)
    form = AcceptForm()
    return tried(form, lambda: _accept(form, secret), lambda: _page(form, opened))


def _accept(form: AcceptForm, secret: str) -> ResponseReturnValue:
    with database().work(SYSTEM) as act:
        said, chosen = wanted(form.news.data), form.password.data or ""
        account_id = accepting.accept(act, secret, form.name.data or "", chosen, wants_news=said)
        step = sign_in_steps.begin_first(act, account_id)
    log.info("invitation accepted", account=account_id)
    if current_user.is_authenticated:
        logout_user()  # somebody else's browser, or their own before
    if step is not None:
        session[STEP] = step
        flash("Your password is set. One more thing, and you are in.")
        return redirect(url_for("set_up.factor"))
    flash("Your password is set. Sign in with it and the e-mail address that our message came to.")
    return redirect(url_for("sessions.sign_in"))


def _page(form: AcceptForm, opened: Opened) -> str:
    return render_template("invited/accept.html", form=form, invitation=opened, shortest=SHORTEST_PASSWORD)
