"""Reading changes that are brought to running cases: what is left, what came of it, and what a person has to review."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED
from lado.models import Authority, Change, ChangedCase, LedgerEntry, Referral
from lado.queries.conflicts import barred_from
from workflows.case import Case
from workflows.engine import replay
from workflows.events import from_plain, read_data

BATCH = 100
SHOWN = 50
CHANGED, KEPT, FAILED = "changed", "kept", "failed"
LARGEST_ID = 2**31 - 1
"""What either database can look for in a column of ids; an address may name any number."""
RETRY_AFTER = timedelta(minutes=5)
"""How long after a case failed it is tried again."""


class OpenCase(NamedTuple):
    """An open case as a rehearsal looks at it. `barred` may not have it."""

    id: int
    reference: str
    case: Case
    barred: frozenset[int]


class Progress(NamedTuple):
    """How far a change has come: cases that changed, were kept as they were, failed, and wait for their turn."""

    changed: int
    kept: int
    failed: int
    left: int

    @property
    def total(self) -> int:
        """How many cases it is about."""
        return self.changed + self.kept + self.failed + self.left


class ListedChange(NamedTuple):
    """A change with how far it has come."""

    id: int
    kind: str
    before: str
    after: str
    asked_by_id: int | None
    asked_at: datetime
    done_at: datetime | None
    reverts_id: int | None
    progress: Progress


class CaseResult(NamedTuple):
    """What a change did to one case: `result` is changed, kept or failed, `said` why in plain codes."""

    referral_id: int
    reference: str
    result: str
    said: str
    done_at: datetime


def open_cases(session: Session, authority_id: int) -> Iterator[OpenCase]:
    """Every open case of an authority, replayed, in order of its id: three queries for each batch of them."""
    query = select(Referral.id, Referral.reference).where(Referral.authority_id == authority_id, Referral.is_open)
    last = 0
    while rows := session.execute(query.where(Referral.id > last).order_by(Referral.id).limit(BATCH)).all():
        last = rows[-1].id
        cases = _replayed(session, [row.id for row in rows])
        barred = barred_from(session, cases)
        yield from (OpenCase(row.id, row.reference, cases[row.id], barred.get(row.id, NOBODY_BARRED)) for row in rows)


def _replayed(session: Session, ids: Sequence[int]) -> dict[int, Case]:
    query = (
        select(LedgerEntry.referral_id, LedgerEntry.kind, LedgerEntry.data)
        .where(LedgerEntry.referral_id.in_(ids))
        .order_by(LedgerEntry.referral_id, LedgerEntry.number)
    )
    events: dict[int, list[Any]] = {}
    for row in session.execute(query):
        events.setdefault(row.referral_id, []).append(from_plain(row.kind, read_data(row.data)))
    return {referral: replay(found) for referral, found in events.items()}


def authority_called(session: Session, key: str) -> int | None:
    """The council of this short name, or None."""
    return session.scalar(select(Authority.id).where(Authority.key == key))


def not_done(session: Session) -> list[int]:
    """The changes that the scheduler has to go on with, the oldest first."""
    return list(session.scalars(select(Change.id).where(Change.done_at.is_(None)).order_by(Change.id)))


def waiting(session: Session, change: Change, at: datetime, after: int = 0, limit: int = BATCH) -> list[int]:
    """The cases whose turn it is: not looked at yet, or failed a while ago. In order, those after a referral's id."""
    looked_at = exists().where(
        ChangedCase.change_id == change.id,
        ChangedCase.referral_id == Referral.id,
        or_(ChangedCase.result != FAILED, ChangedCase.done_at > at - RETRY_AFTER),
    )
    query = select(Referral.id).where(*_concerned(change.authority_id, change.kind), ~looked_at, Referral.id > after)
    return list(session.scalars(query.order_by(Referral.id).limit(limit)))


def is_done(session: Session, change: Change) -> bool:
    """Whether every case that the change is about was changed or kept."""
    settled = exists().where(
        ChangedCase.change_id == change.id, ChangedCase.referral_id == Referral.id, ChangedCase.result != FAILED
    )
    query = select(Referral.id).where(*_concerned(change.authority_id, change.kind), ~settled)
    return session.scalar(query.limit(1)) is None


def here(act: Act, change_id: int) -> Change | None:
    """The change in one's own authority, or None."""
    change = found(act.session, change_id) if change_id <= LARGEST_ID else None
    return change if change is not None and change.authority_id == act.who.authority else None


def found(session: Session, change_id: int) -> Change | None:
    """The change, or None."""
    return session.get(Change, change_id)


def progress(session: Session, change_id: int) -> Progress:
    """How far a change has come. Nothing is left of one that is done, or that a later one took the place of."""
    change = session.get_one(Change, change_id)
    return _progress(session, [change])[change_id]


def listing(session: Session, authority_id: int, kind: str, limit: int = SHOWN) -> list[ListedChange]:
    """The changes of one kind in an authority with their progress, the newest first."""
    query = select(Change).where(Change.authority_id == authority_id, Change.kind == kind)
    return _listed(session, session.scalars(query.order_by(Change.id.desc()).limit(limit)).all())


def listed(session: Session, change: Change) -> ListedChange:
    """One change with its progress."""
    return _listed(session, [change])[0]


def last_between(session: Session, authority_id: int, before: str, after: str) -> int | None:
    """The last change of an authority that led from one version to the other: what a change back takes back."""
    query = select(Change.id).where(Change.authority_id == authority_id, Change.before == before, Change.after == after)
    return session.scalar(query.order_by(Change.id.desc()).limit(1))


def open_by_version(session: Session, authority_id: int) -> dict[tuple[str, int], int]:
    """How many open cases of an authority run under each version of a procedure."""
    query = (
        select(Referral.procedure, Referral.procedure_version, func.count())
        .where(Referral.authority_id == authority_id, Referral.is_open)
        .group_by(Referral.procedure, Referral.procedure_version)
    )
    return {(procedure, version): count for procedure, version, count in session.execute(query)}


def _listed(session: Session, found: Sequence[Change]) -> list[ListedChange]:
    far = _progress(session, found)
    return [
        ListedChange(
            change.id,
            change.kind,
            change.before,
            change.after,
            change.asked_by_id,
            change.asked_at,
            change.done_at,
            change.reverts_id,
            far[change.id],
        )
        for change in found
    ]


def results(
    session: Session, change_id: int, only: Sequence[str] = (), after: int = 0, limit: int = SHOWN
) -> list[CaseResult]:
    """What a change did, case by case in order; `only` some results, those after a referral's id."""
    query = (
        select(ChangedCase.referral_id, Referral.reference, ChangedCase.result, ChangedCase.said, ChangedCase.done_at)
        .join(Referral, Referral.id == ChangedCase.referral_id)
        .where(ChangedCase.change_id == change_id, ChangedCase.referral_id > after)
    )
    if only:
        query = query.where(ChangedCase.result.in_(only))
    return [CaseResult(*row) for row in session.execute(query.order_by(ChangedCase.referral_id).limit(limit))]


def _concerned(authority_id: int, kind: str) -> tuple[ColumnElement[bool], ...]:
    """Which cases a change is about: open ones; of a calendar all, for a closed case may be re-opened or reviewed."""
    here: ColumnElement[bool] = Referral.authority_id == authority_id
    is_open: ColumnElement[bool] = Referral.is_open.is_(True)
    return (here,) if kind == "calendar" else (here, is_open)


def _progress(session: Session, changes: Sequence[Change]) -> dict[int, Progress]:
    counted = (
        select(ChangedCase.change_id, ChangedCase.result, func.count())
        .where(ChangedCase.change_id.in_([change.id for change in changes]))
        .group_by(ChangedCase.change_id, ChangedCase.result)
    )
    counts: dict[int, dict[str, int]] = {change.id: {} for change in changes}
    for change_id, result, count in session.execute(counted):
        counts[change_id][result] = count
    left = _left(session, [change for change in changes if change.done_at is None])
    return {
        change_id: Progress(done.get(CHANGED, 0), done.get(KEPT, 0), done.get(FAILED, 0), left.get(change_id, 0))
        for change_id, done in counts.items()
    }


def _left(session: Session, changes: Sequence[Change]) -> dict[int, int]:
    """How many cases of each open change have no row yet: one query for all of them."""
    if not changes:
        return {}
    has_row = exists().where(ChangedCase.change_id == Change.id, ChangedCase.referral_id == Referral.id)
    is_concerned = and_(Referral.authority_id == Change.authority_id, or_(Change.kind == "calendar", Referral.is_open))
    query = (
        select(Change.id, func.count())
        .join(Referral, is_concerned)
        .where(Change.id.in_([change.id for change in changes]), ~has_row)
        .group_by(Change.id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
