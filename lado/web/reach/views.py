"""How are my colleagues reached? And keeping one's own numbers, or as a manager those of one's people."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from lado.act import Act
from lado.errors import Stale
from lado.queries import reach
from lado.queries.reach import Reach
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import reach as keeping
from lado.web.components import Fact
from lado.web.guards import needs, reading, whoever
from lado.web.reach.forms import NumbersForm
from lado.web.sending import sent

bp = Blueprint("reach", __name__, url_prefix="/cover/people")

NOT_KNOWN = "Not known"


@bp.get("")
@needs(Permission.COVER_READ)
def home() -> ResponseReturnValue:
    """Everybody who covers or can be asked for, and their numbers; those of the night for whoever may change them."""
    people = reach.listed(reading())
    shows_night = any(can(whoever(), Permission.REACH_KEEP, one) for one in people)
    rows = [_row(one) if shows_night else _row(one)[:3] for one in people]
    return render_template("reach/home.html", rows=rows, shows_night=shows_night)


@bp.route("/<int:account_id>", methods=["GET", "POST"])
@needs(Permission.REACH_KEEP, find=reach.find)
def change(found: Reach) -> ResponseReturnValue:
    """Enter the numbers of one person."""
    is_new = request.method == "GET"
    form = NumbersForm(data=found._asdict()) if is_new else NumbersForm()
    page = partial(_page, form, found)
    return sent(form, partial(_keep, form=form, found=found), page, partial(_overtaken, form, found))


def _keep(act: Act, form: NumbersForm, found: Reach) -> str:
    keeping.keep(act, found.account_id, form.answers(), seen=form.seen())
    whose = "Your numbers are" if found.account_id == whoever().id else f"The numbers of {found.name} are"
    flash(f"{whose} saved.")
    return url_for("reach.home")


def _overtaken(form: NumbersForm, found: Reach, stale: Stale) -> str:
    """The form as it was filled in, ready to be sent again, beside what somebody else saved meanwhile."""
    form.refuse({"form": str(stale)})
    now = reach.find(reading(), found.account_id) or found
    form.version.data = str(now.version)
    return _page(form, now, is_stale=True)


def _page(form: NumbersForm, found: Reach, *, is_stale: bool = False) -> str:
    saved = [Fact("Telephone", found.phone or NOT_KNOWN), Fact("Out of hours", found.night_phone or NOT_KNOWN)]
    return render_template(
        "reach/change.html",
        form=form,
        person=found,
        is_own=found.account_id == whoever().id,
        saved=saved if is_stale else [],
    )


def _row(one: Reach) -> tuple[str | Markup, ...]:
    if not can(whoever(), Permission.REACH_KEEP, one):
        return one.name, one.role.label, one.phone or NOT_KNOWN, "", ""
    link = Markup(
        '<a class="govuk-link" href="{}">Change<span class="govuk-visually-hidden"> the numbers of {}</span></a>'
    )
    href = url_for("reach.change", account_id=one.account_id)
    return one.name, one.role.label, one.phone or NOT_KNOWN, one.night_phone or NOT_KNOWN, link.format(href, one.name)
