"""Why do you need to look? Asked once before a case opens that is not theirs; then they are where they were going."""

from datetime import timedelta
from functools import partial

import structlog
from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.look_reasons import LASTS, LONGEST
from lado.errors import NotExplained
from lado.models import Referral
from lado.queries import accounts
from lado.queries.look_reasons import right
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.services import look_reasons
from lado.web import errors
from lado.web.addresses import inside
from lado.web.background import is_a_form, is_background
from lado.web.given_back import keep, way_back
from lado.web.guards import needs, reading, stop_reading, whoever
from lado.web.look_reasons.forms import WhyForm
from lado.web.sending import sent

log = structlog.get_logger()

bp = Blueprint("look_reasons", __name__)

WRITTEN_DOWN = "Your reason is written down. You can open {} for {} hours."


def install(app: Flask) -> None:
    """Ask wherever somebody opens a case that is nothing to them."""
    app.register_error_handler(NotExplained, _ask)


@bp.route("/referrals/<reference>/why", methods=["GET", "POST"])
@needs(Permission.REFERRAL_READ, find=find, asks_why=False)
def ask(referral: Referral) -> ResponseReturnValue:
    """Say why, and go on. Whoever need not say it goes on at once."""
    act = reading()
    going_to = inside(request.args.get("next", "")) or url_for("referrals.show", reference=referral.reference)
    if request.method == "GET" and right(act, referral.reference) is not None:
        return redirect(going_to)
    form = WhyForm()
    owner = accounts.names_of(act, {referral.owner_id or 0}).get(referral.owner_id or 0, "")
    page = partial(
        render_template,
        "look_reasons/ask.html",
        form=form,
        reference=referral.reference,
        owner=owner,
        longest=LONGEST,
    )
    return sent(form, partial(_give, form=form, referral=referral, going_to=going_to), page)


def _give(act: Act, form: WhyForm, referral: Referral, going_to: str) -> str:
    look_reasons.give(act, referral, form.said())
    flash(WRITTEN_DOWN.format(referral.reference, LASTS // timedelta(hours=1)))
    return going_to


def _ask(error: NotExplained) -> ResponseReturnValue:
    """Lead to the page that asks. A form that was sent is kept, and is given back there filled in."""
    stop_reading()
    log.info("reason asked for", endpoint=request.endpoint, account=whoever().id)
    if is_background() or (request.method == "POST" and not is_a_form()):
        return errors.page(403)
    going_to = request.full_path.rstrip("?")
    if request.method == "POST":
        going_to = way_back(keep(), asked="why") or url_for("referrals.show", reference=error.reference)
    return redirect(url_for("look_reasons.ask", reference=error.reference, next=going_to))
