"""Logging a referral: the form, what is worked out beside it while a caller talks, and the page after saving."""

from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from lado.act import Act
from lado.domain.reads import Look
from lado.errors import Refused
from lado.models import Referral
from lado.queries import accounts, contacts, ledger, practices
from lado.queries import logged as just_logged
from lado.queries.on_duty import officer_on_duty
from lado.queries.referrals import find
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.services import barring, drafts, referrals
from lado.web import kept_away
from lado.web.demand.standing import standing_words
from lado.web.fields import choices
from lado.web.guards import needs, reading, whoever
from lado.web.intake import presenters
from lado.web.intake.forms import MOST_CHILDREN, IntakeForm
from lado.web.sending import sent

bp = Blueprint("intake", __name__, url_prefix="/referrals")

DRAFT = "referral"
OWNERS = frozenset({Role.DESIGNATED_OFFICER, Role.COVER_OFFICER})
NO_OFFICER = "There is no officer who could take this referral. Ask the administrator to add one, then save again."


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.REFERRAL_CREATE, reads=Look.SEARCH)
def new() -> ResponseReturnValue:
    """The form: empty, as a draft left it, or as it was sent with what is wrong; saved when nothing is."""
    if request.method == "GET":
        return _begin()
    form = IntakeForm()
    owner = _choose_from(form)
    if "add_child" in request.form:
        if len(form.children.entries) < MOST_CHILDREN:
            form.children.append_entry()
        return _page(form)
    if "check" in request.form:
        return _page(form, is_checked=True)
    return sent(form, partial(_log, form=form, owner=owner), partial(_page, form))


@bp.post("/new/decide-by")
@needs(Permission.REFERRAL_CREATE)
def decide_by() -> ResponseReturnValue:
    """By when to decide, worked out from the received boxes alone: a piece of a page."""
    return render_template("intake/_decide_by.html", decide_by=_decide_by(IntakeForm()))


@bp.post("/new/earlier")
@needs(Permission.REFERRAL_CREATE, reads=Look.SEARCH)
def earlier() -> ResponseReturnValue:
    """Earlier contacts that may be the same person or place: a piece of a page. Asked by post: names stand in it."""
    return render_template("intake/_earlier.html", earlier=_earlier(IntakeForm()), is_checked=False)


@bp.get("/<reference>/logged")
@needs(Permission.REFERRAL_READ, find=find)
def logged(referral: Referral) -> ResponseReturnValue:
    """What was saved, what is due and by when, who hears of it, and what was there before."""
    act = reading()
    headline = act.vault.open(referral.sealing_key.wrapped, f"referral/{referral.reference}", referral.sealed)
    found = contacts.earlier(act, [headline["subject"]], headline["setting"], but=referral.id)
    practice = practices.of_case(act.session, referral)
    return render_template(
        "intake/logged.html",
        reference=referral.reference,
        is_advice_call=referral.is_advice_call,
        deadlines=presenters.deadline_views(just_logged.running(act.session, referral.id), practice, act.at),
        hears=just_logged.who_hears(act, referral),
        earlier=presenters.contact_rows(found),
        doubts=presenters.doubts(presenters.births(ledger.entries(act, referral)), act.today),
        case_url=url_for("referrals.show", reference=referral.reference),
        new_url=url_for("intake.new"),
    )


def _log(act: Act, form: IntakeForm, owner: int | None) -> str:
    if owner is None:
        raise Refused(NO_OFFICER)
    referral = referrals.log(act, form.answers(owner))
    drafts.throw_away(act, DRAFT)
    if act.who.id in barring.barred(act, referral.id):
        return kept_away.where_to(act, referral)
    return url_for("intake.logged", reference=referral.reference)


def _begin() -> ResponseReturnValue:
    act = reading()
    draft = drafts.kept(act, DRAFT)
    if draft is None:
        form = IntakeForm(formdata=None, received=act.at)
    else:
        form = IntakeForm(
            formdata=MultiDict((name, value) for name, values in draft.fields.items() for value in values)
        )
    _choose_from(form)
    return _page(form, restored=presenters.day_and_time(draft.saved_at, act.at) if draft else "")


def _choose_from(form: IntakeForm) -> int | None:
    """Give the form its officers and partners to choose from; returns who has the case when nobody is chosen."""
    act = reading()
    authority = act.who.authority or 0
    officers = [person for person in accounts.people_of(act, authority, OWNERS) if person.is_active]
    usual = _on_duty(act, authority)
    form.owner.choices = choices({str(person.id): person.name for person in officers})
    if not form.owner.data and usual is not None:
        form.owner.data = str(usual)
    partners = accounts.partners_of(act, authority)
    groups = [SelectChoice(str(person.id), person.name, optgroup=person.agency) for person in partners]
    form.partner.choices = [SelectChoice("", "Nobody for now", optgroup="No access"), *groups]
    return usual


def _on_duty(act: Act, authority: int) -> int | None:
    """Who logs it when they are an officer; otherwise the first designated officer who is there, or their cover."""
    if act.who.role in OWNERS:
        return act.who.id
    return officer_on_duty(act.session, authority, act.at)


def _decide_by(form: IntakeForm) -> presenters.DecideBy:
    act = reading()
    practice = practices.in_force(act.session, act.who.authority or 0, act.at)
    return presenters.decide_by(form.received.data, act.at, practice)


def _earlier(form: IntakeForm) -> list[tuple[str, ...]]:
    names = [form.subject_name.data or "", form.known_as.data or ""]
    return presenters.contact_rows(contacts.earlier(reading(), names, form.setting.data or ""))


def _page(form: IntakeForm, *, restored: str = "", is_checked: bool = False) -> str:
    return render_template(
        "intake/new.html",
        form=form,
        decide_by=_decide_by(form),
        earlier=_earlier(form) if request.method == "POST" else [],
        doubts=presenters.doubts(form.births(), reading().today),
        is_checked=is_checked,
        restored=restored,
        may_add_child=len(form.children.entries) < MOST_CHILDREN,
        is_officer=whoever().role in OWNERS,
        second_cover=standing_words(reading()),
        phone=current_user.council.phone,
    )
