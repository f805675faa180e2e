"""A password that somebody chooses for themselves: with the one before, or with a link (OWASP ASVS 5.0 6.2.3)."""

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.models import Account, Authority
from lado.security import passwords
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices, open_sessions, sessions, sign_ins
from lado.services.accounts import HASHER, directory_key, password_is_right, person_of

PRESENT = "present_password"
NOT_YOURS = "This is not your password. Enter the one that you sign in with now."
THE_SAME = "This is the password that you have. Choose another one."
CHANGED = "Your password was changed. If that was not you, ring your administrator at once."


def change(act: Act, present: str, password: str, reference: str, device: str = "", source: str = "") -> None:
    """Change one's own password and be signed out everywhere but in the session of this reference.

    Raises BadInput by field (`present_password`, `password`), Refused after too many wrong ones, NotAllowed.
    """
    ensure(act.who, Permission.SESSION_END)
    account = act.session.get_one(Account, act.who.id)
    if not sessions.may_try(act, _person(act, account)["email"], device, source):
        raise Refused(sessions.TOO_MANY)
    if not password_is_right(account, present):
        raise BadInput({PRESENT: NOT_YOURS})
    if present == password:
        raise BadInput({"password": THE_SAME})
    noted = sign_ins.note(act, account, sign_ins.PASSWORD_CHANGED, device, source)
    keep(act, account, password, f"password.own.{noted}", but=reference)


def was_wrong(act: Act, device: str = "", source: str = "") -> None:
    """Count a wrong one as a wrong try to sign in, so that a session left open is no place to guess at."""
    account = act.session.get_one(Account, act.who.id)
    sessions.failed(act, _person(act, account)["email"], device, source)


def keep(act: Act, account: Account, password: str, key: str, *, but: str = "") -> None:
    """Keep a new password, end the account's sessions (all but that of `but`), and tell the person, once for the key.

    Raises BadInput for `password`.
    """
    person = _person(act, account)
    council = act.session.get_one(Authority, account.authority_id).name
    if fault := passwords.fault(password, (person["name"], person["email"], council)):
        raise BadInput({"password": fault})
    account.password_hash = HASHER.hash(password)
    open_sessions.end_others(act, account.id, but=but)
    notices.queue(act, account.id, None, "Your password was changed", CHANGED, key=key)


def _person(act: Act, account: Account) -> dict[str, str]:
    return person_of(act.vault, directory_key(act, account.authority_id), account)
