"""Reading clocks that are to climb, many at once: whatever deciding about them needs, in a few statements."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import Session

from lado.domain.cover import NOBODY_BARRED
from lado.domain.escalation import Step, read_steps
from lado.models import Account, Barred, Base, CaseAction, CaseClock, DueMoment, Referral
from lado.queries import conflicts
from lado.queries.among import among
from lado.queries.passed_over import REFUSED_NOW
from lado.security.identity import Role
from workflows.model import ACTION


class Climber(NamedTuple):
    """A clock that may climb, and its case; `events` is the number of the last entry of the case."""

    id: int
    referral_id: int
    reference: str
    events: int


class Party(NamedTuple):
    """Clocks that are alike in everything that decides whom their steps find, so that each thing is decided once.

    What lapses together mostly ran out at the end of the same working day. `steps` are still to come, empty where
    nobody has worked them out. `holder` is the officer who holds an action, where that is not the owner; `partner` the
    partner who holds it; `barred` are those who may not have the cases. A case has one clock of a party at most.
    """

    climbers: tuple[Climber, ...]
    key: str
    occurrence: int
    due_at: datetime
    next_at: datetime | None
    steps: tuple[Step, ...]
    authority_id: int
    owner: int | None
    is_urgent: bool
    holder: int | None
    partner: int | None
    barred: frozenset[int]


CLOCKS, MOMENTS, CASES, ACTIONS, ACCOUNTS, KEPT_FROM = (
    Base.metadata.tables[model.__tablename__].c
    for model in (CaseClock, DueMoment, Referral, CaseAction, Account, Barred)
)
SOMEBODY_REFUSED = exists(select(REFUSED_NOW.c.referral_id))
"""Whether anybody said of any case at all that they cannot take it: looked at once, and nearly never so."""

OF_ONE = (CLOCKS.id, CASES.id, CASES.reference, CASES.events)
ALIKE = (
    CLOCKS.key,
    CLOCKS.occurrence,
    CLOCKS.due_at,
    MOMENTS.next_at,
    MOMENTS.steps,
    CASES.authority_id,
    CASES.owner_id,
    CASES.is_urgent,
    ACTIONS.holder_id,
    ACCOUNTS.role,
    ACCOUNTS.disabled_at,
    or_(exists().where(KEPT_FROM.referral_id == CASES.id, KEPT_FROM.ended_at.is_(None)), SOMEBODY_REFUSED),
)
ROWS = (
    select(*OF_ONE, *ALIKE)
    .select_from(CaseClock)
    .join(Referral, CASES.id == CLOCKS.referral_id)
    .outerjoin(DueMoment, MOMENTS.clock_id == CLOCKS.id)
    .outerjoin(
        CaseAction,
        and_(
            ACTIONS.referral_id == CLOCKS.referral_id,
            literal(f"{ACTION}:") + cast(ACTIONS.number, String) == CLOCKS.key,
            ACTIONS.holder_id != CASES.owner_id,
        ),
    )
    .outerjoin(Account, ACCOUNTS.id == ACTIONS.holder_id)
    .where(CLOCKS.ended_at.is_(None), CLOCKS.paused_at.is_(None))
)

steps_of = lru_cache(maxsize=4_096)(read_steps)
"""Most of what lapses together has the same steps before it."""


def hold(session: Session, clock_ids: Sequence[int]) -> Sequence[int]:
    """Hold the cases of these clocks until the transaction ends; those of which no other node has the case in hand.

    On SQLite whoever writes is alone.
    """
    if session.get_bind().dialect.name == "sqlite":
        return clock_ids
    query = (
        select(CLOCKS.id)
        .select_from(CaseClock)
        .join(Referral, CASES.id == CLOCKS.referral_id)
        .where(among(session, CLOCKS.id, clock_ids))
        .order_by(CASES.id)
        .with_for_update(of=Referral, skip_locked=True)
    )
    return session.scalars(query).all()


def parties(session: Session, clock_ids: Sequence[int]) -> list[Party]:
    """These clocks as they stand. Their cases are held before: what is read is then what another node left."""
    alike: dict[tuple[Any, ...], list[Climber]] = {}
    for row in session.execute(ROWS.where(among(session, CLOCKS.id, clock_ids))):
        alike.setdefault(row[len(OF_ONE) :], []).append(Climber(*row[: len(OF_ONE)]))
    return [party for place, climbers in alike.items() for party in _parties(session, place, climbers)]


def _parties(session: Session, alike: tuple[Any, ...], climbers: list[Climber]) -> Iterator[Party]:
    """The clocks of which the database says the same: one party, or one for each set of people who are passed over."""
    key, occurrence, due_at, next_at, steps, authority, owner, is_urgent, holder, role, disabled_at, is_walled = alike
    is_partner = role == Role.PARTNER.value
    apart = {NOBODY_BARRED: climbers} if not is_walled else _by_barred(session, climbers)
    for barred, together in apart.items():
        yield Party(
            tuple(together),
            key,
            occurrence,
            due_at,
            next_at,
            steps_of(steps) if steps else (),
            authority,
            owner,
            is_urgent,
            None if is_partner else holder,
            holder if is_partner and disabled_at is None else None,
            barred,
        )


def _by_barred(session: Session, climbers: list[Climber]) -> dict[frozenset[int], list[Climber]]:
    barred = conflicts.barred_from(session, {each.referral_id for each in climbers})
    apart: dict[frozenset[int], list[Climber]] = {}
    for each in climbers:
        apart.setdefault(barred.get(each.referral_id, NOBODY_BARRED), []).append(each)
    return apart
