"""Reading what a manager's day looks like: counts of what lapsed, is due, waits for an answer or failed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, TextClause, func, or_, select, text
from sqlalchemy.orm import Session

from lado.models import Account, CaseClock, Escalation, HandOver, Notice, Referral
from lado.queries.notices import FAILED, FOR_ALL, NOT_THEIRS, REMEMBERED
from lado.queries.wall import kept_from

IS_OPEN = text("referral.is_open")
"""Word for word the condition of the queue's indexes, which both databases ask for before they use them."""


class Counts(NamedTuple):
    """How many open cases have lapsed or are due today, and the rest.

    `unanswered` are clocks whose escalations nobody answered, `not_accepted` cases handed over that nobody accepted.
    """

    lapsed: int = 0
    today: int = 0
    unanswered: int = 0
    not_accepted: int = 0
    failed: int = 0
    gaps: int = 0


def counts(
    session: Session, authority_id: int, person: int, at: datetime, tomorrow_at: datetime, gaps: int = 0
) -> Counts:
    """Count for one person at an instant: nothing of a case that they are kept from, not even in a number."""
    theirs = Referral.id.not_in(kept_from(person))
    cases = select(func.count()).select_from(Referral).where(IS_OPEN, Referral.authority_id == authority_id, theirs)
    unanswered = (
        select(func.count(func.distinct(Escalation.clock_id)))
        .join(Referral, Referral.id == Escalation.referral_id)
        .join(CaseClock, CaseClock.id == Escalation.clock_id)
        .where(IS_OPEN, Referral.authority_id == authority_id, theirs)
        .where(Escalation.acknowledged_at.is_(None), CaseClock.ended_at.is_(None), CaseClock.due_at < at)
    )
    not_accepted = (
        select(func.count())
        .select_from(HandOver)
        .where(HandOver.authority_id == authority_id, HandOver.referral_id.not_in(kept_from(person)))
        .where(HandOver.ended_at.is_(None), HandOver.accepted_at.is_(None), HandOver.begins_at <= at)
    )
    row = session.execute(
        select(
            cases.where(Referral.next_due_at < at).scalar_subquery(),
            cases.where(Referral.next_due_at >= at, Referral.next_due_at < tomorrow_at).scalar_subquery(),
            unanswered.scalar_subquery(),
            not_accepted.scalar_subquery(),
            select(func.count()).where(*_failed(authority_id, person, at)).scalar_subquery(),
        )
    ).one()
    return Counts(*row, gaps)


def _failed(authority_id: int, person: int, at: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    is_theirs = or_(Notice.referral_id.is_(None), Notice.referral_id.not_in(kept_from(person)))
    of_council = Notice.account_id.in_(select(Account.id).where(Account.authority_id == authority_id))
    lately = Notice.next_try_at > at - REMEMBERED
    return (*FAILED, FOR_ALL, lately, is_theirs, of_council, Notice.failure.not_in(NOT_THEIRS))
