"""Setting up a second factor with a link and the password. The link is used up when the factor works, not before."""

import base64
import io

import segno
from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from lado.errors import BadInput
from lado.security.identity import SYSTEM
from lado.services import account_links, demonstration, factors, passkeys, sessions, sign_in_steps, sign_ins
from lado.services.accounts import directory_key, person_of
from lado.web.factors import challenges
from lado.web.factors.forms import CodeForm, PasswordForm
from lado.web.factors.stepping import STEP, device, enter, source
from lado.web.guards import database, public

bp = Blueprint("set_up", __name__, url_prefix="/set-up")


@bp.route("/<secret>", methods=["GET", "POST"])
@public
def begin(secret: str) -> ResponseReturnValue:
    """Give the password that belongs to the link. A link that does not work says so alike, whatever the reason is."""
    with database().reading(SYSTEM) as act:
        if account_links.find(act, secret, account_links.FACTOR) is None:
            return render_template("factors/not_open.html"), 404
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            reference = _begun(secret, form.password.data or "")
            session.clear()
            session[STEP] = reference
            return redirect(url_for("set_up.factor"))
        except BadInput as bad:
            form.refuse(bad.problems)
    return render_template("factors/begin.html", form=form), 400 if form.errors else 200


@bp.route("", methods=["GET", "POST"])
@public
def factor() -> ResponseReturnValue:
    """Show the seed once more while the step lasts, and keep the app as soon as it shows a right code."""
    with database().reading(SYSTEM) as act:
        found = sign_in_steps.find(act, session.get(STEP, ""))
        if found is None or found[0].link_id is None:
            return render_template("factors/not_open.html"), 404
        seed = sign_in_steps.seed_of(act, *found)
        address = factors.address_of(act, found[1], seed)
        shown = demonstration.code_of(act, seed)
        has_choice = factors.codes_suffice(act, found[1], strict=challenges.asks_for_passkeys())
        options = passkeys.options_to_add(act, found[1], challenges.site(), challenges.given())
    form = CodeForm()
    if form.validate_on_submit():
        try:
            return enter(_set_up(form), by_passkey=bool(form.passkey.data))
        except BadInput as bad:
            form.refuse(bad.problems)
    page = render_template(
        "factors/set_up.html",
        form=form,
        seed=spaced(seed),
        picture=picture(address),
        code_of_the_moment=shown,
        passkey_options=options,
        has_choice=has_choice,
    )
    return page, 400 if form.errors else 200


def _set_up(form: CodeForm) -> str:
    """The reference of the session that begins with the new factor. Raises BadInput."""
    with database().work(SYSTEM) as act:
        step, answer = session.get(STEP, ""), form.passkey.data
        if found := sign_in_steps.find(act, step):
            sign_ins.factor_changed(act, found[1], sign_ins.FACTOR_ADDED, device(), source())
        if answer:
            return sign_in_steps.set_up_passkey(act, step, challenges.site(), challenges.taken(), answer, device())
        return sign_in_steps.set_up_codes(
            act, step, form.code.data or "", device(), strict=challenges.asks_for_passkeys()
        )


def picture(address: str) -> str:
    """The square that an authenticator app photographs, as the address of a picture."""
    drawn = io.BytesIO()
    segno.make(address, micro=False).save(drawn, kind="png", scale=5, border=4)
    return f"data:image/png;base64,{base64.b64encode(drawn.getvalue()).decode()}"


def spaced(seed: str) -> str:
    """The seed in groups of four, to be typed by hand."""
    return " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))


def _begun(secret: str, password: str) -> str:
    """Begin the step of setting up. Raises BadInput for a wrong password, which counts as a wrong try to sign in."""
    with database().work(SYSTEM) as act:
        found = account_links.find(act, secret, account_links.FACTOR)
        if found is None:
            raise BadInput({"password": account_links.NOT_OPEN})
        link, account = found
        email = person_of(act.vault, directory_key(act, account.authority_id), account)["email"]
        if not sessions.may_try(act, email):
            raise BadInput({"password": sessions.TOO_MANY})
        if sessions.right_account(act, email, password) is not None:
            return sign_in_steps.begin(act, account, link.id)
        sessions.failed(act, email)
    raise BadInput({"password": "This is not your password. Type it again."})
