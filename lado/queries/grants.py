"""Who may follow which referral on line: the one select that everybody asks, from the portal to the notices."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from lado.models import Account, Grant, Referral
from lado.queries.wall import kept_from


def granted(account_id: int | None, at: datetime) -> Select[int]:
    """The ids of the referrals that this very person may follow at this instant; never an organisation as a whole.

    Nobody may whose access or whose account has ended, who is not of the agency any more that it was given for, or
    whom the case is about.
    """
    return (
        select(Grant.referral_id)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.account_id == account_id, *_holds(at), Grant.referral_id.not_in(kept_from(account_id)))
        .correlate(None)
    )


def may_follow(session: Session, account_id: int, referral_id: int, at: datetime) -> bool:
    """Whether this person may follow this referral at this instant."""
    query = granted(account_id, at).where(Grant.referral_id == referral_id).limit(1)
    return session.scalar(query) is not None


def of_the_referrer(account_id: int | None) -> ColumnElement[bool]:
    """That what is promised to the referrer of a case is promised to this person, who follows it.

    Where nobody made it on line, somebody rang and was given access later on: then it is promised to all who follow.
    """
    return func.coalesce(_MADE_IT.correlate(Referral).scalar_subquery(), account_id) == account_id


def is_referrer(session: Session, account_id: int, referral_id: int) -> bool:
    """Whether what is promised to the referrer of this case is promised to this person, if they follow it."""
    query = select(Referral.id).where(Referral.id == referral_id, of_the_referrer(account_id))
    return session.scalar(query) is not None


def followers(session: Session, referral_id: int, at: datetime) -> set[int]:
    """The accounts that may follow a referral at an instant."""
    query = select(Grant.account_id).join(Account, Account.id == Grant.account_id)
    return set(session.scalars(query.where(Grant.referral_id == referral_id, *_holds(at), _IS_FREE)))


def referrer_of(session: Session, referral_id: int) -> int | None:
    """The account of whoever made the referral, where they have one: their access is as old as the case itself."""
    made_it = _MADE_IT.correlate(Referral).scalar_subquery()
    return session.scalar(select(made_it).select_from(Referral).where(Referral.id == referral_id))


def counted(session: Session, account_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """How many referrals each of these people may follow; who may follow none is not in it."""
    query = (
        select(Grant.account_id, func.count(Grant.referral_id.distinct()))
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.account_id.in_(sorted(account_ids)), *_holds(at), _IS_FREE)
        .group_by(Grant.account_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def following(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """That somebody may follow a referral at an instant: conditions of a select from grants joined with accounts."""
    return (*_holds(at), _IS_FREE)


def can_sign_in(at: datetime) -> ColumnElement[bool]:
    """That an account is neither shut nor ended by itself."""
    return and_(Account.disabled_at.is_(None), or_(Account.ends_at.is_(None), Account.ends_at > at))


def place_of(grant_id: int) -> str:
    """Where the words of a grant are bound to."""
    return f"grant/{grant_id}"


def _holds(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is asked of each grant and of its account; whether it is about them is asked besides."""
    return (
        Grant.granted_at <= at,
        or_(Grant.ended_at.is_(None), Grant.ended_at > at),
        or_(Grant.ends_at.is_(None), Grant.ends_at > at),
        Account.agency_id == Grant.agency_id,
        can_sign_in(at),
    )


_MADE_IT = (
    select(Grant.account_id)
    .where(Grant.referral_id == Referral.id, Grant.granted_at == Referral.recorded_at)
    .order_by(Grant.id)
    .limit(1)
)
"""Who made a referral, where they have an account: their access is as old as the case itself."""

_IS_FREE = Grant.referral_id.not_in(kept_from(Grant.account_id))
"""That the person of a grant is not kept from its case."""
