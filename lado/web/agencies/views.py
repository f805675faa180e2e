"""Which organisations refer to us, where are their places, and whom may one speak to there?"""

from functools import partial

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.domain.agencies import KINDS
from lado.errors import Stale
from lado.queries import agencies
from lado.queries.agencies import PAGE, Body, Contact, Setting
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import agencies as keeping
from lado.web.agencies import presenters
from lado.web.agencies.forms import AgencyForm, ContactForm, SettingForm, SureForm
from lado.web.fields import choices
from lado.web.guards import needs, reading, whoever
from lado.web.sending import sent

bp = Blueprint("agencies", __name__, url_prefix="/organisations")


@bp.get("")
@needs(Permission.AGENCY_KEEP)
def home() -> ResponseReturnValue:
    """Which organisations refer to us?"""
    after = request.args.get("after", "")
    found = agencies.listed(reading(), after)
    shown = found[:PAGE]
    next_url = url_for("agencies.home", after=shown[-1].name) if len(found) > PAGE else None
    return render_template(
        "agencies/home.html", rows=presenters.agency_rows(shown), next_url=next_url, is_first=not after
    )


@bp.route("/new", methods=["GET", "POST"])
@needs(Permission.AGENCY_KEEP)
def new() -> ResponseReturnValue:
    """Add an organisation."""
    form = AgencyForm()
    return sent(form, partial(_add, form=form), partial(render_template, "agencies/form.html", form=form, body=None))


@bp.get("/<int:agency_id>")
@needs(Permission.AGENCY_KEEP, find=agencies.find)
def show(found: Body) -> ResponseReturnValue:
    """Everything that is known of one organisation."""
    act = reading()
    return render_template(
        "agencies/show.html",
        body=found,
        kind=presenters.kind(found.kind),
        places=presenters.setting_rows(agencies.settings_of(act, found.id)),
        contacts=presenters.contact_rows(agencies.contacts_of(act, found.id)),
        people=presenters.member_rows(agencies.members_of(act, found.id)),
        may_invite=can(whoever(), Permission.PARTNER_KEEP, found),
    )


@bp.route("/<int:agency_id>/change", methods=["GET", "POST"])
@needs(Permission.AGENCY_KEEP, find=agencies.find)
def change(found: Body) -> ResponseReturnValue:
    """Name it otherwise."""
    kind = found.kind if found.kind in KINDS else "other"
    form = AgencyForm(data={"name": found.name, "kind": kind}) if request.method == "GET" else AgencyForm()
    page = partial(render_template, "agencies/form.html", form=form, body=found)
    return sent(form, partial(_change, form=form, found=found), page)


@bp.route("/<int:agency_id>/places/new", methods=["GET", "POST"])
@needs(Permission.AGENCY_KEEP, find=agencies.find)
def new_setting(found: Body) -> ResponseReturnValue:
    """Add a place."""
    form = SettingForm()
    page = partial(render_template, "agencies/setting.html", form=form, body=found)
    return sent(form, partial(_add_setting, form=form, found=found), page)


@bp.route("/places/<int:setting_id>/end", methods=["GET", "POST"])
@needs(Permission.AGENCY_KEEP, find=agencies.find_setting)
def end_setting(found: Setting) -> ResponseReturnValue:
    """Take a place off the list."""
    form = SureForm()
    page = partial(render_template, "agencies/off.html", form=form, name=found.name, agency_id=found.agency_id)
    return sent(form, partial(_end_setting, found=found), page)


@bp.route("/<int:agency_id>/contacts/new", methods=["GET", "POST"])
@needs(Permission.AGENCY_KEEP, find=agencies.find)
def new_contact(found: Body) -> ResponseReturnValue:
    """Add a named contact."""
    form = _contact_form(ContactForm(), found.id)
    return sent(form, partial(_add_contact, form=form, found=found), partial(_contact_page, form, found.id))


@bp.route("/contacts/<int:agency_contact_id>", methods=["GET", "POST"])
@needs(Permission.AGENCY_KEEP, find=agencies.find_contact)
def contact(found: Contact) -> ResponseReturnValue:
    """Change what is known of a named contact."""
    known = {**found._asdict(), "setting": str(found.setting_id or "")}
    form = _contact_form(ContactForm(data=known) if request.method == "GET" else ContactForm(), found.agency_id)
    page = partial(_contact_page, form, found.agency_id, found)
    return sent(form, partial(_change_contact, form=form, found=found), page, partial(_overtaken, form, found))


@bp.route("/contacts/<int:agency_contact_id>/end", methods=["GET", "POST"])
@needs(Permission.AGENCY_KEEP, find=agencies.find_contact)
def end_contact(found: Contact) -> ResponseReturnValue:
    """Take a contact off the list."""
    form = SureForm()
    page = partial(render_template, "agencies/off.html", form=form, name=found.name, agency_id=found.agency_id)
    return sent(form, partial(_end_contact, found=found), page)


def _contact_form(form: ContactForm, agency_id: int) -> ContactForm:
    places = {str(one.id): one.name for one in agencies.settings_of(reading(), agency_id)}
    form.setting.choices = choices(places, empty="Nowhere in particular")
    return form


def _contact_page(form: ContactForm, agency_id: int, found: Contact | None = None, now: Contact | None = None) -> str:
    saved = presenters.contact_rows([now]) if now is not None else []
    return render_template("agencies/contact.html", form=form, agency_id=agency_id, found=found, saved=saved)


def _overtaken(form: ContactForm, found: Contact, stale: Stale) -> str:
    """The form as it was filled in, ready to be sent again, beside what somebody else saved meanwhile."""
    form.refuse({"form": str(stale)})
    now = agencies.find_contact(reading(), found.id) or found
    form.version.data = str(now.version)
    return _contact_page(form, found.agency_id, found, now)


def _add(act: Act, form: AgencyForm) -> str:
    agency_id = keeping.add(act, form.name.data or "", form.kind.data or "")
    flash("Added. Add its named contacts, and invite those who follow their referrals on line.")
    return _show(agency_id)


def _change(act: Act, form: AgencyForm, found: Body) -> str:
    keeping.change(act, found.id, form.name.data or "", form.kind.data or "")
    flash("Saved.")
    return _show(found.id)


def _add_setting(act: Act, form: SettingForm, found: Body) -> str:
    keeping.add_setting(act, found.id, form.name.data or "")
    flash("The place is on the list.")
    return _show(found.id)


def _end_setting(act: Act, found: Setting) -> str:
    keeping.end_setting(act, found)
    flash(f"{found.name} is off the list.")
    return _show(found.agency_id)


def _add_contact(act: Act, form: ContactForm, found: Body) -> str:
    keeping.add_contact(act, found.id, form.answers())
    flash("The contact is on the list.")
    return _show(found.id)


def _change_contact(act: Act, form: ContactForm, found: Contact) -> str:
    keeping.change_contact(act, found, form.answers(), seen=form.seen())
    flash("Saved.")
    return _show(found.agency_id)


def _end_contact(act: Act, found: Contact) -> str:
    keeping.end_contact(act, found)
    flash(f"{found.name} is off the list.")
    return _show(found.agency_id)


def _show(agency_id: int) -> str:
    return url_for("agencies.show", agency_id=agency_id)
