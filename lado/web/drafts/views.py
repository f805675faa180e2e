"""Keeping a draft on the server while somebody types, and throwing it away. One draft for each person and form."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lado.errors import BadInput
from lado.security.permissions import Permission
from lado.services import drafts
from lado.web.guards import database, needs, whoever
from lado.web.templating import time

bp = Blueprint("drafts", __name__, url_prefix="/drafts")

PAGES = {"referral": "intake.new"}
"""The forms of which a draft is kept, and the page that each stands on."""

NOT_KEPT = frozenset({"csrf_token", "form_token", "draft", "check", "add_child"})
"""What belongs to one sending of a form and not to what was typed."""


@bp.post("/<form>")
@needs(Permission.DRAFT_KEEP)
def keep(form: str) -> ResponseReturnValue:
    """Keep what was typed. A script is told when; a person who pressed the button is taken back to the form."""
    if form not in PAGES:
        abort(404)
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
    flash(f"Draft saved at {saved_at}. It is kept until you save the referral or throw it away.")
    return redirect(url_for(PAGES[form]))


@bp.post("/<form>/throw-away")
@needs(Permission.DRAFT_KEEP)
def throw_away(form: str) -> ResponseReturnValue:
    """Throw the draft away and begin with an empty form."""
    if form not in PAGES:
        abort(404)
    with database().work(whoever()) as act:
        drafts.throw_away(act, form)
    flash("The draft is thrown away. The form is empty again.")
    return redirect(url_for(PAGES[form]))
