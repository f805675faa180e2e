"""Declaring a conflict of interest: one's own, one of one's people as a manager, or with a single case."""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.conflicts import LOOKED_AFTER
from lado.models import Referral
from lado.queries import accounts, conflicts
from lado.queries.conflicts import Declared, Declarer
from lado.queries.referrals import find
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import conflicts as declaring
from lado.web.conflicts import presenters
from lado.web.conflicts.forms import ContactForm, LinkForm, ReasonForm
from lado.web.fields import choices
from lado.web.guards import needs, reading, whoever
from lado.web.sending import sent

bp = Blueprint("conflicts", __name__)

DECLARED = "Declared. From now on, cases about this person or place are looked after by others."
ENDED = "Ended. Cases about this person or place can come to {} again."


@bp.get("/conflicts")
@needs(Permission.CONFLICT_DECLARE)
def home() -> ResponseReturnValue:
    """What one has declared; for a manager, how many declarations each of their people has."""
    act = reading()
    may_manage = can(whoever(), Permission.CONFLICT_MANAGE)
    contact = conflicts.contact_of(act.session, act.who.authority or 0) if may_manage else None
    return render_template(
        "conflicts/home.html",
        mine=presenters.own_rows(conflicts.own(act)),
        people=presenters.people_rows(conflicts.declarers(act)) if may_manage else [],
        may_manage=may_manage,
        contact=accounts.names_of(act, {contact})[contact] if contact is not None else "",
    )


@bp.route("/conflicts/new", methods=["GET", "POST"])
@needs(Permission.CONFLICT_DECLARE)
def new() -> ResponseReturnValue:
    """Declare a link of one's own."""
    form = LinkForm()
    show = partial(render_template, "conflicts/new.html", form=form, person=None)
    return sent(form, partial(_declare, form=form, account_id=whoever().id or 0), show)


@bp.get("/conflicts/others-look-after-it")
@needs(Permission.CONFLICT_DECLARE)
def others() -> ResponseReturnValue:
    """What somebody is told who has just logged or named a case about a person or place that they declared."""
    return render_template("conflicts/others.html", words=LOOKED_AFTER)


@bp.get("/conflicts/people/<int:account_id>")
@needs(Permission.CONFLICT_MANAGE, find=conflicts.declarer)
def person(found: Declarer) -> ResponseReturnValue:
    """The declarations of one person, without their words."""
    page = presenters.person_page(found, conflicts.of_person(reading(), found.id))
    return render_template("conflicts/person.html", page=page)


@bp.route("/conflicts/people/<int:account_id>/new", methods=["GET", "POST"])
@needs(Permission.CONFLICT_MANAGE, find=conflicts.declarer)
def add(found: Declarer) -> ResponseReturnValue:
    """Declare a link for one of one's people, with a reason."""
    form = LinkForm()
    show = partial(render_template, "conflicts/new.html", form=form, person=found)
    return sent(form, partial(_declare, form=form, account_id=found.id), show)


@bp.route("/conflicts/<int:conflict_id>/end", methods=["GET", "POST"])
@needs(Permission.CONFLICT_DECLARE, find=conflicts.find)
def end(found: Declared) -> ResponseReturnValue:
    """End a declaration, with a reason."""
    form = ReasonForm()
    is_own = found.declared_for_id == whoever().id
    show = partial(render_template, "conflicts/end.html", form=form, found=found, is_own=is_own)
    return sent(form, partial(_end, form=form, found=found, is_own=is_own), show)


@bp.route("/conflicts/contact", methods=["GET", "POST"])
@needs(Permission.CONFLICT_MANAGE)
def contact() -> ResponseReturnValue:
    """Choose who looks after a case from which everybody else is kept."""
    act = reading()
    form = ContactForm()
    able = accounts.people_of(act, act.who.authority or 0, declaring.WHO_CAN_BE_CONTACT)
    form.contact.choices = choices(
        {str(one.id): f"{one.name}, {one.role.label}" for one in able if one.is_active}, empty="Choose"
    )
    if request.method == "GET":
        form.contact.data = str(conflicts.contact_of(act.session, act.who.authority or 0) or "")
    show = partial(render_template, "conflicts/contact.html", form=form)
    return sent(form, partial(_choose, form=form), show)


@bp.route("/referrals/<reference>/conflict", methods=["GET", "POST"])
@needs(Permission.REFERRAL_WORK, find=find)
def case(referral: Referral) -> ResponseReturnValue:
    """Say that one has a conflict of interest with this case."""
    form = ReasonForm()
    show = partial(render_template, "conflicts/case.html", form=form, reference=referral.reference)
    return sent(form, partial(_declare_case, form=form, referral_id=referral.id), show)


def _declare(act: Act, form: LinkForm, account_id: int) -> str:
    declaring.declare(act, form.answers(account_id))
    flash(DECLARED)
    return _home_of(account_id)


def _end(act: Act, form: ReasonForm, found: Declared, is_own: bool) -> str:
    declaring.end(act, found, form.why.data or "")
    flash(ENDED.format("you" if is_own else "them"))
    return _home_of(found.declared_for_id)


def _choose(act: Act, form: ContactForm) -> str:
    declaring.choose_contact(act, int(form.contact.data))
    flash("The independent contact is chosen.")
    return url_for("conflicts.home")


def _declare_case(act: Act, form: ReasonForm, referral_id: int) -> str:
    declaring.declare_case(act, referral_id, form.why.data or "")
    return url_for("conflicts.others")


def _home_of(account_id: int) -> str:
    is_own = account_id == whoever().id
    return url_for("conflicts.home") if is_own else url_for("conflicts.person", account_id=account_id)
