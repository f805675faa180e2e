"""Reading what waits for a second person: whose second factor is lost, and who said so."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.models import Account, AccountLink
from lado.queries.accounts import names_of


class Lost(NamedTuple):
    """That somebody's second factor is lost, as one person said; it waits for another one."""

    id: int
    account_id: int
    asked_by_id: int
    authority_id: int
    name: str
    asked_by: str
    asked_at: datetime


def waiting(act: Act, authority_id: int | None) -> list[Lost]:
    """What waits in an authority, oldest first."""
    query = (
        select(
            AccountLink.id, AccountLink.account_id, AccountLink.made_by_id, AccountLink.made_at, Account.authority_id
        )
        .join(Account, Account.id == AccountLink.account_id)
        .where(
            Account.authority_id == authority_id,
            AccountLink.ends_at.is_(None),
            AccountLink.withdrawn_at.is_(None),
            AccountLink.made_by_id.is_not(None),
        )
        .order_by(AccountLink.id)
    )
    rows = act.session.execute(query).all()
    names = names_of(act, {one for row in rows for one in (row.account_id, row.made_by_id or 0)})
    return [
        Lost(
            id=row.id,
            account_id=row.account_id,
            asked_by_id=row.made_by_id or 0,
            authority_id=row.authority_id,
            name=names[row.account_id],
            asked_by=names[row.made_by_id or 0],
            asked_at=row.made_at,
        )
        for row in rows
    ]


def find(act: Act, account_link_id: int) -> Lost | None:
    """One that waits in the person's own authority, or None."""
    return next((one for one in waiting(act, act.who.authority) if one.id == account_link_id), None)
