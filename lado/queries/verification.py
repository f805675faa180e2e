"""Reading what a proof of the record needs: cases in batches, with ledger and projections. No word is opened."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from lado.domain.conflicts import CASE
from lado.models import (
    Account,
    Barred,
    CaseAction,
    CaseClock,
    Conflict,
    ConflictToken,
    Correction,
    DueMoment,
    Escalation,
    Feedback,
    LedgerEntry,
    Listed,
    Referral,
    Restriction,
    SearchToken,
    Standing,
)
from lado.security.identity import Role

BATCH = 100

REFERRAL = select(*(column for column in Referral.__table__.columns if column.name != "sealed"))


class Part(NamedTuple):
    """One table of what is kept of a case: what to read, by which case, in which order."""

    query: Select[*tuple[Any, ...]]
    case: Any
    order: Any


PARTS = (
    Part(
        select(
            LedgerEntry.referral_id,
            LedgerEntry.number,
            LedgerEntry.kind,
            LedgerEntry.data,
            LedgerEntry.actor_id,
            LedgerEntry.recorded_at,
        ),
        LedgerEntry.referral_id,
        LedgerEntry.number,
    ),
    Part(select(*CaseClock.__table__.columns), CaseClock.referral_id, CaseClock.id),
    Part(
        select(CaseClock.referral_id, CaseClock.key, CaseClock.occurrence, DueMoment.next_at, DueMoment.steps).join(
            CaseClock, CaseClock.id == DueMoment.clock_id
        ),
        CaseClock.referral_id,
        DueMoment.next_at,
    ),
    Part(select(*CaseAction.__table__.columns), CaseAction.referral_id, CaseAction.number),
    Part(
        select(
            Escalation.referral_id,
            CaseClock.key,
            CaseClock.occurrence,
            Escalation.rung,
            Escalation.due_at,
            Escalation.told_id,
        ).join(CaseClock, CaseClock.id == Escalation.clock_id),
        Escalation.referral_id,
        Escalation.id,
    ),
    Part(select(*Standing.__table__.columns), Standing.referral_id, Standing.from_at),
    Part(select(*Feedback.__table__.columns), Feedback.referral_id, Feedback.id),
    Part(select(*Correction.__table__.columns), Correction.referral_id, Correction.number),
    Part(
        select(Barred.referral_id, Barred.conflict_id, Barred.account_id).where(
            Barred.ended_at.is_(None), Barred.conflict_id.is_not(None)
        ),
        Barred.referral_id,
        Barred.conflict_id,
    ),
    Part(
        select(SearchToken.referral_id, Conflict.id.label("conflict_id"), Conflict.account_id, Conflict.kind)
        .join(ConflictToken, ConflictToken.token == SearchToken.token)
        .join(Conflict, Conflict.id == ConflictToken.conflict_id)
        .join(Account, Account.id == Conflict.account_id)
        .join(Referral, Referral.id == SearchToken.referral_id)
        .where(Conflict.ended_at.is_(None))
        .where(or_(Referral.authority_id == Conflict.authority_id, Account.role == Role.PARTNER.value))
        .group_by(SearchToken.referral_id, Conflict.id)
        .having(func.count() == Conflict.tokens),
        SearchToken.referral_id,
        Conflict.id,
    ),
    Part(
        select(Conflict.referral_id, Conflict.id.label("conflict_id"), Conflict.account_id, Conflict.kind).where(
            Conflict.kind == CASE, Conflict.ended_at.is_(None)
        ),
        Conflict.referral_id,
        Conflict.id,
    ),
    Part(
        select(Restriction.referral_id, Restriction.keeper_id, Listed.account_id)
        .join(Listed, Listed.restriction_id == Restriction.id)
        .where(Restriction.ended_at.is_(None), Listed.ended_at.is_(None)),
        Restriction.referral_id,
        Listed.account_id,
    ),
)


class Kept(NamedTuple):
    """One case as it is kept: the row that lists show, its ledger in order, and the rows of its other projections."""

    referral: Any
    entries: list[Any]
    clocks: list[Any]
    moments: list[Any]
    actions: list[Any]
    rungs: list[Any]
    standings: list[Any]
    feedback: list[Any]
    corrections: list[Any]
    barred: list[Any]
    """Who is kept from it, by which declaration."""
    links: list[Any]
    """The standing declarations of a name all of whose words the case has, as the blind index knows them."""
    declared: list[Any]
    """The standing declarations of a conflict with this very case."""
    listed: list[Any]
    """Who is on its list, where it is restricted, and who keeps that."""


def cases(session: Session) -> Iterator[Kept]:
    """Every case in order of its id, read in batches by a few queries each, whatever the number of cases."""
    last = 0
    while referrals := session.execute(REFERRAL.where(Referral.id > last).order_by(Referral.id).limit(BATCH)).all():
        first, last = referrals[0].id, referrals[-1].id
        parts = [_by_case(session, part, first, last) for part in PARTS]
        for referral in referrals:
            yield Kept(referral, *(part.get(referral.id, []) for part in parts))


def _by_case(session: Session, part: Part, first: int, last: int) -> dict[int, list[Any]]:
    """The rows of each case of a batch, in order."""
    query = part.query.where(part.case.between(first, last)).order_by(part.case, part.order)
    found: dict[int, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.referral_id, []).append(row)
    return found
