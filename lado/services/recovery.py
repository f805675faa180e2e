"""Getting back in: a forgotten password by a mailed link, a lost second factor by two people. Neither skips the other.

A link for a password leads on to the second step. A link for a factor asks for the password, and nobody gets one before
somebody else than who asked has confirmed it (OWASP ASVS 5.0 6.4.3, 6.4.4).
"""

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from lado.act import Act
from lado.errors import NotFound, Refused
from lado.models import Account, AccountLink, AskedForLink
from lado.queries.account_links import KEY
from lado.queries.lost_factors import Lost
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import account_links, factors, notices, open_sessions, own_passwords
from lado.services.accounts import needed
from lado.services.sessions import has_ended

AT_ONCE = 100
MOST_AN_HOUR = 3
"""Links for a password that one person is sent within an hour: more would only fill their mailbox."""

FORGOTTEN = "A link to choose a new password"
CHOOSE = (
    "Choose a new password at this address within a quarter of an hour. If you did not ask for it, do nothing: your "
    "password stays as it is."
)
LOST = (
    "Somebody said that you lost your second step to sign in. If that is not so, ring your administrator: nothing has "
    "changed before a second person confirms it."
)
ASKED = "Somebody lost their second step to sign in. A second person confirms it: see Lost second steps."
CONFIRMED = (
    "Two people confirmed that you lost your second step. The old one works no more, and you are signed out "
    "everywhere. Set up a new one at this address within a quarter of an hour, with your password."
)
AGREEING = (Role.ADMINISTRATOR, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)


def ask(act: Act, email: str) -> None:
    """Ask for a new password. The same is written for any address, so the answer takes as long and says the same."""
    act.session.add(AskedForLink(token=act.vault.token("email", email), asked_at=act.at))


def answer_asked(act: Act) -> int:
    """Send the links that were asked for to those who have an account; returns how many."""
    oldest = select(AskedForLink.id).order_by(AskedForLink.id).limit(AT_ONCE)
    asked = delete(AskedForLink).where(AskedForLink.id.in_(oldest)).returning(AskedForLink.token)
    tokens = set(act.session.scalars(asked))
    sent = 0
    for account in act.session.scalars(select(Account).where(Account.email_token.in_(tokens))).all() if tokens else ():
        if not has_ended(act, account) and _lately(act, account.id) < MOST_AN_HOUR:
            link = account_links.make(act, account, account_links.PASSWORD)
            notices.queue(act, account.id, None, FORGOTTEN, CHOOSE, key=f"{KEY}{link.id}")
            sent += 1
    return sent


def choose(act: Act, secret: str, password: str) -> None:
    """Choose a new password with a link, and be signed out everywhere. Signing in takes the second step as before.

    Raises BadInput for `password`, and NotFound alike for a link that was never made, was used or has ended.
    """
    found = account_links.find(act, secret, account_links.PASSWORD)
    if found is None or has_ended(act, found[1]):
        raise NotFound(account_links.NOT_OPEN)
    link, account = found
    own_passwords.keep(act, account, password, f"password.{link.id}")
    account_links.use(act, link.id)


def lost(act: Act, account: Account) -> None:
    """Say that somebody lost their second factor; nothing changes before a second person confirms it.

    Raises Refused for oneself and for whoever has no factor to lose, NotAllowed.
    """
    ensure(act.who, needed(Role(account.role)), account)
    if account.id == act.who.id:
        raise Refused("Somebody else says so for you. Ring an administrator.")
    if not factors.standing(act, account.id):
        raise Refused("They have no second step that they could have lost.")
    link = account_links.make(act, account, account_links.FACTOR, is_open=False)
    notices.queue(act, account.id, None, "Your second step to sign in", LOST, key=f"lost.{link.id}")
    agreeing = select(Account).where(
        Account.authority_id == account.authority_id, Account.role.in_([role.value for role in AGREEING])
    )
    for other in act.session.scalars(agreeing).all():
        if other.id not in (act.who.id, account.id) and not has_ended(act, other):
            key = f"lost.{link.id}.{other.id}"
            notices.queue(act, other.id, None, "A lost second step waits for a second person", ASKED, key=key)


def confirm(act: Act, lost_one: Lost) -> None:
    """Confirm as a second person: the old factors end, every session too, and the person is sent a link.

    Raises NotAllowed for whoever asked, and for the person themselves; Refused where it was settled meanwhile.
    """
    ensure(act.who, Permission.ROLE_AGREE, lost_one)
    mine = update(AccountLink).where(
        AccountLink.id == lost_one.id,
        AccountLink.ends_at.is_(None),
        AccountLink.withdrawn_at.is_(None),
        AccountLink.made_by_id != act.who.id,
    )
    values = {"confirmed_by_id": act.who.id, "ends_at": act.at + account_links.LASTS}
    if act.session.scalar(mine.values(values).returning(AccountLink.id)) is None:
        raise Refused("This does not wait any more. It was confirmed or taken back meanwhile.")
    factors.end_all(act, lost_one.account_id)
    open_sessions.end_others(act, lost_one.account_id)
    subject = "A link to set up your second step"
    notices.queue(act, lost_one.account_id, None, subject, CONFIRMED, key=f"{KEY}{lost_one.id}")


def _lately(act: Act, account_id: int) -> int:
    query = select(func.count()).where(
        AccountLink.account_id == account_id,
        AccountLink.kind == account_links.PASSWORD,
        AccountLink.made_at > act.at - timedelta(hours=1),
    )
    return act.session.scalar(query) or 0
