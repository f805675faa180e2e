"""Reading notices: what was written to someone, and what could not be sent."""

from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from lado.models import Account, Notice

SHOWN = 50
REMEMBERED = timedelta(days=7)
"""How long a failed sending stands on the band of every page (a default of this product)."""

NOT_SENT = text("notice.state <> 'sent'")
"""Word for word the condition of the index, which both databases ask for before they use it."""


def of_account(session: Session, account_id: int, *, before: int | None = None, limit: int = SHOWN) -> list[Notice]:
    """What was written to a person, the newest first; `before` is the id of the last one of the page before."""
    query = select(Notice).where(Notice.account_id == account_id)
    if before is not None:
        query = query.where(Notice.id < before)
    return list(session.scalars(query.order_by(Notice.id.desc()).limit(limit)))


def failed(session: Session, authority_id: int, at: datetime, limit: int = SHOWN) -> list[Notice]:
    """What could not be sent lately to the people of an authority, the newest first, each with its `failure`."""
    query = (
        select(Notice)
        .join(Account, Account.id == Notice.account_id)
        .where(NOT_SENT, Notice.state == "failed", Notice.next_try_at > at - REMEMBERED)
        .where(Account.authority_id == authority_id)
        .order_by(Notice.next_try_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return list(session.scalars(query))
