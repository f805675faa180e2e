"""Pages that answer an escalation: take the case over, come back later; and marking a case urgent."""

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.models import Referral
from lado.queries import lapsed
from lado.queries.lapsed import Told
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.services import answering
from lado.web.due import point
from lado.web.escalations.forms import ReasonForm, SnoozeForm, TakeOverForm
from lado.web.escalations.views import MINE
from lado.web.forms import Form
from lado.web.guards import needs, reading
from lado.web.sending import sent

bp = Blueprint("answering", __name__, url_prefix="/escalations")

TAKEN = "{}: you are now its accountable officer."
SNOOZED = "{}: it waits for you again at {}. Whoever hears next still hears in time."
URGENT = "{}: marked urgent. Its cover and its manager are told."
LIFTED = "{}: no longer marked urgent."


@bp.route("/<hidden:escalation_id>/take-over", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=lapsed.found)
def take_over(told: Told) -> ResponseReturnValue:
    """Become the accountable officer of the case."""
    form = TakeOverForm()
    words = (
        "You become its accountable officer. Whoever was is told. The clocks go on as they are.",
        "To look after it only while somebody is away, accept its hand-over instead.",
    )
    show = partial(_show, form, "Take the case over", told.reference, "Take it over", words)
    return sent(form, lambda act: _taken(act, told, form), show)


@bp.route("/<hidden:escalation_id>/later", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=lapsed.found)
def later(told: Told) -> ResponseReturnValue:
    """Come back to it later, before the next person hears."""
    act = reading()
    form = SnoozeForm(act.at, lapsed.latest_snooze(act, told.clock_id))
    words = ("It waits for you again at that time. Nobody hears later than they would have.",)
    show = partial(_show, form, "Come back to it later", told.reference, "Come back later", words)
    return sent(form, lambda act: _snoozed(act, told, form), show)


@bp.route("/urgent/<reference>", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=find)
def urgent(referral: Referral) -> ResponseReturnValue:
    """Mark a case urgent for the safety of a child, or say that it is no longer so."""
    form = ReasonForm()
    if referral.is_urgent:
        title, text = "No longer urgent", "It is no longer urgent"
        words = ["What lapses climbs the ladder as usual."]
    else:
        title, text = "A child’s safety is at stake now", "Mark it urgent"
        words = [
            "Its cover and its manager hear at once, and of anything that lapses from now on at the lapse itself.",
            "This tells people inside the council. If a child is in danger now, ring 999 first.",
        ]
    back = url_for("referrals.show", reference=referral.reference)
    show = partial(_show, form, title, referral.reference, text, words, back)
    return sent(form, lambda act: _marked(act, referral, form), show)


def _show(form: Form, title: str, caption: str, button_text: str, words: Sequence[str], back: str = "") -> str:
    return render_template(
        "escalations/answer.html",
        form=form,
        title=title,
        caption=caption,
        button_text=button_text,
        words=words,
        back_href=back or url_for("escalations.home", show=MINE),
        back_text=caption if back else "Escalations",
    )


def _taken(act: Act, told: Told, form: TakeOverForm) -> str:
    answering.take_over(act, told.id, form.reason.data or "")
    flash(TAKEN.format(told.reference))
    return url_for("referrals.show", reference=told.reference)


def _snoozed(act: Act, told: Told, form: SnoozeForm) -> str:
    answering.snooze(act, told.id, form.moment(), form.reason.data or "")
    flash(SNOOZED.format(told.reference, point(form.moment(), act.at)))
    return url_for("escalations.home", show=MINE)


def _marked(act: Act, referral: Referral, form: ReasonForm) -> str:
    do = answering.lift_urgency if referral.is_urgent else answering.raise_urgency
    do(act, referral.id, form.reason.data or "")
    flash((LIFTED if referral.is_urgent else URGENT).format(referral.reference))
    return url_for("referrals.show", reference=referral.reference)
