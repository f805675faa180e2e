"""Reading notices: what was written to someone, what could not be sent, and to whom it went instead."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, TextClause, and_, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from lado.act import Act
from lado.errors import NotFound
from lado.models import Account, Notice

SHOWN = 50
REMEMBERED = timedelta(days=7)
"""How long a failed sending stands on the band of every page (a default of this product)."""

SHUT = "the account is shut"
NO_RIGHT = "they may not see this case any more"
NOT_COVERING = "they do not cover for the colleague any more"
NOT_THEIRS = (SHUT, NO_RIGHT, NOT_COVERING)
"""Why a message is not sent although its channel would take it: it is not for this person any more."""

NOT_SENT = text("notice.state NOT IN ('sent', 'delivered')")
"""Word for word the condition of the index, which both databases ask for before they use it."""


def of_account(session: Session, account_id: int, *, before: int | None = None, limit: int = SHOWN) -> list[Notice]:
    """What was written to a person, the newest first; `before` is the id of the last one of the page before."""
    query = select(Notice).where(Notice.account_id == account_id)
    if before is not None:
        query = query.where(Notice.id < before)
    return list(session.scalars(query.order_by(Notice.id.desc()).limit(limit)))


FAILED = (NOT_SENT, Notice.state == "failed")

FOR_FEW = ("glass.%", "left.%")
"""How the names of notices begin that concern a case behind a wall and carry none, for they go to some who are kept
from it: they are shown to nobody but those they were written to."""
FOR_ALL = or_(Notice.referral_id.is_not(None), and_(*(Notice.message_id.not_like(kind) for kind in FOR_FEW)))


class Failed(NamedTuple):
    """A notice that did not reach its person. `next_id` is who has it in their place (None: nobody yet)."""

    id: int
    authority_id: int
    account_id: int
    subject: str
    created_at: datetime
    failed_at: datetime
    failure: str
    next_id: int | None
    is_with_next: bool
    """Whether the channel has taken the message for the next person."""


def failed(session: Session, authority_id: int, at: datetime, limit: int = SHOWN) -> list[Failed]:
    """What could not be sent lately to the people of an authority, the newest first."""
    lately = Notice.next_try_at > at - REMEMBERED
    return _read(session, *FAILED, Account.authority_id == authority_id, lately, limit=limit)


def failed_of_case(session: Session, referral_id: int, limit: int = SHOWN) -> list[Failed]:
    """What was written about a case and did not reach its person, the newest first."""
    return _read(session, *FAILED, Notice.referral_id == referral_id, limit=limit)


def found(act: Act, notice_id: int) -> Failed:
    """One notice, whether it still stands as failed or not. Raises NotFound."""
    rows = _read(act.session, Notice.id == notice_id, limit=1)
    if not rows:
        raise NotFound("no such notice")
    return rows[0]


class Troubles(NamedTuple):
    """What is wrong with messages: whether one failed lately, and since when the oldest that is to be sent waits."""

    has_failed: bool
    waiting_since_at: datetime | None


def troubles(session: Session, authority_id: int, at: datetime) -> Troubles:
    """What is wrong with the messages of a council now. One that is not for its person any more is no fault."""
    failed_lately = (
        select(Notice.id)
        .join(Account, Account.id == Notice.account_id)
        .where(*FAILED, FOR_ALL, Notice.next_try_at > at - REMEMBERED)
        .where(Account.authority_id == authority_id, Notice.failure.not_in(NOT_THEIRS))
    )
    oldest = select(func.min(Notice.created_at)).where(NOT_SENT, Notice.state.in_(("waiting", "sending")), FOR_ALL)
    row = session.execute(select(failed_lately.exists(), oldest.scalar_subquery())).one()
    return Troubles(*row)


def to_move(session: Session, limit: int) -> list[int]:
    """Failed notices that have not been seen to, the oldest first."""
    query = select(Notice.id).where(NOT_SENT, Notice.state == "failed", Notice.moved_at.is_(None))
    return list(session.scalars(query.order_by(Notice.next_try_at, Notice.id).limit(limit)))


def tried(session: Session, notice: Notice) -> list[int]:
    """Who was written to before with the same message, the last of them first."""
    people = []
    before = notice.stands_for_id
    while before is not None:
        row = session.execute(select(Notice.account_id, Notice.stands_for_id).where(Notice.id == before)).one()
        people.append(row.account_id)
        before = row.stands_for_id
    return people


def _read(session: Session, *conditions: ColumnElement[bool] | TextClause, limit: int) -> list[Failed]:
    following = aliased(Notice)
    query = (
        select(
            Notice.id,
            Account.authority_id,
            Notice.account_id,
            Notice.subject,
            Notice.created_at,
            Notice.next_try_at,
            Notice.failure,
            following.account_id,
            func.coalesce(following.state.in_(("sent", "delivered")), False),
        )
        .join(Account, Account.id == Notice.account_id)
        .outerjoin(following, following.stands_for_id == Notice.id)
        .where(FOR_ALL, *conditions)
        .order_by(Notice.next_try_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return [Failed(*row) for row in session.execute(query)]
