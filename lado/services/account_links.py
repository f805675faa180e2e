"""Links by which somebody chooses a new password, or sets up a second factor. Each works once, and for a short time.

A link never stands in for a factor: one for a password leads on to the second step, one for a factor asks for the
password.
"""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from lado.act import Act
from lado.errors import NotFound, Refused
from lado.models import Account, AccountLink
from lado.queries.account_links import digest_of, secret_of
from lado.security.identity import Role
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.factors import standing

PASSWORD, FACTOR = "password", "factor"
LASTS = timedelta(minutes=15)
"""How long a link works (OWASP ASVS 5.0 6.4.3, and its cheat sheet on forgotten passwords)."""

NOT_OPEN = "This link does not work any more. Ask for a new one."


def make(act: Act, account: Account, kind: str, *, is_open: bool = True) -> AccountLink:
    """Make a link; earlier ones of its kind work no more. One that is not open waits for a second person."""
    withdraw(act, account.id, kind)
    nonce = secrets.token_bytes(16)
    link = AccountLink(
        account_id=account.id,
        kind=kind,
        nonce=nonce,
        digest=digest_of(secret_of(act.vault, nonce)),
        made_at=act.at,
        made_by_id=act.who.id,
        confirmed_by_id=None,
        ends_at=act.at + LASTS if is_open else None,
        used_at=None,
        withdrawn_at=None,
    )
    act.session.add(link)
    act.session.flush()
    return link


def let_in(act: Act, account: Account) -> str:
    """The path of a link by which somebody without a second factor sets one up, for the operator to hand over.

    Raises Refused where they have one: a lost factor takes two people. NotAllowed for anybody but the operator.
    """
    if standing(act, account.id):
        raise Refused("They have a second step already. One that was lost is let go by two administrators.")
    ensure(act.who, Permission.PARTNER_KEEP if account.role == Role.PARTNER else Permission.ACCOUNT_MANAGE, account)
    if act.who.role is not Role.SYSTEM:
        raise Refused("Only the operator of the system makes this link.")
    link = make(act, account, FACTOR)
    return f"/set-up/{secret_of(act.vault, link.nonce)}"


def withdraw(act: Act, account_id: int, kind: str) -> None:
    """Let no earlier link of this kind work any more."""
    earlier = AccountLink.account_id == account_id, AccountLink.kind == kind, AccountLink.used_at.is_(None)
    act.session.execute(
        update(AccountLink).where(*earlier, AccountLink.withdrawn_at.is_(None)).values(withdrawn_at=act.at)
    )


def use(act: Act, link_id: int) -> None:
    """Use a link up. Raises NotFound alike when it was used, was withdrawn or has ended; one use is the first."""
    mine = update(AccountLink).where(
        AccountLink.id == link_id, AccountLink.used_at.is_(None), AccountLink.withdrawn_at.is_(None)
    )
    if act.session.scalar(mine.values(used_at=act.at).returning(AccountLink.id)) is None:
        raise NotFound(NOT_OPEN)


def find(act: Act, secret: str, kind: str) -> tuple[AccountLink, Account] | None:
    """The link of this secret if it works now, and whose it is; None whatever else may be."""
    query = (
        select(AccountLink, Account)
        .join(Account, Account.id == AccountLink.account_id)
        .where(
            AccountLink.digest == digest_of(secret),
            AccountLink.kind == kind,
            AccountLink.used_at.is_(None),
            AccountLink.withdrawn_at.is_(None),
            AccountLink.ends_at > act.at,
        )
    )
    row = act.session.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else None
