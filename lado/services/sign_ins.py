"""What somebody sees of their own signing in, and what they are told of at once.

That is a new browser, a change of how they sign in, and a success after wrong tries (OWASP ASVS 5.0 6.3.5, 6.3.7).
"""

from datetime import timedelta

from sqlalchemy import func, select

from lado.act import Act
from lado.models import Account, LoginFailure, SignIn
from lado.services import notices
from lado.services.accounts import directory_key, person_of

IN, FACTOR_ADDED, FACTOR_ENDED, PASSWORD_CHANGED = "in", "factor_added", "factor_ended", "password"

WORDS = {
    IN: "Signed in",
    FACTOR_ADDED: "Added a way to sign in",
    FACTOR_ENDED: "Ended a way to sign in",
    PASSWORD_CHANGED: "Changed the password",
}

KNOWN_FOR = timedelta(days=90)
"""For how long a browser and where it stands are known after a sign-in (a default of this product)."""

LATELY = timedelta(minutes=15)
MANY = 3
"""Wrong passwords in a quarter of an hour after which a success is told of (a default of this product)."""

NEW_DEVICE = (
    "You signed in on a browser or from a place that is new. If that was not you, ring your administrator at once."
)
AFTER_FAILURES = (
    "You signed in after several wrong passwords for your address. If those were not yours, somebody is guessing: "
    "change your password, and ring your administrator if the sign-in was not yours either."
)
CHANGED = (
    "The ways in which you sign in were changed: one was added or ended. If that was not you, ring your "
    "administrator at once."
)


def came_in(act: Act, account_id: int, device: str, source: str) -> None:
    """Write down that somebody signed in on this browser from this address, and tell them what they should know."""
    account = act.session.get_one(Account, account_id)
    before = select(func.count()).where(SignIn.account_id == account.id, SignIn.what == IN)
    is_first, is_known = not act.session.scalar(before), knows(act, account.id, device, source)
    noted = note(act, account, IN, device, source)
    if not is_first and not is_known:
        notices.queue(act, account.id, None, "A new sign-in", NEW_DEVICE, key=f"password.in.{noted}")
    email = person_of(act.vault, directory_key(act, account.authority_id), account)["email"]
    wrong = select(func.count()).where(
        LoginFailure.token == act.vault.token("email", email), LoginFailure.failed_at > act.at - LATELY
    )
    if (act.session.scalar(wrong) or 0) >= MANY:
        subject = "A sign-in after wrong passwords"
        notices.queue(act, account.id, None, subject, AFTER_FAILURES, key=f"password.wrong.{noted}")


def factor_changed(act: Act, account: Account, what: str, device: str, source: str) -> None:
    """Write down that a factor was added or ended, and tell the person."""
    noted = note(act, account, what, device, source)
    notices.queue(act, account.id, None, "How you sign in was changed", CHANGED, key=f"password.factor.{noted}")


def note(act: Act, account: Account, what: str, device: str, source: str) -> int:
    """Write one entry of somebody's sign-ins; its number. The network address is kept as a keyed digest alone."""
    token = _token(act, account.id, device, source)
    sealed = act.vault.seal(directory_key(act, account.authority_id), _place(account.id), {"device": device})
    entry = SignIn(account_id=account.id, what=what, device=token, sealed=sealed, happened_at=act.at)
    act.session.add(entry)
    act.session.flush()
    return entry.id


def knows(act: Act, account_id: int, device: str, source: str) -> bool:
    """Whether this person has signed in on this browser from this network address lately."""
    query = select(SignIn.id).where(
        SignIn.account_id == account_id,
        SignIn.what == IN,
        SignIn.device == _token(act, account_id, device, source),
        SignIn.happened_at > act.at - KNOWN_FOR,
    )
    return act.session.scalar(query.limit(1)) is not None


def own(act: Act, account: Account, limit: int = 20) -> list[tuple[str, str, object]]:
    """The newest entries of somebody's sign-ins, in words: what, on which browser, when."""
    query = select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.id.desc()).limit(limit)
    key, place = directory_key(act, account.authority_id), _place(account.id)
    return [
        (WORDS[one.what], act.vault.open(key, place, one.sealed)["device"], one.happened_at)
        for one in act.session.scalars(query).all()
    ]


def _token(act: Act, account_id: int, device: str, source: str) -> bytes:
    return act.vault.token("email", f"device:{account_id}:{device}:{source}")


def _place(account_id: int) -> str:
    return f"sign_in/{account_id}"
