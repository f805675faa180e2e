"""From the night: what the day service takes over, and beginning a referral from it."""

from functools import partial

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.queries import night_contacts, on_call
from lado.queries.night_contacts import Contact
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import nights
from lado.web.forms import Form
from lado.web.guards import needs, reading, whoever
from lado.web.out_of_hours import presenters
from lado.web.sending import sent

bp = Blueprint("from_the_night", __name__, url_prefix="/from-the-night")


@bp.get("")
@needs(Permission.NIGHT_TAKE)
def home() -> ResponseReturnValue:
    """What waits to be taken over, who is on call, and the way to a duty pack."""
    act = reading()
    roster = on_call.roster(act, act.who.authority or 0)
    return render_template(
        "out_of_hours/day.html",
        waiting=presenters.waiting_rows(night_contacts.waiting(act), act.at),
        on_call=presenters.on_call_facts(roster, act.at),
        gap=presenters.gap_now(roster, act.at),
        may_arrange=can(whoever(), Permission.ON_CALL_ARRANGE),
    )


@bp.get("/<int:contact_id>")
@needs(Permission.NIGHT_TAKE, find=night_contacts.find)
def show(contact: Contact) -> ResponseReturnValue:
    """One contact whole, with the way to take it over or to begin a referral from it."""
    return _show(contact, Form())


@bp.post("/<int:contact_id>/take")
@needs(Permission.NIGHT_TAKE, find=night_contacts.find)
def take(contact: Contact) -> ResponseReturnValue:
    """Take it over."""
    form = Form()
    return sent(form, partial(_take, contact=contact), partial(_show, contact, form))


@bp.post("/<int:contact_id>/referral")
@needs(Permission.NIGHT_TAKE, find=night_contacts.find)
def referral(contact: Contact) -> ResponseReturnValue:
    """Put what the night wrote into the form for a new referral."""
    form = Form()
    return sent(form, partial(_begin, contact=contact), partial(_show, contact, form))


def _show(contact: Contact, form: Form) -> str:
    act = reading()
    return render_template(
        "out_of_hours/night_contact.html",
        contact=contact.listed,
        facts=presenters.contact_facts(contact, act.at),
        form=form,
    )


def _take(act: Act, contact: Contact) -> str:
    nights.take(act, contact.listed.id)
    about = contact.listed.reference
    following = f"It is about {about}." if about else "Log a referral from it if it is one."
    flash(f"You have taken this over from the night. {following}")
    return url_for("from_the_night.show", contact_id=contact.listed.id)


def _begin(act: Act, contact: Contact) -> str:
    nights.begin_referral(act, contact.listed.id)
    flash("What the night wrote is in the form below. Check it, and add what you know.")
    return url_for("intake.new")
