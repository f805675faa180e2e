"""Who may follow this case on line? Letting one more person do so, and ending it."""

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.models import Referral
from lado.queries import access
from lado.queries.access import Access
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.services import access as giving
from lado.web.access import presenters
from lado.web.access.forms import AccessForm, EndForm
from lado.web.fields import choices
from lado.web.guards import needs, reading
from lado.web.sending import sent

bp = Blueprint("access", __name__, url_prefix="/referrals/<reference>/access")


@bp.get("")
@needs(Permission.ACCESS_GIVE, find=find)
def home(referral: Referral) -> ResponseReturnValue:
    """Who may follow this case?"""
    found = access.of_case(reading(), referral)
    return render_template(
        "access/home.html",
        reference=referral.reference,
        now=presenters.open_rows(found),
        before=presenters.closed_rows(found),
    )


@bp.route("/give", methods=["GET", "POST"])
@needs(Permission.ACCESS_GIVE, find=find, fresh=True)
def give(referral: Referral) -> ResponseReturnValue:
    """Let one person follow it."""
    form = AccessForm()
    people = presenters.choices_of(access.could_follow(reading(), referral))
    form.account.choices = choices(people, empty="Choose")
    page = partial(
        render_template, "access/give.html", form=form, reference=referral.reference, has_people=bool(people)
    )
    return sent(form, partial(_give, form=form, referral_id=referral.id, reference=referral.reference), page)


@bp.route("/<int:grant_id>/end", methods=["GET", "POST"])
@needs(Permission.ACCESS_GIVE, find=access.find, fresh=True)
def end(found: Access) -> ResponseReturnValue:
    """End one person's access."""
    form = EndForm()
    page = partial(render_template, "access/end.html", form=form, found=found, until=presenters.until(found))
    return sent(form, partial(_end, form=form, found=found), page)


def _give(act: Act, form: AccessForm, referral_id: int, reference: str) -> str:
    giving.give(act, referral_id, form.answers())
    flash("They can follow this case from now on, and a message tells them so.")
    return url_for("access.home", reference=reference)


def _end(act: Act, form: EndForm, found: Access) -> str:
    giving.end(act, found.referral_id, found.id, form.why.data or "")
    flash(f"Ended. {found.name} cannot follow this case any more.")
    return url_for("access.home", reference=found.reference)
