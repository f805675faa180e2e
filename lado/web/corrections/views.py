"""Asking to correct a date, what that would change while one types, and the second person's answer."""

import secrets
from functools import partial

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.corrections import problem
from lado.errors import Stale
from lado.queries import dates
from lado.queries.dates import CorrectionFile, DateFile
from lado.security.permissions import Permission
from lado.services import corrections
from lado.web.corrections import presenters
from lado.web.corrections.forms import CorrectionForm, DecisionForm
from lado.web.corrections.presenters import Preview, dates_href, preview_of
from lado.web.forms import made_from
from lado.web.guards import needs, reading, whoever
from lado.web.sending import sent
from workflows.corrections import Wanted, present
from workflows.dates import EXACT

bp = Blueprint("corrections", __name__, url_prefix="/referrals/<reference>")

CLOCKS_AS_ASKED = "derive"


@bp.route("/dates/<int:entry>/<name>", methods=["GET", "POST"])
@needs(Permission.CORRECTION_ASK, find=dates.find_date, fresh=True)
def ask(found: DateFile) -> ResponseReturnValue:
    """The form for one date; `check` shows what would change, and nothing is asked for yet."""
    form = _ask_form(found)
    page = partial(_show_ask, found, form)
    return sent(form, partial(_ask, found=found, form=form), page, page)


@bp.post("/dates/<int:entry>/<name>/preview")
@needs(Permission.CORRECTION_ASK, find=dates.find_date)
def preview(found: DateFile) -> ResponseReturnValue:
    """What the typed date would change, as a piece of a page."""
    return render_template("corrections/_preview.html", preview=_preview(found, _ask_form(found)))


@bp.route("/corrections/<int:number>", methods=["GET", "POST"])
@needs(Permission.CORRECTION_DECIDE, find=dates.find_correction, fresh=True)
def decide(found: CorrectionFile) -> ResponseReturnValue:
    """Both dates and what each choice would change; agree or refuse."""
    form = _decision_form(found)
    page = partial(_show_decision, found, form)
    return sent(form, partial(_decide, found=found, form=form), page, page)


def _ask(act: Act, found: DateFile, form: CorrectionForm) -> str:
    file = found.dates.file
    corrections.ask(act, file.id, form.answers(found.dated), seen=made_from(file.events))
    flash("Asked. A manager who had no part in it agrees or refuses; until then the date stands as it was recorded.")
    return dates_href(file.reference)


def _decide(act: Act, found: CorrectionFile, form: DecisionForm) -> str:
    file, number = found.dates.file, found.story.number
    agreed, reason, seen = form.agreed, form.reason.data or "", made_from(file.events)
    corrections.decide(act, file.id, number, agreed=agreed, clocks=form.chosen_clocks, reason=reason, seen=seen)
    flash(
        "The date is corrected. The original stays beside it."
        if agreed
        else "Refused. The date stands as it was recorded."
    )
    return dates_href(file.reference)


def _ask_form(found: DateFile) -> CorrectionForm:
    made = CorrectionForm.of(found.dated, has_clocks=_has_clocks(found))
    if request.method == "POST":
        return made()
    case = found.dates.known.case
    return made(value=present(case, found.dated), precision=EXACT, clocks=CLOCKS_AS_ASKED)


def _decision_form(found: CorrectionFile) -> DecisionForm:
    form = DecisionForm()
    # A form sent twice, or after somebody else decided, is told so by the service, whatever hangs on the date by then.
    is_decided = found.story.decided_at is not None
    form.prepare(has_clocks=is_decided or bool(found.dates.known.consequences(found.wanted).effects))
    return form


def _has_clocks(found: DateFile) -> bool:
    return found.dates.known.moves_a_clock(found.dated)


def _preview(found: DateFile, form: CorrectionForm) -> Preview | None:
    """What the date as typed would change; None while it is no date yet, or the one that is recorded."""
    known, dated, value = found.dates.known, found.dated, form["value"].data
    if value is None or value == present(known.case, dated):
        return None
    wanted = Wanted(dated.entry, dated.name, value)
    if impossible := problem(known.case, known.dates, known.opened, wanted, reading().at):
        return Preview((), (impossible,))
    return preview_of(known.consequences(wanted), found.dates.file.practice.flow, reading().at)


def _read_again(found: DateFile) -> DateFile:
    """The date as it stands now: the reading before ended when saving was tried."""
    if request.method == "GET":
        return found
    return dates.find_date(reading(), found.dates.file.reference, found.dated.entry, found.dated.name) or found


def _again(found: CorrectionFile) -> CorrectionFile:
    """The correction as it stands now: the reading before ended when saving was tried."""
    if request.method == "GET":
        return found
    return dates.find_correction(reading(), found.dates.file.reference, found.story.number) or found


def _show_ask(found: DateFile, form: CorrectionForm, stale: Stale | None = None) -> str:
    found, is_stale = _read_again(found), stale is not None
    return render_template(
        "corrections/ask.html",
        form=form,
        page=presenters.ask_page(found),
        entry=found.dated.entry,
        date_name=found.dated.name,
        has_clocks="clocks" in form,
        preview=None if form["value"].errors else _preview(found, form),
        is_stale=is_stale,
        token=secrets.token_urlsafe(24) if is_stale else None,
    )


def _show_decision(found: CorrectionFile, form: DecisionForm, stale: Stale | None = None) -> str:
    found, is_stale = _again(found), stale is not None
    act, file = reading(), found.dates.file
    deciding, names = dates.deciding(act, found)
    shown = preview_of(found.dates.known.consequences(found.wanted), file.practice.flow, act.at)
    return render_template(
        "corrections/decide.html",
        form=form,
        page=presenters.decide_page(found, shown, deciding, dict(names), whoever()),
        is_stale=is_stale,
        token=secrets.token_urlsafe(24) if is_stale else None,
    )
