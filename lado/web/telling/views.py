"""Who may be told what, and who was told? The matrix of a case, and the two forms that answer for several at once."""

from collections.abc import Iterable
from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.codes import AUDIENCES
from lado.models import Referral
from lado.queries import case_file
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import telling
from lado.web.forms import made_from
from lado.web.guards import needs, reading, whoever
from lado.web.moves.presenters import what_comes_next
from lado.web.sending import sent
from lado.web.telling import presenters
from lado.web.telling.forms import AgreeForm, TellForm, known_of

bp = Blueprint("telling", __name__, url_prefix="/referrals/<reference>/telling")


@bp.get("")
@needs(Permission.REFERRAL_READ, find=find)
def home(referral: Referral) -> ResponseReturnValue:
    """Who may be told what, who agreed that, and who was told or why not?"""
    act = reading()
    may_record = can(whoever(), Permission.REFERRAL_WORK, referral)
    page = presenters.matrix(case_file.read(act, referral), act.at, may_record=may_record)
    return render_template("telling/home.html", page=page, columns=presenters.COLUMNS, may_record=may_record)


@bp.route("/record", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=find)
def record(referral: Referral) -> ResponseReturnValue:
    """Record of several audiences at once whether they were told."""
    file = case_file.read(reading(), referral)
    form = TellForm.of()(file.case, presenters.defaults(file), known_of(file.case, reading().at))
    return sent(form, partial(_recorded, referral=referral, form=form), partial(_page, "record", referral, form))


@bp.route("/agree", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=find)
def agree(referral: Referral) -> ResponseReturnValue:
    """Record what several audiences may be told, and who agreed it."""
    form = AgreeForm.of()()
    return sent(form, partial(_agreed, referral=referral, form=form), partial(_page, "agree", referral, form))


def _page(name: str, referral: Referral, form: TellForm | AgreeForm) -> str:
    act = reading()
    fresh = find(act, referral.reference) or referral  # saving was tried: what was read before is gone
    file = case_file.read(act, fresh)
    page = presenters.matrix(file, act.at, may_record=True)
    return render_template(
        f"telling/{name}.html",
        form=form,
        page=page,
        names=AUDIENCES,
        notes=presenters.NOTES,
        so_far=presenters.so_far(file),
        has_defaults=bool(presenters.defaults(file)),
        seen=fresh.events,
    )


def _recorded(act: Act, referral: Referral, form: TellForm) -> str:
    reference = referral.reference
    case = telling.tell(act, referral.id, form.steps(), seen=made_from(referral.events))
    file = case_file.read(act, find(act, reference) or referral)
    said = (
        f"Recorded: {_named(form.recorded())}.",
        presenters.pointed_out(file, form.recorded()),
        what_comes_next(case, file.practice, act.at) if file.is_open else "",
    )
    flash(" ".join(sentence for sentence in said if sentence))
    return url_for("telling.home", reference=reference)


def _agreed(act: Act, referral: Referral, form: AgreeForm) -> str:
    reference, agreed = referral.reference, form.agreed()
    telling.agree(act, referral.id, agreed, form.words, seen=made_from(referral.events))
    flash(f"Recorded what may be told: {_named(one.audience for one in agreed)}.")
    return url_for("telling.home", reference=reference)


def _named(audiences: Iterable[str]) -> str:
    return ", ".join(AUDIENCES[audience].lower() for audience in audiences)
