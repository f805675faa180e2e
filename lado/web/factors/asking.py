"""Asking for a second factor again before something grave, and going on with what was typed as soon as it is proved.

What was typed waits sealed on the server. The page that asks is sent to the same address as the form was: a right code
puts the form back in its place, and the page answers it as if nothing had come between, with scripts and without.
"""

import structlog
from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from werkzeug.datastructures import ImmutableMultiDict

from lado.act import Act
from lado.errors import BadInput, NotProved, PasskeyNeeded
from lado.models import Account
from lado.security.identity import SYSTEM
from lado.security.permissions import Permission
from lado.services import demonstration, factors, kept_forms, passkeys, sessions
from lado.web.addresses import inside
from lado.web.factors import challenges
from lado.web.factors.forms import ProofForm
from lado.web.given_back import typed
from lado.web.guards import BY_PASSKEY, database, needs, stop_reading, whoever
from lado.web.users import SignedIn, home_of

log = structlog.get_logger()

bp = Blueprint("asking", __name__)


def install(app: Flask) -> None:
    """Ask wherever a page needs a fresh factor, and take the answer wherever it comes."""
    app.register_error_handler(NotProved, _ask)
    app.register_error_handler(PasskeyNeeded, _ask_for_passkey)
    app.before_request(_take)


@bp.route("/confirm-it-is-you", methods=["GET", "POST"])
@needs(Permission.SESSION_END)
def confirm() -> ResponseReturnValue:
    """Prove a second factor again, and go on to where one was going. A right answer was taken before."""
    going_to = inside(request.args.get("next", "")) or home_of(whoever())
    if request.method == "POST":
        return redirect(going_to)
    return _page(ProofForm(formdata=None), ""), 200


def _ask(error: NotProved) -> ResponseReturnValue:
    """Show the page that asks. A form that was sent is kept first; a page that is looked at comes again afterwards."""
    stop_reading()
    log.info("factor asked for", endpoint=request.endpoint, account=whoever().id)
    by_passkey = isinstance(error, PasskeyNeeded)
    if request.method != "POST":
        again = url_for("asking.confirm", next=request.full_path.rstrip("?"))
        return _page(ProofForm(formdata=None), again, by_passkey=by_passkey), 401
    sent = [(name, value) for name, value in request.form.items(multi=True) if not name.startswith("proof_")]
    with database().work(whoever()) as act:
        number = kept_forms.keep(act, act.who.id or 0, request.path, sent)
    form = ProofForm(formdata=None, proof_kept=str(number))
    return _page(form, request.full_path.rstrip("?"), by_passkey=by_passkey), 401


def _ask_for_passkey(error: PasskeyNeeded) -> ResponseReturnValue:
    """Ask for the passkey that somebody has, or lead them to setting one up, with what they typed to be copied."""
    stop_reading()
    with database().reading(SYSTEM) as act:
        has_passkey = bool(factors.standing(act, whoever().id or 0, factors.PASSKEY))
    if has_passkey:
        return _ask(error)
    log.info("passkey asked for", endpoint=request.endpoint, account=whoever().id)
    return render_template("factors/passkey_first.html", typed=typed()), 401


def _take() -> ResponseReturnValue | None:
    """Take the proof that a form brings, and put back what was typed before. None: the page may go on."""
    if request.method != "POST" or "proof_kept" not in request.form or not current_user.is_authenticated:
        return None
    form = ProofForm()
    if not form.validate() or not _is_proved(form):
        return _page(form, request.full_path.rstrip("?")), 401
    if form.proof_kept.data:
        _put_back(form.proof_kept.data)
    return None


def _is_proved(form: ProofForm) -> bool:
    """Whether the factor is right; the session then goes on under a new reference."""
    with database().work(SYSTEM) as act:
        account = act.session.get_one(Account, whoever().id)
        if problem := _problem(act, account, form):
            form.refuse(problem)
            return False
        reference = sessions.proved(act, current_user.reference)
    user = SignedIn.load(reference)
    if user is None:
        return False
    csrf = session.get("csrf_token")
    login_user(user)
    session["csrf_token"] = csrf
    if form.proof_passkey.data:
        session[BY_PASSKEY] = True
    return True


def _problem(act: Act, account: Account, form: ProofForm) -> dict[str, str]:
    """What is wrong with the factor, by field; a wrong code is counted, so it has to be kept: this raises nothing."""
    if form.proof_passkey.data:
        try:
            whose = passkeys.prove(act, challenges.site(), challenges.taken(), form.proof_passkey.data)
        except BadInput as bad:
            return bad.problems
        return {} if whose.id == account.id else {"form": passkeys.NOT_TAKEN}
    if not _takes_codes(act, account):
        return {"form": factors.USE_PASSKEY}
    if not factors.may_try_code(act, account):
        return {"proof_code": factors.TOO_MANY}
    if factors.prove_by_code(act, account, form.proof_code.data or ""):
        return {}
    factors.wrong_code(act, account)
    return {"proof_code": factors.NOT_RIGHT}


def _takes_codes(act: Act, account: Account) -> bool:
    """Whether a code proves it: also of whoever has to use a passkey and has none yet, so that they can set one up."""
    suffices = factors.codes_suffice(act, account, strict=challenges.asks_for_passkeys())
    return suffices or not factors.standing(act, account.id, factors.PASSKEY)


def _put_back(number: str) -> None:
    """Give the page the form that was sent before it asked."""
    with database().work(SYSTEM) as act:
        sent = kept_forms.take(
            act, whoever().id or 0, int(number) if number.isdecimal() and len(number) < 10 else 0, request.path
        )
    whole = request._get_current_object()  # type: ignore[attr-defined]
    whole.form = ImmutableMultiDict(sent or [])


def _page(form: ProofForm, action: str, *, by_passkey: bool = False) -> str:
    """The page that asks. `by_passkey`: for a passkey and nothing else, as before a restricted case."""
    with database().reading(SYSTEM) as act:
        account = act.session.get_one(Account, whoever().id)
        code, takes_codes = demonstration.code_for(act, account), _takes_codes(act, account)
    return render_template(
        "factors/confirm.html",
        form=form,
        action=action,
        takes_codes=takes_codes and not by_passkey,
        is_restricted=by_passkey,
        code_of_the_moment=code,
        passkey_options=passkeys.options_to_prove(challenges.site(), challenges.given()),
    )
