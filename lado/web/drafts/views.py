"""Keeping a draft on the server while somebody types, and throwing it away. One draft for each person and form."""

import re

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lado.errors import BadInput
from lado.security.permissions import Permission
from lado.services import drafts
from lado.web.guards import database, needs, whoever
from lado.web.templating import time

bp = Blueprint("drafts", __name__, url_prefix="/drafts")

MOVE_FORM = re.compile(r"move:([A-Z]{1,8}-[0-9A-Z]{6}-[0-9A-Z]):([a-z_]{1,40})")
"""The name under which the form of a move on a case is kept."""

NOT_KEPT = frozenset({"csrf_token", "form_token", "seen", "draft", "check", "add_child"})
"""What belongs to one sending of a form and not to what was typed."""


@bp.post("/<form>")
@needs(Permission.DRAFT_KEEP)
def keep(form: str) -> ResponseReturnValue:
    """Keep what was typed. A script is told when; a person who pressed the button is taken back to the form."""
    page = page_of(form)
    fields = {name: values for name, values in request.form.lists() if name not in NOT_KEPT}
    is_script = "draft" not in request.form
    try:
        with database().work(whoever()) as act:
            drafts.keep(act, form, fields)
            saved_at = time(act.at)
    except BadInput as bad:
        if is_script:
            return {"problem": str(bad)}, 400
        raise
    if is_script:
        return {"saved_at": saved_at}
    flash(f"Draft saved at {saved_at}. It is kept until you save the form or throw it away.")
    return redirect(page)


@bp.post("/<form>/throw-away")
@needs(Permission.DRAFT_KEEP)
def throw_away(form: str) -> ResponseReturnValue:
    """Throw the draft away and begin with an empty form."""
    page = page_of(form)
    with database().work(whoever()) as act:
        drafts.throw_away(act, form)
    flash("The draft is thrown away. The form is empty again.")
    return redirect(page)


def page_of(form: str) -> str:
    """The page on which a form stands; 404 for a form of which no draft is kept."""
    if form == "referral":
        return url_for("intake.new")
    move = MOVE_FORM.fullmatch(form)
    if move is None:
        abort(404)
    return url_for("moves.make", reference=move[1], move=move[2])
