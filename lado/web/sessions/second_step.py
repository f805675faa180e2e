"""The second step of a sign-in: a code or a passkey. Before it, no page is open to whoever knows a password."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from lado.errors import BadInput
from lado.security.identity import SYSTEM
from lado.services import demonstration, factors, passkeys, sessions, sign_in_steps
from lado.services.sign_in_steps import Onward
from lado.web.factors import challenges
from lado.web.factors.challenges import asks_for_passkeys
from lado.web.factors.forms import CodeForm, PasskeyForm
from lado.web.factors.stepping import STEP, device, enter
from lado.web.guards import database, public

bp = Blueprint("second_step", __name__, url_prefix="/sign-in")


@bp.route("/code", methods=["GET", "POST"])
@public
def code() -> ResponseReturnValue:
    """Enter the code that the authenticator app shows. Whoever gave no password begins with it."""
    with database().reading(SYSTEM) as act:
        found = sign_in_steps.find(act, session.get(STEP, ""))
        shown = demonstration.code_for(act, found[1]) if found else None
        has_codes = bool(factors.standing(act, found[1].id, factors.CODES)) if found else False
        has_any = bool(factors.standing(act, found[1].id)) if found else False
    if found is None:
        if session.pop(STEP, None):
            flash(sign_in_steps.OVER)
        return redirect(url_for("sessions.sign_in", next=request.args.get("next")))
    if not has_any:
        return render_template("factors/none_yet.html"), 403
    form = CodeForm()
    if form.validate_on_submit():
        try:
            onward = _proved(form.passkey.data) if form.passkey.data else _entered(form.code.data or "")
            if onward.session:
                return enter(onward.session, by_passkey=bool(form.passkey.data))
            session[STEP] = onward.step
            return redirect(url_for("set_up.factor", next=request.args.get("next")))
        except BadInput as bad:
            form.refuse(bad.problems)
    page = render_template(
        "sessions/code.html",
        form=form,
        code_of_the_moment=shown,
        has_codes=has_codes,
        passkey_options=passkeys.options_to_prove(challenges.site(), challenges.given()),
    )
    return page, 400 if form.errors else 200


@bp.post("/passkey")
@public
def passkey() -> ResponseReturnValue:
    """Sign in with a passkey alone. What is wrong is said on the page of the password, and tells of nobody."""
    form = PasskeyForm()
    if not form.validate():
        return redirect(url_for("sessions.sign_in"))
    try:
        with database().work(SYSTEM) as act:
            reference = sessions.begin_by_passkey(
                act, challenges.site(), challenges.taken(), form.passkey.data or "", device()
            )
        return enter(reference, by_passkey=True)
    except BadInput as bad:
        flash(str(bad))
        return redirect(url_for("sessions.sign_in", next=request.args.get("next")))


def _proved(answer: str) -> Onward:
    """The session that the passkey begins. Raises BadInput."""
    with database().work(SYSTEM) as act:
        account = passkeys.prove(act, challenges.site(), challenges.taken(), answer)
        return Onward(session=sign_in_steps.by_passkey(act, session.get(STEP, ""), account, device()))


def _entered(typed: str) -> Onward:
    """Where the code leads. Raises BadInput for a wrong one, which is counted."""
    with database().work(SYSTEM) as act:
        onward = sign_in_steps.by_code(act, session.get(STEP, ""), typed, device(), strict=asks_for_passkeys())
    if onward is None:
        raise BadInput({"code": factors.NOT_RIGHT})
    return onward
