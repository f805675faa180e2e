"""Signing in and out: sessions live on the server, and guessing is slowed for each address."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from lado.act import Act
from lado.errors import BadInput
from lado.models import Account, LoginFailure, LoginSession
from lado.services import open_sessions, passkeys, sign_ins
from lado.services.accounts import HASHER, password_is_right
from lado.services.open_sessions import digest as digest
from lado.services.open_sessions import end_others as end_others
from lado.services.passkeys import Site
from lado.services.standing_accounts import is_suspended, used

GUESSES = 10
WITHIN = timedelta(minutes=15)
"""Ten wrong passwords for one address in a quarter of an hour; then wait (the OWASP advice on throttling)."""

FROM_ONE_SOURCE = 25
"""Wrong passwords from one network address in a quarter of an hour, whoever they are for: then wait."""

WRONG = "The e-mail address or the password is not right. Check both and try again."
TOO_MANY = "There were too many tries for this address. Wait a quarter of an hour, or ring your administrator."
NOBODY = HASHER.hash(secrets.token_urlsafe(16))
"""Verified when there is no such account, so that the answer takes as long."""


def may_try(act: Act, email: str, device: str = "", source: str = "") -> bool:
    """Whether another password may be tried for this address now, from this browser and network address.

    Others who guess do not keep a person from a browser on which they signed in lately: that one has tries of its own.
    """
    if _failures(act, act.vault.token("email", email)) < GUESSES:
        return (
            not _is_from_afar(source)
            or _failures(act, _from(act, source)) < FROM_ONE_SOURCE
            or (_is_known(act, email, device, source))
        )
    return _is_known(act, email, device, source) and _failures(act, _of_device(act, email, device, source)) < GUESSES


def right_account(act: Act, email: str, password: str) -> Account | None:
    """The account that the address and the password belong to, or None; takes as long either way."""
    query = select(Account).where(Account.email_token == act.vault.token("email", email))
    account = act.session.scalars(query).one_or_none()
    if account is None:
        password_is_right(Account(password_hash=NOBODY), password)
        return None
    if not password_is_right(account, password) or has_ended(act, account) or is_suspended(act, account):
        return None
    return account


def strengthen(act: Act, account_id: int, password: str) -> None:
    """Hash the password of whoever just gave the right one anew, where it was hashed with less than is asked now."""
    account = act.session.get_one(Account, account_id)
    if HASHER.is_weaker(account.password_hash):
        account.password_hash = HASHER.hash(password)


def has_ended(act: Act, account: Account) -> bool:
    """Whether the account was shut, or has ended by itself."""
    return account.disabled_at is not None or (account.ends_at is not None and account.ends_at <= act.at)


def failed(act: Act, email: str, device: str = "", source: str = "") -> None:
    """Remember a wrong try, for the address, for where it came from and for both; forget those that no longer count."""
    act.session.execute(delete(LoginFailure).where(LoginFailure.failed_at <= act.at - WITHIN))
    tokens = act.vault.token("email", email), _from(act, source), _of_device(act, email, device, source)
    act.session.add_all(LoginFailure(token=token, failed_at=act.at) for token in tokens)


def _failures(act: Act, token: bytes) -> int:
    query = select(func.count()).where(LoginFailure.token == token, LoginFailure.failed_at > act.at - WITHIN)
    return act.session.scalar(query) or 0


def _is_known(act: Act, email: str, device: str, source: str) -> bool:
    """Whether whoever signs in with this address did so lately on this browser, from here. Asked alike for nobody's."""
    account = act.session.scalar(select(Account.id).where(Account.email_token == act.vault.token("email", email)))
    return sign_ins.knows(act, account or 0, device, source)


def _is_from_afar(source: str) -> bool:
    """Whether a network address tells one place from another: all that comes through a proxy here does not."""
    return bool(source) and not source.startswith("127.") and source != "::1"


def _from(act: Act, source: str) -> bytes:
    return act.vault.token("email", f"source:{source}")


def _of_device(act: Act, email: str, device: str, source: str) -> bytes:
    return act.vault.token("email", f"device:{email}:{device}:{source}")


def begin(act: Act, account: Account, device: str = "unknown") -> str:
    """Begin a session of whoever has just proved two factors; returns its reference for the cookie, stored is a digest.

    Where somebody has as many sessions as one may, the oldest is ended, and they are told.
    """
    if has_ended(act, account) or is_suspended(act, account):
        raise BadInput({"email": WRONG})
    open_sessions.make_room(act, account)
    used(act, account)
    reference = secrets.token_urlsafe(32)
    act.session.add(
        LoginSession(
            digest=digest(reference),
            account_id=account.id,
            created_at=act.at,
            seen_at=act.at,
            ended_at=None,
            device=device,
            proved_at=act.at,
        )
    )
    return reference


def begin_by_passkey(act: Act, site: Site, challenge: bytes, answer: str, device: str) -> str:
    """Begin a session with a passkey alone, which is two factors: the device, and what unlocked it.

    Raises BadInput with the same words whatever was wrong.
    """
    account = passkeys.prove(act, site, challenge, answer)
    if has_ended(act, account) or is_suspended(act, account):
        raise BadInput({"form": passkeys.NOT_TAKEN})
    return begin(act, account, device)


def seen(act: Act, reference: str) -> None:
    """Note that the session is in use."""
    act.session.execute(update(LoginSession).where(LoginSession.digest == digest(reference)).values(seen_at=act.at))


def proved(act: Act, reference: str) -> str:
    """Note that a second factor was proved again in this session, which goes on under a new reference.

    Raises NotFound when the session has ended meanwhile.
    """
    renewed = open_sessions.renew(act, reference)
    mine = update(LoginSession).where(LoginSession.digest == digest(renewed))
    act.session.execute(mine.values(proved_at=act.at))
    return renewed


def end(act: Act, reference: str) -> None:
    """End the session on every node."""
    ended = {"ended_at": act.at, "ended_because": open_sessions.SIGNED_OUT}
    act.session.execute(update(LoginSession).where(LoginSession.digest == digest(reference)).values(ended))
