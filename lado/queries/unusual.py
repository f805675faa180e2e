"""Reading what is unusual in the log of reads: the looks of a week and what is known around them, and the findings."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union

from lado.act import Act
from lado.domain.unusual import Look, Search, Stood
from lado.models import (
    Account,
    Authority,
    Escalation,
    HandOver,
    LedgerEntry,
    LookedThrough,
    Notice,
    ReadEntry,
    Referral,
    SealingKey,
    SearchLook,
    SearchToken,
    UnusualLook,
)
from lado.queries import cover
from lado.queries.accounts import names_of
from lado.security.identity import Role
from lado.security.predicates import answers_for

MOST = 200
"""Findings on the page, the newest first; those without an answer before the others."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as its page shows it; `account_id` is whose looks they were. The note is opened where one is read."""

    id: int
    authority_id: int
    account_id: int
    name: str
    role: Role
    kind: str
    case: str
    """The reference of the case, where the looks were of one; empty for any other."""
    first_at: datetime
    last_at: datetime
    times: int
    goes_to: Role
    found_at: datetime
    answer: str
    answered_at: datetime | None
    answered_by: str
    note: str


def looks(act: Act, authority_id: int, from_at: datetime, until_at: datetime) -> list[Look]:
    """The looks of the council's own people in a span of time, in order."""
    query = select(ReadEntry.account_id, ReadEntry.at, ReadEntry.referral_id).where(
        _within(ReadEntry, authority_id, from_at, until_at)
    )
    return [Look(*row) for row in act.session.execute(query.order_by(ReadEntry.at, ReadEntry.id))]


def searches(act: Act, authority_id: int, from_at: datetime, until_at: datetime) -> list[Search]:
    """The searches of the council's own people in a span of time, in order."""
    query = select(SearchLook.account_id, SearchLook.at, SearchLook.digest).where(
        _within(SearchLook, authority_id, from_at, until_at)
    )
    return [Search(*row) for row in act.session.execute(query.order_by(SearchLook.at, SearchLook.id))]


def owners(act: Act, cases: Collection[int]) -> dict[int, int | None]:
    """Whose these cases are."""
    rows = act.session.execute(select(Referral.id, Referral.owner_id).where(Referral.id.in_(cases)))
    return {row.id: row.owner_id for row in rows}


def bound(act: Act, cases: Collection[int]) -> set[tuple[int, int]]:
    """Who has something to do with which of these cases: wrote on it, was told of it, or had it handed over."""
    pairs = [
        _pairs(LedgerEntry.actor_id, LedgerEntry.referral_id, cases),
        _pairs(Notice.account_id, Notice.referral_id, cases),
        _pairs(Escalation.told_id, Escalation.referral_id, cases),
        _pairs(HandOver.to_id, HandOver.referral_id, cases),
        _pairs(HandOver.accepted_by_id, HandOver.referral_id, cases),
    ]
    return {(row[0], row[1]) for row in act.session.execute(union(*pairs))}


def stood(act: Act, authority_id: int, from_at: datetime, until_at: datetime) -> list[Stood]:
    """Who was on duty or there for a colleague, as it was written down then."""
    history = cover.covered_between(act.session, authority_id, from_at, until_at)
    return [
        Stood(row.found, row.person, row.from_at, row.until_at)
        for row in history
        if row.found is not None and row.found != row.person
    ]


def tokens(act: Act, cases: Collection[int], wanted: Iterable[bytes]) -> dict[int, set[bytes]]:
    """Which of these words of the blind index occur in which of these cases."""
    query = select(SearchToken.referral_id, SearchToken.token).where(
        SearchToken.token.in_(sorted(wanted)), SearchToken.referral_id.in_(cases)
    )
    found: dict[int, set[bytes]] = {}
    for row in act.session.execute(query):
        found.setdefault(row.referral_id, set()).add(row.token)
    return found


def last_week(act: Act, authority_id: int) -> date | None:
    """The Monday of the last week that was gone through."""
    query = select(func.max(LookedThrough.week_on)).where(LookedThrough.authority_id == authority_id)
    return act.session.scalar(query)


def own_people(act: Act, authority_id: int) -> list[tuple[int, Role]]:
    """The people of the council who can sign in, with their roles."""
    query = select(Account.id, Account.role).where(Account.authority_id == authority_id, Account.disabled_at.is_(None))
    return [(row.id, Role(row.role)) for row in act.session.execute(query.order_by(Account.id))]


def list_of(act: Act) -> list[Found]:
    """The findings that this person answers, those without an answer first, the newest of each before the others."""
    query = _findings(act).order_by(UnusualLook.answered_at.is_not(None), UnusualLook.id.desc()).limit(MOST)
    return _opened(act, act.session.execute(query).all())


def find(act: Act, finding_id: int) -> Found | None:
    """One finding that this person answers."""
    rows = act.session.execute(_findings(act).where(UnusualLook.id == min(finding_id, 2**31 - 1))).all()
    return next(iter(_opened(act, rows)), None)


def place_of(mark: str) -> str:
    """Where the note of a finding is bound to."""
    return f"unusual_look/{mark}"


def _within(model: Any, authority_id: int, from_at: datetime, until_at: datetime) -> ColumnElement[bool]:
    own = select(Account.id).where(Account.authority_id == authority_id, Account.role != Role.PARTNER.value)
    found: ColumnElement[bool] = model.account_id.in_(own) & (model.at >= from_at) & (model.at < until_at)
    return found


def _pairs(person: Any, case: Any, cases: Collection[int]) -> Select[Any]:
    return select(person, case).where(case.in_(cases), person.is_not(None))


def _theirs(act: Act) -> tuple[ColumnElement[bool], ...]:
    return (
        UnusualLook.authority_id == act.who.authority,
        UnusualLook.account_id != act.who.id,
        UnusualLook.goes_to.in_(sorted(role.value for role in answers_for(act.who.role))),
    )


def _findings(act: Act) -> Select[UnusualLook, str, str, bytes]:
    return (
        select(UnusualLook, Account.role, Referral.reference, SealingKey.wrapped)
        .join(Account, Account.id == UnusualLook.account_id)
        .join(Authority, Authority.id == UnusualLook.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .outerjoin(Referral, Referral.id == UnusualLook.referral_id)
        .where(*_theirs(act))
    )


def _opened(act: Act, rows: Iterable[Any]) -> list[Found]:
    kept = list(rows)
    people = {row[0].account_id for row in kept} | {row[0].answered_by_id for row in kept} - {None}
    names = names_of(act, people)
    return [_found(act, row, names) for row in kept]


def _found(act: Act, row: Any, names: Mapping[int, str]) -> Found:
    one: UnusualLook = row[0]
    note = act.vault.open(row.wrapped, place_of(one.mark), one.sealed)["note"] if one.sealed is not None else ""
    return Found(
        one.id,
        one.authority_id,
        one.account_id,
        names[one.account_id],
        Role(row.role),
        one.kind,
        row.reference or "",
        one.first_at,
        one.last_at,
        one.times,
        Role(one.goes_to),
        one.found_at,
        one.answer or "",
        one.answered_at,
        names[one.answered_by_id] if one.answered_by_id is not None else "",
        note,
    )
