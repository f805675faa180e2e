"""Who is on call out of hours: the list ahead, the nights without anybody, and putting somebody on or off."""

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain import said
from lado.errors import Refused
from lado.queries import accounts, on_call
from lado.queries.on_call import Senior
from lado.security.permissions import Permission
from lado.services import on_call as arranging
from lado.web.fields import choices
from lado.web.guards import needs, reading, save
from lado.web.out_of_hours import presenters
from lado.web.out_of_hours.forms import OnCallForm
from lado.web.sending import sent

bp = Blueprint("on_call", __name__, url_prefix="/on-call")


@bp.get("")
@needs(Permission.ON_CALL_ARRANGE)
def home() -> ResponseReturnValue:
    """Everybody on call from now on, the nights without anybody, and the form."""
    return _page(_with_choices(OnCallForm(formdata=None)))


@bp.post("")
@needs(Permission.ON_CALL_ARRANGE)
def put() -> ResponseReturnValue:
    """Put somebody on call."""
    form = _with_choices(OnCallForm())
    return sent(form, partial(_put, form=form), partial(_page, form))


@bp.post("/<int:shift_id>/cancel")
@needs(Permission.ON_CALL_ARRANGE, find=on_call.find)
def cancel(shift: Senior) -> ResponseReturnValue:
    """Take somebody off call."""
    try:
        return save(partial(_cancel, shift=shift))
    except Refused as refused:
        form = _with_choices(OnCallForm(formdata=None))
        form.refuse({"form": str(refused)})
        return _page(form), 409


def _with_choices(form: OnCallForm) -> OnCallForm:
    act = reading()
    people = accounts.people_of(act, act.who.authority or 0, arranging.SENIORS)
    form.account.choices = choices({str(one.id): one.name for one in people if one.is_active}, empty="Choose")
    return form


def _page(form: OnCallForm) -> str:
    act = reading()
    roster = on_call.roster(act, act.who.authority or 0)
    return render_template(
        "out_of_hours/on_call.html",
        form=form,
        gaps=presenters.gap_words(roster.gaps),
        shifts=presenters.shift_rows(roster.ahead, act.at),
    )


def _put(act: Act, form: OnCallForm) -> str:
    shift = arranging.put(act, form.answers())
    name = accounts.names_of(act, {shift.account_id})[shift.account_id]
    flash(f"{name} is on call {said.span(shift.from_at, shift.until_at)}.")
    return url_for("on_call.home")


def _cancel(act: Act, shift: Senior) -> str:
    arranging.cancel(act, shift.id)
    flash(f"{shift.name} is no longer on call {said.span(shift.from_at, shift.until_at)}.")
    return url_for("on_call.home")
