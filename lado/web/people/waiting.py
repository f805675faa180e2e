"""Which roles wait for a second person, and which accounts end or are unused? For administrators and managers."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import people
from lado.queries.people import Request
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import roles
from lado.web.guards import needs, reading, whoever
from lado.web.people import presenters
from lado.web.people.forms import SureForm
from lado.web.sending import sent

bp = Blueprint("people_waiting", __name__, url_prefix="/people")


@bp.get("/waiting")
@needs(Permission.ROLE_AGREE)
def home() -> ResponseReturnValue:
    """Which roles wait for a second person?"""
    act = reading()
    may_keep = can(whoever(), Permission.ACCOUNT_MANAGE)
    rows = presenters.waiting_rows(people.waiting(act), act.who.id, may_keep=may_keep)
    return render_template("people/waiting.html", rows=rows, may_keep=may_keep)


@bp.get("/ending")
@needs(Permission.ROLE_AGREE)
def ending() -> ResponseReturnValue:
    """Which accounts end soon, are suspended, or soon will be because nobody uses them?"""
    act = reading()
    may_keep = can(whoever(), Permission.ACCOUNT_MANAGE)
    rows = presenters.ending_rows(people.ending(act), act.at, may_keep=may_keep)
    return render_template("people/ending.html", rows=rows, may_keep=may_keep)


@bp.route("/waiting/<int:role_request_id>", methods=["GET", "POST"])
@needs(Permission.ROLE_AGREE, find=people.find_request, fresh=True)
def decide(found: Request) -> ResponseReturnValue:
    """Agree that somebody gets a role, or do not."""
    form = SureForm()
    page = partial(render_template, "people/decide.html", form=form, facts=presenters.request_facts(found), one=found)
    return sent(form, partial(_decide, found=found), page)


@bp.route("/waiting/<int:role_request_id>/take-back", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find_request)
def withdraw(found: Request) -> ResponseReturnValue:
    """Take back what was asked for."""
    form = SureForm()
    return sent(form, partial(_withdraw, found=found), partial(_sure, form, found))


def _sure(form: SureForm, found: Request) -> str:
    return render_template("people/take_back.html", form=form, one=found, facts=presenters.request_facts(found))


def _decide(act: Act, found: Request) -> str:
    if "refuse" in request.form:
        roles.refuse(act, found.id)
        flash("Not agreed. Nothing changes.")
    else:
        roles.agree(act, found.id)
        flash(
            "Agreed. They have the role from now on." if found.account_id else "Agreed. A link goes to their address."
        )
    return url_for("people_waiting.home")


def _withdraw(act: Act, found: Request) -> str:
    roles.withdraw(act, found.id)
    flash("Taken back. Nothing changes.")
    return url_for("people_waiting.home")
