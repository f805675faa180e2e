"""Whether partners chose to be e-mailed when there is something new for them to read."""

from collections.abc import Iterable

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.models import Account, CaseAction


def chosen(act: Act) -> bool | None:
    """What whoever reads this chose; None: nothing yet."""
    return act.session.scalar(select(Account.wants_news).where(Account.id == act.who.id))


def wanting(session: Session, account_ids: Iterable[int]) -> set[int]:
    """Those of these partners who chose to be e-mailed. Who has not chosen yet is not among them."""
    query = select(Account.id).where(Account.id.in_(sorted(account_ids)), Account.wants_news.is_(True))
    return set(session.scalars(query))


def may_remind(session: Session, account_id: int, referral_id: int) -> bool:
    """Whether a partner may be reminded by e-mail: they chose to be told, or have something to do on this case."""
    owes = exists().where(
        CaseAction.referral_id == referral_id, CaseAction.holder_id == account_id, CaseAction.is_done.is_(False)
    )
    query = select(Account.id).where(Account.id == account_id, or_(Account.wants_news.is_(True), owes))
    return session.scalar(query) is not None
