"""Reading what climbs: which clocks have a rung due, and what deciding about them needs."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from lado.domain import escalation
from lado.domain.cover import NOBODY_BARRED
from lado.domain.escalation import Reached, Team
from lado.domain.projection import climbed_rungs
from lado.models import Account, CaseClock, DueMoment, Escalation, LapsedForNobody, Referral, SetAside
from lado.queries import conflicts, cover, ledger, practices
from lado.queries.among import among
from lado.security.identity import Role
from workflows.case import Case, Clock
from workflows.model import ACTION
from workflows.practice import Practice

PAGE = 500


FIRST_DUE = (
    select(DueMoment.clock_id)
    .where(
        DueMoment.next_at <= bindparam("at"),
        ~exists().where(SetAside.clock_id == DueMoment.clock_id, SetAside.next_try_at > bindparam("at")),
    )
    .limit(1)
)

FIRST_FOR_NOBODY = select(LapsedForNobody.clock_id).limit(1)


class Climber(NamedTuple):
    """One clock that is looked at, by its row; `clock` is None where the ledger says that it does not run.

    `holder` is the officer who holds an action, where it is not the owner; `partner` the partner who holds it.
    """

    id: int
    clock: Clock | None
    holder: int | None
    partner: int | None


class CaseOnLadder(NamedTuple):
    """A case with clocks to look at: replayed, with the practice that it runs under and the team of its authority.

    `barred` are those who may not have it.
    """

    referral: Referral
    case: Case
    practice: Practice
    team: Team
    climbers: tuple[Climber, ...]
    barred: frozenset[int]


class WouldFire(NamedTuple):
    """A step that a pass at an instant would reach, and whom it would tell (None: nobody is there)."""

    reference: str
    clock: str
    rung: str
    due_at: datetime
    role: str
    would_tell: int | None


def claim_due(session: Session, at: datetime, limit: int) -> list[int]:
    """Take the clocks that have to be looked at by the instant, the earliest first.

    One walk along the index of due moments, whatever the number of cases; clocks that were set aside wait for their
    next try. It is the cases that are locked, and those that another node has in hand are left to it: a move locks its
    case before it touches the due moments, so taking the same order here means that neither waits for the other.
    """
    query = _due(at).limit(limit)
    if session.get_bind().dialect.name == "postgresql":  # on SQLite whoever writes is alone, and holds every case
        query = (
            query.join(CaseClock, CaseClock.id == DueMoment.clock_id)
            .join(Referral, Referral.id == CaseClock.referral_id)
            .with_for_update(of=Referral, skip_locked=True)
        )
    return [row.clock_id for row in session.execute(query)]


def is_due(session: Session, at: datetime) -> bool:
    """Whether there is anything to climb: one row of one small table is looked at, whatever the number of cases."""
    return session.execute(FIRST_DUE, {"at": at}).first() is not None


def on_ladder(session: Session, clock_ids: Sequence[int], at: datetime, *, lock: bool) -> Iterator[CaseOnLadder]:
    """Each case that these clocks belong to, replayed; with `lock`, held until the transaction ends."""
    columns = (CaseClock.id, CaseClock.referral_id, CaseClock.key, CaseClock.occurrence)
    clocks = session.execute(select(*columns).where(CaseClock.id.in_(clock_ids)).order_by(CaseClock.id)).all()
    teams: dict[int, Team] = {}
    known: dict[tuple[int, str, int, str, str], Practice] = {}
    barred = conflicts.barred_from(session, {row.referral_id for row in clocks})
    for referral in session.scalars(_cases({row.referral_id for row in clocks}, lock=lock)).all():
        if referral.authority_id not in teams:
            teams[referral.authority_id] = cover.team(session, referral.authority_id, at)
        case = ledger.case_of(session, referral.id)
        own = tuple(_climber(session, case, row) for row in clocks if row.referral_id == referral.id)
        terms = (
            referral.authority_id,
            referral.procedure,
            referral.procedure_version,
            referral.rules,
            referral.calendar,
        )
        if terms not in known:
            known[terms] = practices.of_case(session, referral)
        yield CaseOnLadder(
            referral, case, known[terms], teams[referral.authority_id], own, barred.get(referral.id, NOBODY_BARRED)
        )


def reached(found: CaseOnLadder, climber: Climber, at: datetime) -> tuple[Reached, ...]:
    """The steps that this clock has reached by the instant and not climbed yet, the highest last."""
    if climber.clock is None or found.case.owner is None:
        return ()
    find = escalation.find_in(found.team, found.case.owner, at, climber.holder, found.barred)
    climbed = climbed_rungs(found.case, climber.clock)
    steps = escalation.coming(climber.clock, climbed, found.practice, is_urgent=found.case.urgent)
    return escalation.or_contact(escalation.reach(steps, at, find), found.team, found.barred)


def reached_at_last(found: CaseOnLadder, climber: Climber, at: datetime) -> Reached | None:
    """For a clock whose whole ladder found nobody: somebody who is there now, unless that was recorded already."""
    if climber.clock is None or found.case.owner is None:
        return None
    find = escalation.find_in(found.team, found.case.owner, at, climber.holder, found.barred)
    if any(rung.endswith(escalation.AT_LAST) for rung in climbed_rungs(found.case, climber.clock)):
        return None
    return escalation.at_last(climber.clock, at, found.practice, find)


def would_fire(session: Session, at: datetime) -> Iterator[WouldFire]:
    """Everything that a pass at the instant would reach, a page of clocks at a time, without writing anything."""
    query = _due(at).limit(PAGE)
    rows = session.execute(query).all()
    while rows:
        for found in on_ladder(session, [row.clock_id for row in rows], at, lock=False):
            for climber in found.climbers:
                for step, answer in reached(found, climber, at):
                    clock = climber.clock.key if climber.clock else ""
                    yield WouldFire(found.referral.reference, clock, step.rung, step.due_at, step.role, answer.person)
        last = rows[-1]
        tie = and_(DueMoment.next_at == last.next_at, DueMoment.clock_id > last.clock_id)
        rows = session.execute(query.where(or_(DueMoment.next_at > last.next_at, tie))).all()


def unreached(session: Session, at: datetime, authority_id: int | None = None) -> list[int]:
    """The lapsed clocks of open cases, of one council or of all, whose whole ladder found nobody: the alarm of alarms.

    They are kept apart, so that nothing else is read, however much has lapsed.
    """
    kept = session.scalars(select(LapsedForNobody.clock_id)).all()
    if not kept:
        return []
    waits = exists().where(DueMoment.clock_id == CaseClock.id)
    query = (
        select(CaseClock.id)
        .join(Referral, Referral.id == CaseClock.referral_id)
        .where(among(session, CaseClock.id, kept), Referral.is_open)
        .where(CaseClock.ended_at.is_(None), CaseClock.paused_at.is_(None), CaseClock.due_at <= at)
        .where(~told_of(CaseClock.id), ~waits)
        .order_by(CaseClock.id)
    )
    if authority_id is not None:
        query = query.where(Referral.authority_id == authority_id)
    return list(session.scalars(query))


def roles_looked_for(session: Session, referral_ids: Iterable[int]) -> dict[int, set[str]]:
    """By council, the roles that any ladder looks for under the rules that one of these cases runs under."""
    terms = Referral.procedure, Referral.procedure_version, Referral.rules, Referral.calendar
    query = select(Referral.authority_id, *terms).where(among(session, Referral.id, referral_ids)).distinct()
    found: dict[int, set[str]] = {}
    for authority, procedure, version, rules_version, calendar in session.execute(query):
        rules = practices.of(session, authority, procedure, version, rules_version, calendar).rules
        ladders = [rules.ladder, *map(rules.ladder_of, rules.by_key.values())]
        found.setdefault(authority, set()).update(rung.role for ladder in ladders for rung in ladder)
    return found


def told_of(clock: ColumnElement[Any] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a rung after the lapse of a clock found somebody."""
    found = Escalation.told_id.is_not(None), Escalation.rung.not_like(f"{escalation.WARNING}%")
    return exists().where(Escalation.clock_id == clock, *found)


def _due(at: datetime) -> Select[int, datetime]:
    waits = exists().where(SetAside.clock_id == DueMoment.clock_id, SetAside.next_try_at > at)
    return (
        select(DueMoment.clock_id, DueMoment.next_at)
        .select_from(DueMoment)
        .where(DueMoment.next_at <= at, ~waits)
        .order_by(DueMoment.next_at, DueMoment.clock_id)
    )


def _cases(referral_ids: set[int], *, lock: bool) -> Select[Referral]:
    query = (
        select(Referral)
        .where(Referral.id.in_(sorted(referral_ids)))
        .order_by(Referral.id)
        .options(joinedload(Referral.sealing_key, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    return query.with_for_update(of=Referral, skip_locked=True) if lock else query


def _climber(session: Session, case: Case, row: Any) -> Climber:
    clock = case.running.get(row.key)
    if clock is not None and clock.occurrence != row.occurrence:
        clock = None
    user = _holder(case, row.key)
    if user is None:
        return Climber(row.id, clock, None, None)
    role, disabled_at = session.execute(select(Account.role, Account.disabled_at).where(Account.id == user)).one()
    if role != Role.PARTNER.value:
        return Climber(row.id, clock, user, None)
    return Climber(row.id, clock, None, user if disabled_at is None else None)


def _holder(case: Case, key: str) -> int | None:
    """The account that holds the action of this clock; None for other clocks, and where it is the owner's own."""
    kind, _, number = key.partition(":")
    if kind != ACTION:
        return None
    user = case.actions[int(number)].user
    return None if user == case.owner else user
