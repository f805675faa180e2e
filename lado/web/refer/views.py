"""Beginning to refer without an account: the four questions, who asks, and a message that proves the address.

Anybody may open these pages. They answer everybody alike, and nothing reaches an officer before that proof.
"""

import structlog
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lado.domain import self_check
from lado.queries import front
from lado.queries.front import NO_COUNCIL
from lado.security.identity import SYSTEM, Role
from lado.services import online_beginnings
from lado.web.fields import choices
from lado.web.guards import database, public, whoever
from lado.web.portal.refer_forms import CheckForm
from lado.web.refer.forms import BeginForm
from lado.web.sending import tried

bp = Blueprint("refer", __name__, url_prefix="/refer")
log = structlog.get_logger()


@bp.route("", methods=["GET", "POST"])
@public
def start() -> ResponseReturnValue:
    """Is this for the designated officer? Whoever has an account goes on with it."""
    if current_user.is_authenticated and whoever().role is Role.PARTNER:
        return redirect(url_for("referring.home"))
    form = CheckForm()
    if request.method != "POST" or not form.validate():
        page = render_template("portal/refer/check.html", form=form, back=None)
        return page, 400 if form.errors else 200
    answers = form.answers()
    advice = self_check.advise(answers, next(iter(_councils().values()), NO_COUNCIL.name))
    if "go_on" not in request.form and (advice.is_danger or not advice.is_for_us):
        return render_template("portal/refer/advice.html", form=form, advice=advice, back=url_for("refer.start"))
    return _page(_form(formdata=None, **answers._asdict()))


@bp.route("/begin", methods=["GET", "POST"])
@public
def begin() -> ResponseReturnValue:
    """Who asks: a message goes to the address, the same page to whoever sent the form."""
    if request.method != "POST":
        return redirect(url_for("refer.start"))
    form = _form()

    def attempt() -> ResponseReturnValue:
        with database().work(SYSTEM) as act:
            online_beginnings.begin(act, form.beginning())
        log.info("begun without an account")
        return redirect(url_for("refer.sent"))

    return tried(form, attempt, lambda: _page(form))


@bp.get("/sent")
@public
def sent() -> ResponseReturnValue:
    """What to do now: look for the message."""
    return render_template("refer/sent.html")


def _councils() -> dict[int, str]:
    with database().reading(SYSTEM) as act:
        return front.councils(act)


def _form(**given: object) -> BeginForm:
    form = BeginForm(**given)
    councils = _councils()
    form.council.choices = choices(councils, empty="Choose")
    if len(councils) == 1:
        form.council.data = str(next(iter(councils)))
    return form


def _page(form: BeginForm) -> str:
    return render_template("refer/begin.html", form=form, is_one=len(form.council.choices) <= 2)
