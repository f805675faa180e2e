"""A forgotten password and a lost second step. What is answered says nothing of whether somebody has an account."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lado.act import Act
from lado.models import Account
from lado.queries import account_links as links
from lado.queries import agencies, lost_factors, people
from lado.queries.agencies import Member
from lado.queries.lost_factors import Lost
from lado.queries.people import Entry
from lado.security.identity import SYSTEM
from lado.security.passwords import SHORTEST
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.services import account_links, recovery
from lado.web.factors.forms import AddressForm, NewPasswordForm, SureForm
from lado.web.guards import database, needs, public, reading, whoever
from lado.web.sending import sent, tried

bp = Blueprint("recovering", __name__)


@bp.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link to choose a new password. Whoever asks for whichever address is told the same."""
    form = AddressForm()
    page = partial(render_template, "factors/forgotten.html", form=form)
    return tried(form, partial(_forgotten, form), page) if request.method == "POST" else page()


@bp.route(f"{links.PATHS['password']}<secret>", methods=["GET", "POST"])
@public
def new_password(secret: str) -> ResponseReturnValue:
    """Choose a new password with the link. A link that does not work says so alike, whatever the reason is."""
    with database().reading(SYSTEM) as act:
        if account_links.find(act, secret, account_links.PASSWORD) is None:
            return render_template("factors/not_open.html"), 404
    form = NewPasswordForm()
    page = partial(render_template, "factors/new_password.html", form=form, shortest=SHORTEST)
    return tried(form, partial(_chosen, form, secret), page) if request.method == "POST" else page()


@bp.route("/people/<int:person_id>/lost", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_MANAGE, find=people.find, fresh=True)
def of_colleague(found: Entry) -> ResponseReturnValue:
    """Say that somebody of the council lost their second step."""
    return _lost(found.id, found.name, url_for("people.show", person_id=found.id))


@bp.route("/organisations/people/<int:partner_id>/lost", methods=["GET", "POST"])
@needs(Permission.PARTNER_KEEP, find=agencies.find_member, fresh=True)
def of_partner(found: Member) -> ResponseReturnValue:
    """Say that a partner lost theirs."""
    return _lost(found.id, found.name, url_for("agency_people.show", partner_id=found.id))


@bp.get("/lost-second-steps")
@needs(Permission.ROLE_AGREE)
def waiting() -> ResponseReturnValue:
    """What waits for a second person, and what this person may confirm."""
    rows = [
        (one, can(whoever(), Permission.ROLE_AGREE, one))
        for one in lost_factors.waiting(reading(), whoever().authority)
    ]
    return render_template("factors/waiting.html", rows=rows)


@bp.route("/lost-second-steps/<int:account_link_id>", methods=["GET", "POST"])
@needs(Permission.ROLE_AGREE, find=lost_factors.find, fresh=True)
def confirm(found: Lost) -> ResponseReturnValue:
    """Confirm it as a second person."""
    form = SureForm()
    page = partial(render_template, "factors/confirm_lost.html", form=form, lost=found)
    return sent(form, partial(_confirm, found=found), page)


def _forgotten(form: AddressForm) -> ResponseReturnValue:
    with database().work(SYSTEM) as act:
        recovery.ask(act, form.email.data or "")
    return redirect(url_for("recovering.asked"))


@bp.get("/forgotten-password/asked")
@public
def asked() -> ResponseReturnValue:
    """What happens next, whoever asked."""
    return render_template("factors/asked.html")


def _chosen(form: NewPasswordForm, secret: str) -> ResponseReturnValue:
    with database().work(SYSTEM) as act:
        recovery.choose(act, secret, form.password.data or "")
    flash("Your password is changed. Sign in with it, and with your second step as before.")
    return redirect(url_for("sessions.sign_in"))


def _lost(account_id: int, name: str, back: str) -> ResponseReturnValue:
    form = SureForm()
    page = partial(render_template, "factors/lost.html", form=form, name=name, back=back)
    return sent(form, partial(_say_lost, account_id=account_id, back=back), page)


def _say_lost(act: Act, account_id: int, back: str) -> str:
    recovery.lost(act, act.session.get_one(Account, account_id))
    flash("A second person has to confirm it. Until then nothing has changed; those who may confirm were told.")
    return back


def _confirm(act: Act, found: Lost) -> str:
    recovery.confirm(act, found)
    flash("Confirmed. The old second step works no more, and a link to set up a new one is on its way to them.")
    return url_for("recovering.waiting")
