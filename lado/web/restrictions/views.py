"""Restricted cases: who one is there for, which lists one is on, and letting somebody in by two."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.reads import Look
from lado.models import Referral
from lado.queries import accounts
from lado.queries import restrictions as reading_of
from lado.queries.referrals import find
from lado.queries.restrictions import Asked
from lado.security.permissions import Permission
from lado.services import glass, restrictions
from lado.web.fields import choices
from lado.web.guards import needs, reading
from lado.web.restrictions import presenters
from lado.web.restrictions.forms import AnswerForm, AskForm, EndForm, ListForm, ReviewForm
from lado.web.sending import sent

bp = Blueprint("restrictions", __name__)

ASKED = "Sent. If there is such a restricted case, whoever can let you in has been told, and a message tells you more."


@bp.get("/restricted")
@needs(Permission.GLASS_BREAK, reads=Look.VIEW)
def home() -> ResponseReturnValue:
    """The restricted cases that one is on the list of, and who asks to be let into one."""
    act = reading()
    opened, waiting = reading_of.let_in(act, act.who), reading_of.waiting(act)
    for_a_while = {one.reference for one in opened}
    known = [one for one in reading_of.known(act) if one.reference not in for_a_while]
    names = accounts.names_of(act, {one.keeper_id for one in known} | {one.asked_by_id for one in waiting})
    return render_template(
        "restrictions/home.html",
        opened=presenters.opened_rows(opened, act.at),
        known=presenters.known_rows(known, names),
        waiting=presenters.waiting_rows(waiting, names, act.at),
    )


@bp.route("/restricted/ask", methods=["GET", "POST"])
@needs(Permission.GLASS_BREAK)
def ask() -> ResponseReturnValue:
    """Ask to read a restricted case. The answer is the same whether or not there is one."""
    form = AskForm()
    return sent(form, partial(_ask, form=form), partial(render_template, "restrictions/ask.html", form=form))


@bp.route("/restricted/<int:glass_id>", methods=["GET", "POST"])
@needs(Permission.GLASS_ANSWER, find=reading_of.find_asked, reads=Look.VIEW, fresh=True)
def answer(asked: Asked) -> ResponseReturnValue:
    """Let somebody read a restricted case, or not: the second of two people."""
    form = AnswerForm()
    name = accounts.names_of(reading(), {asked.asked_by_id})[asked.asked_by_id]
    page = partial(render_template, "restrictions/answer.html", form=form, asked=asked, name=name)
    return sent(form, partial(_answer, form=form, asked=asked), page)


@bp.get("/restricted/recorded")
@needs(Permission.REFERRAL_CREATE)
def recorded() -> ResponseReturnValue:
    """What somebody is told whose referral is there for others only: that it is recorded, and who has it."""
    return render_template("restrictions/recorded.html")


@bp.route("/referrals/<reference>/restricted", methods=["GET", "POST"])
@needs(Permission.RESTRICTION_KEEP, find=find, fresh=True)
def keep(referral: Referral) -> ResponseReturnValue:
    """Choose who the case is there for."""
    act = reading()
    form = ListForm()
    on_list = reading_of.people_on(act, referral)
    could = reading_of.could_be_on(act, referral)
    form.people.choices = choices({str(one.id): f"{one.name}, {one.role.label}" for one in could})
    if request.method == "GET":
        form.people.data = [str(one.id) for one in on_list] or [str(referral.owner_id)]
    restriction = reading_of.standing(act.session, referral.id)
    page = partial(
        render_template,
        "restrictions/keep.html",
        form=form,
        reference=referral.reference,
        standing=restriction,
        on_list=on_list,
    )
    return sent(form, partial(_keep, form=form, referral_id=referral.id, reference=referral.reference), page)


@bp.route("/referrals/<reference>/restricted/review", methods=["GET", "POST"])
@needs(Permission.RESTRICTION_KEEP, find=find, fresh=True)
def review(referral: Referral) -> ResponseReturnValue:
    """Say that the list is right as it is."""
    form = ReviewForm()
    on_list = reading_of.people_on(reading(), referral)
    page = partial(
        render_template, "restrictions/review.html", form=form, reference=referral.reference, on_list=on_list
    )
    return sent(form, partial(_review, referral_id=referral.id, reference=referral.reference), page)


@bp.route("/referrals/<reference>/restricted/end", methods=["GET", "POST"])
@needs(Permission.RESTRICTION_KEEP, find=find, fresh=True)
def end(referral: Referral) -> ResponseReturnValue:
    """Let everybody come to the case again."""
    form = EndForm()
    page = partial(render_template, "restrictions/end.html", form=form, reference=referral.reference)
    return sent(form, partial(_end, form=form, referral_id=referral.id, reference=referral.reference), page)


def _ask(act: Act, form: AskForm) -> str:
    glass.ask(act, form.answers())
    flash(ASKED)
    return url_for("restrictions.ask")


def _answer(act: Act, form: AnswerForm, asked: Asked) -> str:
    agreed = form.agreed.data == "yes"
    glass.answer(act, asked, agreed=agreed, why=form.why.data or "")
    flash("They can read it from now on, and it ends by itself." if agreed else "They were not let in.")
    return url_for("restrictions.home")


def _keep(act: Act, form: ListForm, referral_id: int, reference: str) -> str:
    restrictions.restrict(act, referral_id, form.answers())
    flash("This case is there for the people on its list only.")
    return url_for("restrictions.keep", reference=reference)


def _review(act: Act, referral_id: int, reference: str) -> str:
    restrictions.review(act, referral_id)
    flash("The list stands for another 90 days.")
    return url_for("restrictions.keep", reference=reference)


def _end(act: Act, form: EndForm, referral_id: int, reference: str) -> str:
    restrictions.end(act, referral_id, form.why.data or "")
    flash("This case is not restricted any more.")
    return url_for("referrals.show", reference=reference)
