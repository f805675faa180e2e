"""What somebody sent too late from a page that has no form of its own to come back to: here it is, and can be sent."""

from functools import partial

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries.conflicts import LARGEST_ID
from lado.security.permissions import Permission
from lado.services import kept_forms
from lado.services.kept_forms import Kept
from lado.web.forms import Form
from lado.web.given_back import facts_of
from lado.web.guards import needs, whoever
from lado.web.sending import sent
from lado.web.users import home_of

bp = Blueprint("kept", __name__, url_prefix="/kept")


class ThrowAwayForm(Form):
    """Nothing to fill in: a button that does it."""


def find(act: Act, kept_id: int) -> Kept | None:
    """What was kept for whoever asks."""
    return None if kept_id > LARGEST_ID else kept_forms.find(act, kept_id)


@bp.get("/<int:kept_id>")
@needs(Permission.SESSION_END, find=find)
def show(found: Kept) -> ResponseReturnValue:
    """What was typed, to be sent now or thrown away."""
    return render_template("kept/show.html", kept=found, facts=facts_of(found.typed))


@bp.route("/<int:kept_id>/throw-away", methods=["GET", "POST"])
@needs(Permission.SESSION_END, find=find)
def throw_away(found: Kept) -> ResponseReturnValue:
    """Throw it away."""
    form = ThrowAwayForm()
    return sent(form, partial(_throw_away, found=found), partial(_sure, form, found))


def _sure(form: ThrowAwayForm, found: Kept) -> str:
    return render_template("kept/throw_away.html", form=form, kept=found)


def _throw_away(act: Act, found: Kept) -> str:
    kept_forms.throw_away(act, found.number)
    flash("Thrown away.")
    return home_of(whoever())
