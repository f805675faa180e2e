"""Connecting an account with a person of the council's own directory, and signing in by it.

An account is known by the directory's issuer and its subject, never by an address: whoever can set an address in any
directory could else be anybody (OWASP ASVS 5.0, 6.8.1 and 10.5.2).
"""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select, update

from lado.act import Act
from lado.adapters.directory import LASTS
from lado.errors import NotAllowed, Refused
from lado.models import Account, DirectoryLink, DirectoryReturn, LoginSession
from lado.queries import directories as queries
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices, open_sessions, sessions
from lado.services.insertion import insert_new
from lado.services.sessions import has_ended
from lado.services.standing_accounts import is_suspended

SOMEBODY_ELSES = (
    "This council sign-in is connected with another account here. If that account is yours too, disconnect it there "
    "first."
)
ONE_ALREADY = "Your account is connected with a council sign-in already. Disconnect that one first."


def take(act: Act, secret: str) -> bool:
    """Use up an asking: whether this is the first return from it. Those too old to be used again are forgotten."""
    act.session.execute(delete(DirectoryReturn).where(DirectoryReturn.came_at < act.at - 2 * LASTS))
    row = {"digest": sha256(secret.encode()).digest(), "came_at": act.at}
    return bool(insert_new(act.session, DirectoryReturn, [row], DirectoryReturn.digest))


def connect(act: Act, authority: str, issuer: str, token: bytes, browser: str = "") -> None:
    """Connect whoever acts with the person of the directory that they have just proved to be.

    They are told, and their sessions but this `browser`'s (its reference) end. Raises NotAllowed for partners and for
    another council's directory, Refused where either is connected already.
    """
    ensure(act.who, Permission.DIRECTORY_CONNECT)
    if act.who.authority is None or queries.key_of(act.session, act.who.authority) != authority:
        raise NotAllowed("a directory speaks for its own council's people alone")
    if queries.connected(act.session, act.who.id or 0) is not None:
        raise Refused(ONE_ALREADY)
    _let_go_of_leavers(act, token)
    who_and_when = {"account_id": act.who.id, "issuer": issuer, "token": token, "made_at": act.at}
    row = who_and_when | {"used_at": None, "ended_at": None, "ended_by_id": None}
    if not insert_new(act.session, DirectoryLink, [row], DirectoryLink.id):
        raise Refused(SOMEBODY_ELSES)
    _tell(act, "connected", browser)


def disconnect(act: Act, browser: str = "") -> None:
    """End the connection of whoever acts, and their sessions but this browser's; they sign in here as before."""
    ensure(act.who, Permission.DIRECTORY_CONNECT)
    mine = (DirectoryLink.account_id == act.who.id, DirectoryLink.ended_at.is_(None))
    ended = update(DirectoryLink).where(*mine).values(ended_at=act.at, ended_by_id=act.who.id)
    if act.session.scalar(ended.returning(DirectoryLink.id)) is not None:
        _tell(act, "disconnected", browser)


def may_come_in(act: Act, account: Account) -> bool:
    """Whether the account is neither shut nor suspended and has not ended: the directory may not know of it."""
    return not has_ended(act, account) and not is_suspended(act, account)


def begin_session(act: Act, account: Account, device: str, proved_at: datetime) -> str:
    """Begin a session of whoever proved both factors at the directory; returns its reference for the cookie."""
    reference = sessions.begin(act, account, device)
    mine = update(LoginSession).where(LoginSession.digest == sessions.digest(reference))
    act.session.flush()
    act.session.execute(mine.values(proved_at=proved_at))
    return reference


def used(act: Act, account: Account) -> None:
    """Remember that somebody signed in by it."""
    theirs = (DirectoryLink.account_id == account.id, DirectoryLink.ended_at.is_(None))
    act.session.execute(update(DirectoryLink).where(*theirs).values(used_at=act.at))


def _let_go_of_leavers(act: Act, token: bytes) -> None:
    """An account that is shut or has ended keeps nobody from connecting the one that they have now."""
    query = (
        select(DirectoryLink, Account)
        .join(Account, Account.id == DirectoryLink.account_id)
        .where(DirectoryLink.token == token, DirectoryLink.ended_at.is_(None))
    )
    for link, account in act.session.execute(query):
        if has_ended(act, account):
            link.ended_at, link.ended_by_id = act.at, act.who.id
    act.session.flush()


def _tell(act: Act, what: str, browser: str) -> None:
    """How somebody signs in was changed: they hear of it, and other browsers begin anew (ASVS 5.0 6.3.7, 7.4.3)."""
    account_id = act.who.id or 0
    open_sessions.end_others(act, account_id, but=browser)
    body = f"Your account was {what}. If that was not you, ring your administrator at once."
    notices.queue(act, account_id, None, f"Your council sign-in was {what}", body)
