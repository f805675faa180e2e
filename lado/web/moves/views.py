"""The page of each move: its short form, one transaction, and what to show when it is refused or somebody was first."""

import secrets
from dataclasses import dataclass
from functools import partial
from typing import cast

from flask import Blueprint, current_app, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import MultiDict

from lado.act import Act
from lado.errors import LadoError, Stale
from lado.models import Referral
from lado.queries import moves as queries
from lado.queries import practices, referrals
from lado.queries.moves import Sheet
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import barring, drafts, moves, updates
from lado.web import kept_away
from lado.web.forms import made_from
from lado.web.guards import needs, reading
from lado.web.moves.forms import MOVE_FORMS, MoveForm
from lado.web.moves.presenters import case_href, meanwhile, page_of, what_comes_next
from lado.web.sending import sent
from workflows.model import Move

bp = Blueprint("moves", __name__, url_prefix="/referrals/<reference>/moves")

FORGED = "This page was open for too long, or the form came from elsewhere. Check what you typed and send it again."


@dataclass(frozen=True, slots=True)
class Asked:
    """A move that someone who may make it asks for, on a case that they may read."""

    referral: Referral
    move: Move

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.referral.authority_id


def asked(act: Act, reference: str, move: str) -> Asked | None:
    """The case and the move, or None where either does not exist or the move is not for this person."""
    referral = referrals.find(act, reference)
    if referral is None or move not in MOVE_FORMS:
        return None
    known = practices.of_case(act.session, referral).flow.move_by_key.get(move)
    if known is None or not can(act.who, Permission(known.needs), referral):
        return None
    return Asked(referral, known)


@bp.route("/<move>", methods=["GET", "POST"])
@needs(Permission.REFERRAL_READ, find=asked)
def make(wanted: Asked) -> ResponseReturnValue:
    """Show the form of the move; make the move with what was sent."""
    sheet = _sheet(wanted)
    if request.method == "GET":
        return _begin(wanted, sheet)
    form = _form(wanted, sheet)
    made = partial(_made, wanted=wanted, form=form)
    return sent(form, made, partial(_show_again, wanted, sheet, form), partial(_overtaken, wanted, form))


@bp.errorhandler(CSRFError)
def forged(error: CSRFError) -> ResponseReturnValue:
    """Show the form again with what was typed: the form refuses the token once more, so nothing is saved."""
    view = current_app.view_functions[cast(str, request.endpoint)]
    try:
        return cast(ResponseReturnValue, view(**(request.view_args or {})))
    except LadoError as refused:  # an error handler's own errors find no page by themselves
        return current_app.handle_user_exception(refused)


def _made(act: Act, wanted: Asked, form: MoveForm) -> str:
    """Make the move, and what goes with it, as one. Where to go next."""
    referral_id, reference = wanted.referral.id, wanted.referral.reference
    first, seen = form.step(wanted.move.key), made_from(form.sheet.referral.events)
    case = moves.make(act, referral_id, first.move, first.answers, first.words, seen=seen)
    for step in form.also():
        case = moves.make(act, referral_id, step.move, step.answers, step.words)
    if (by_on := form.promised_on()) is not None:
        case = updates.promise(act, referral_id, by_on)
    drafts.throw_away(act, draft_key(reference, wanted.move.key))
    if act.who.id in barring.barred(act, referral_id):  # somebody was added who keeps them from it
        return kept_away.where_to(act, act.session.get_one(Referral, referral_id))
    said = (form.done, what_comes_next(case, form.sheet.practice, act.at), form.unusual())
    flash(" ".join(sentence for sentence in said if sentence))
    return case_href(reference)


def _begin(wanted: Asked, sheet: Sheet) -> ResponseReturnValue:
    """The form with its defaults or with a draft; or, where the move is not open, why not."""
    if wanted.move.key not in sheet.practice.moves_from[sheet.case.state]:
        state = sheet.practice.flow.state_by_key[sheet.case.state].label
        href = case_href(wanted.referral.reference)
        return render_template("moves/not_open.html", move=wanted.move.label, state=state, case_href=href), 409
    kept = drafts.kept(reading(), draft_key(wanted.referral.reference, wanted.move.key))
    typed = MultiDict((name, value) for name, values in kept.fields.items() for value in values) if kept else None
    form = _form(wanted, sheet, typed)
    return _show(wanted, sheet, form, kept_at=kept.saved_at if kept else None)


def _overtaken(wanted: Asked, form: MoveForm, stale: Stale) -> str:
    """Both versions: what others recorded since, and the form as it was filled in, ready to be sent again."""
    fresh = referrals.find(reading(), wanted.referral.reference) or wanted.referral
    sheet = queries.sheet(reading(), fresh, with_people=form.names_people)
    entries, names = queries.since(reading(), sheet.entries, made_from(sheet.referral.events))
    again = _form(wanted, sheet)
    since = meanwhile(sheet, entries, names)
    return _show(wanted, sheet, again, since=since, token=secrets.token_urlsafe(24))


def _show_again(wanted: Asked, sheet: Sheet, form: MoveForm) -> str:
    if form["csrf_token"].errors:
        form["csrf_token"].errors = (FORGED,)
    return _show(wanted, sheet, form)


def _show(wanted: Asked, sheet: Sheet, form: MoveForm, **more: object) -> str:
    shown = {"kept_at": None, "since": (), "token": None, **more}
    draft = draft_key(wanted.referral.reference, wanted.move.key)
    return render_template("moves/make.html", form=form, page=page_of(sheet, wanted.move, form), draft=draft, **shown)


def _sheet(wanted: Asked) -> Sheet:
    return queries.sheet(reading(), wanted.referral, with_people=MOVE_FORMS[wanted.move.key].names_people)


def _form(wanted: Asked, sheet: Sheet, kept: MultiDict[str, str] | None = None) -> MoveForm:
    return MOVE_FORMS[wanted.move.key].of(sheet)(sheet, kept)


def draft_key(reference: str, move: str) -> str:
    """Under which name a draft of the form is kept."""
    return f"move:{reference}:{move}"
