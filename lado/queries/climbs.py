"""Reading clocks that are to climb, many at once: whatever deciding about them needs, in a few statements."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, and_, cast, literal, select
from sqlalchemy.orm import Session

from lado.domain.cover import NOBODY_BARRED
from lado.domain.escalation import Step, read_steps
from lado.models import Account, CaseAction, CaseClock, DueMoment, Referral
from lado.queries import conflicts
from lado.security.identity import Role
from workflows.model import ACTION


class Climber(NamedTuple):
    """A clock as a pass looks at it. `steps` are still to come, empty where nobody has worked them out.

    `holder` is the officer who holds an action, where that is not the owner; `partner` the partner who holds it;
    `barred` are those who may not have the case.
    """

    id: int
    key: str
    occurrence: int
    due_at: datetime
    next_at: datetime | None
    steps: tuple[Step, ...]
    referral_id: int
    reference: str
    authority_id: int
    owner: int | None
    is_urgent: bool
    events: int
    holder: int | None
    partner: int | None
    barred: frozenset[int]


ROWS = (
    select(
        CaseClock.id,
        CaseClock.key,
        CaseClock.occurrence,
        CaseClock.due_at,
        DueMoment.next_at,
        DueMoment.steps,
        Referral.id.label("referral_id"),
        Referral.reference,
        Referral.authority_id,
        Referral.owner_id,
        Referral.is_urgent,
        Referral.events,
        CaseAction.holder_id,
        Account.role,
        Account.disabled_at,
    )
    .join(Referral, Referral.id == CaseClock.referral_id)
    .outerjoin(DueMoment, DueMoment.clock_id == CaseClock.id)
    .outerjoin(
        CaseAction,
        and_(
            CaseAction.referral_id == CaseClock.referral_id,
            literal(f"{ACTION}:") + cast(CaseAction.number, String) == CaseClock.key,
            CaseAction.holder_id != Referral.owner_id,
        ),
    )
    .outerjoin(Account, Account.id == CaseAction.holder_id)
    .where(CaseClock.ended_at.is_(None), CaseClock.paused_at.is_(None))
)


def held(session: Session, clock_ids: Sequence[int]) -> list[Climber]:
    """These clocks, their cases held until the transaction ends; without those that another node has in hand.

    The cases are held first and read afterwards, so what is read is what the other node left.
    """
    cases = (
        select(Referral.id)
        .where(Referral.id.in_(select(CaseClock.referral_id).where(CaseClock.id.in_(clock_ids))))
        .order_by(Referral.id)
        .with_for_update(of=Referral, skip_locked=True)
    )
    ours = set(session.scalars(cases))
    rows = session.execute(ROWS.where(CaseClock.id.in_(clock_ids))).all()
    barred = conflicts.barred_from(session, ours)
    return [_climber(row, barred.get(row.referral_id, NOBODY_BARRED)) for row in rows if row.referral_id in ours]


def _climber(row: Any, barred: frozenset[int]) -> Climber:
    is_partner = row.role == Role.PARTNER.value
    return Climber(
        row.id,
        row.key,
        row.occurrence,
        row.due_at,
        row.next_at,
        read_steps(row.steps) if row.steps else (),
        row.referral_id,
        row.reference,
        row.authority_id,
        row.owner_id,
        row.is_urgent,
        row.events,
        None if is_partner else row.holder_id,
        row.holder_id if is_partner and row.disabled_at is None else None,
        barred,
    )
