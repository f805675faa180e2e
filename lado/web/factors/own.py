"""One's own ways to sign in and one's own sign-ins: adding a way, ending one, and seeing what was done with them."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lado.act import Act
from lado.domain.devices import words_of
from lado.errors import BadInput
from lado.models import Account
from lado.security.passwords import SHORTEST
from lado.security.permissions import Permission
from lado.services import factors, own_passwords, sign_in_steps, sign_ins
from lado.web.factors.forms import OwnPasswordForm, WayForm
from lado.web.factors.stepping import STEP, device, source
from lado.web.guards import database, needs, reading, save, whoever
from lado.web.sending import sent, tried

bp = Blueprint("own_sign_ins", __name__, url_prefix="/your-sign-ins")

MOST_DIGITS = 10
NAMES = {factors.PASSKEY: "Passkey", factors.CODES: "Authenticator app"}


@bp.get("")
@needs(Permission.SESSION_END)
def home() -> ResponseReturnValue:
    """How does one sign in, and who did, where and when?"""
    return _page(WayForm(formdata=None))


@bp.post("/add")
@needs(Permission.SESSION_END, fresh=True)
def add() -> ResponseReturnValue:
    """Begin to add a way to sign in."""
    with database().work(whoever()) as act:
        session[STEP] = sign_in_steps.begin_another(act, act.session.get_one(Account, act.who.id))
    return redirect(url_for("set_up.factor", next=url_for("own_sign_ins.home")))


@bp.post("/end")
@needs(Permission.SESSION_END, fresh=True)
def end() -> ResponseReturnValue:
    """End one's own way to sign in. The last one stays: nobody can sign in without."""
    form = WayForm()
    return sent(form, partial(_end, form=form), partial(_page, form))


@bp.route("/password", methods=["GET", "POST"])
@needs(Permission.SESSION_END)
def password() -> ResponseReturnValue:
    """Change one's own password, with the one before: a browser that was left open is not enough."""
    form = OwnPasswordForm()
    page = partial(render_template, "factors/own_password.html", form=form, shortest=SHORTEST)
    return tried(form, partial(_changed, form), page) if request.method == "POST" else page()


def _changed(form: OwnPasswordForm) -> ResponseReturnValue:
    try:
        return save(partial(_change, form=form))
    except BadInput as bad:
        if own_passwords.PRESENT in bad.problems:
            with database().work(whoever()) as act:
                own_passwords.was_wrong(act, device(), source())
        raise


def _change(act: Act, form: OwnPasswordForm) -> str:
    present, chosen = form.present_password.data or "", form.password.data or ""
    own_passwords.change(act, present, chosen, current_user.reference, device(), source())
    flash("Your password is changed, and you are signed out everywhere else. We have told you by e-mail too.")
    return url_for("own_sign_ins.home")


def _end(act: Act, form: WayForm) -> str:
    account = act.session.get_one(Account, act.who.id)
    way = form.way.data or ""
    factors.end(act, account, int(way) if way.isdecimal() and len(way) < MOST_DIGITS else 0)
    sign_ins.factor_changed(act, account, sign_ins.FACTOR_ENDED, device(), source())
    flash("This way to sign in is ended. We have told you by e-mail too.")
    return url_for("own_sign_ins.home")


def _page(form: WayForm) -> str:
    act = reading()
    account = act.session.get_one(Account, act.who.id)
    return render_template(
        "factors/own.html",
        form=form,
        ways=[(one.id, NAMES[one.kind], one.added_at, one.used_at) for one in factors.standing(act, account.id)],
        sign_ins=[(what, words_of(where), at) for what, where, at in sign_ins.own(act, account)],
    )
