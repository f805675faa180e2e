"""The sessions that somebody has open: ending others, ending the oldest of too many, and going on under a new name."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select, update

from lado.act import Act
from lado.domain.devices import words_of
from lado.errors import NotFound
from lado.models import Account, LoginSession
from lado.queries import logins
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.session_limits import MOST
from lado.services import notices

SIGNED_OUT = "signed_out"
RENEWED = "renewed"
TOO_MANY = "too_many"
BY_THEMSELVES = "by_themselves"
BY_AN_ADMINISTRATOR = "by_an_administrator"
FACTOR_CHANGED = "factor_changed"
ROLE_CHANGED = "role_changed"

KNOWN_FOR = timedelta(days=1)
"""How long after its beginning a session still says whose typed text is to be kept (a default of this product)."""

SAID = {
    TOO_MANY: "You were signed out here because you signed in on a fourth browser. Three may stay signed in at once.",
    BY_THEMSELVES: "You signed this browser out from another one.",
    BY_AN_ADMINISTRATOR: "An administrator signed you out here. Sign in again.",
    FACTOR_CHANGED: "You were signed out here because how you sign in was changed. If that was not you, ring at once.",
    ROLE_CHANGED: "You were signed out because your role was changed. Sign in again.",
}
"""What the browser of an ended session says."""

NOTICE = (
    "You signed in on another browser. At most three stay signed in at once, so the one that had been signed in the "
    "longest was signed out. If that was not you, change your password and tell your administrator."
)


def digest(reference: str) -> bytes:
    """What is stored of a session's reference."""
    return hashlib.sha256(reference.encode()).digest()


def end_others(act: Act, account_id: int, *, but: str = "", because: str = FACTOR_CHANGED) -> int:
    """End every session of an account but the one of this reference (none: all of them). Returns how many ended.

    Who may say so is asked before: it is for whoever changed their own factor or password, or keeps the account.
    """
    open_ones = [LoginSession.account_id == account_id, LoginSession.ended_at.is_(None)]
    if but:
        open_ones.append(LoginSession.digest != digest(but))
    ended = act.session.execute(update(LoginSession).where(*open_ones).values(ended_at=act.at, ended_because=because))
    return int(getattr(ended, "rowcount", 0))


def make_room(act: Act, account: Account) -> str | None:
    """End the oldest sessions of an account, so that one more may begin; the person is told.

    Returns where the last that was ended was, or None where there was room.
    """
    is_open = LoginSession.account_id == account.id, LoginSession.ended_at.is_(None)
    act.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    found = logins.alive(act, account.id, Role(account.role))
    oldest = found[MOST - 1 :]
    for one in oldest:
        act.session.execute(
            update(LoginSession)
            .where(LoginSession.digest == one.digest, *is_open)
            .values(ended_at=act.at, ended_because=TOO_MANY)
        )
        notices.queue(act, account.id, None, "A session of yours was ended", NOTICE, key=f"session.{one.key}")
    return words_of(oldest[-1].device) if oldest else None


def end_own(act: Act, key: str) -> None:
    """End one of one's own sessions, by its key. Raises NotFound, NotAllowed."""
    ensure(act.who, Permission.SESSION_END)
    _end(act, act.who.id or 0, key, BY_THEMSELVES)


def end_own_others(act: Act, *, but: str) -> int:
    """End one's own sessions but the one of this reference. Returns how many ended. Raises NotAllowed."""
    ensure(act.who, Permission.SESSION_END)
    return end_others(act, act.who.id or 0, but=but, because=BY_THEMSELVES)


def end_of(act: Act, account: Account, key: str = "") -> None:
    """End a session of somebody else, or (no key) all of theirs. Raises NotFound, NotAllowed."""
    ensure(act.who, Permission.ACCOUNT_MANAGE, account)
    if key:
        _end(act, account.id, key, BY_AN_ADMINISTRATOR)
    else:
        end_others(act, account.id, because=BY_AN_ADMINISTRATOR)


def renew(act: Act, reference: str) -> str:
    """Go on under a new reference, as after a factor was proved again: one that was seen before is worth nothing.

    Returns the new reference. Raises NotFound where the session has ended.
    """
    row = act.session.get(LoginSession, digest(reference), with_for_update=True)
    if row is None or row.ended_at is not None:
        raise NotFound("no such session")
    fresh = secrets.token_urlsafe(32)
    kept = {
        column.key: getattr(row, column.key)
        for column in LoginSession.__table__.columns
        if column.key not in ("digest", "ended_at", "ended_because")
    }
    act.session.add(LoginSession(digest=digest(fresh), ended_at=None, **kept))
    row.ended_at, row.ended_because = act.at, RENEWED
    act.session.flush()
    return fresh


def why_ended(act: Act, reference: str) -> str:
    """Why a session was ended before its time, as a key of this module; empty where it was not."""
    row = act.session.get(LoginSession, digest(reference))
    return "" if row is None else row.ended_because or ""


def whose(act: Act, reference: str) -> int | None:
    """The account that a session was of which has ended by itself or was ended; None where it was signed out of.

    For keeping what somebody typed, never for showing anything. Nobody's whose account is shut.
    """
    row = act.session.get(LoginSession, digest(reference))
    if row is None or row.ended_because in (SIGNED_OUT, RENEWED) or row.created_at < act.at - KNOWN_FOR:
        return None
    account = act.session.get_one(Account, row.account_id)
    return account.id if account.disabled_at is None else None


def _end(act: Act, account_id: int, key: str, because: str) -> None:
    one = next((found for found in logins.open_of(act, account_id) if found.key == key), None)
    if one is None:
        raise NotFound("no such session")
    act.session.execute(
        update(LoginSession).where(LoginSession.digest == one.digest).values(ended_at=act.at, ended_because=because)
    )
