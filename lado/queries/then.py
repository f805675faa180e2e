"""Reading a case and the queue as they were known at a past instant, and what we know of that instant now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED, Away, Rota, on_cover
from lado.domain.rota import Answer
from lado.models import Absence, Account, Referral
from lado.queries import accounts, case_file, cover, practices, standings
from lado.queries.case_file import CaseFile, moves_of
from lado.queries.ledger import Entry
from lado.queries.queue import After
from lado.queries.referrals import Listed
from lado.queries.standings import EVERYTHING, Late, Only, Page, Tally
from lado.security.identity import Role
from workflows.asof import Held, Recorded, held, known
from workflows.calendar import Calendar
from workflows.case import Case
from workflows.engine import replay
from workflows.practice import Practice

AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class CaseThen:
    """A case at an instant: as it was known then (None: nothing was recorded yet), as it is now, and what held then.

    `recorded` are the instants at which something was recorded, in order.
    """

    at: datetime
    file: CaseFile | None
    now: CaseFile
    held: Held
    recorded: tuple[datetime, ...]

    @property
    def earlier(self) -> datetime | None:
        """The last recording before the instant."""
        return max((at for at in self.recorded if at < self.at), default=None)

    @property
    def later(self) -> datetime | None:
        """The next recording after the instant."""
        return min((at for at in self.recorded if at > self.at), default=None)


@dataclass(frozen=True)
class RowThen:
    """A case of the queue: how it stood, the case that was known, and what held as we know now."""

    stood: Listed
    case: Case
    held: Held


@dataclass(frozen=True)
class QueueThen:
    """The queue at an instant, a page of it, with counts over all of it."""

    at: datetime
    only: Only
    rows: tuple[RowThen, ...]
    following: After | None
    tallies: list[Tally]
    late: list[Late]
    calendar: Calendar
    rota: Rota
    names: Mapping[int, str]


def case(act: Act, referral: Referral, at: datetime) -> CaseThen:
    """Read a case at an instant."""
    now = case_file.read(act, referral)
    entries = [entry for made in now.made for entry in made.entries]
    record = [Recorded(entry.number, entry.event, entry.recorded_at) for entry in entries]
    return CaseThen(
        at,
        _file(act, now, entries[: len(known(record, at))], at),
        now,
        held(record, at, lambda: now.practice),
        tuple(sorted({entry.recorded_at for entry in entries})),
    )


def queue(act: Act, at: datetime, only: Only = EVERYTHING, after: After | None = None) -> QueueThen:
    """Read a page of the queue at an instant, in as many statements for few cases as for many."""
    authority_id = act.who.authority
    if authority_id is None:
        raise LookupError("a queue is that of one authority")
    page = standings.page(act, at, only, after)
    tallies = standings.tallies(act, at)
    rota = rota_at(act.session, authority_id, at)
    owners = {tally.owner_id for tally in tallies if tally.owner_id is not None}
    people = {person for owner in owners for person in on_cover(owner, at, rota).chain}
    return QueueThen(
        at,
        only,
        _rows(act, page, at),
        page.following,
        tallies,
        standings.late(act, at),
        practices.in_force(act.session, authority_id, act.at).calendar,
        rota,
        accounts.names_of(act, people | owners),
    )


def rota_at(session: Session, authority_id: int, at: datetime) -> Rota:
    """Who was away, as far as it was recorded by then and is still kept.

    Who was really there comes from what was written down then. Where nothing was, before the scheduler first looked, it
    is worked out: with the later dates of an absence that was changed since, and the standing deputies of today.
    """
    absences = session.execute(
        select(Absence.account_id, Absence.from_at, Absence.until_at, Absence.cover_id, Absence.kind, Absence.id)
        .where(
            Absence.authority_id == authority_id,
            Absence.until_at > at,
            Absence.from_at <= at,
            Absence.recorded_at <= at,
            or_(Absence.cancelled_at.is_(None), Absence.cancelled_at > at),
        )
        .order_by(Absence.id)
    )
    staff = session.execute(
        select(Account.id, Account.deputy_id, Account.disabled_at).where(
            Account.authority_id == authority_id, Account.role != Role.PARTNER.value
        )
    ).all()
    return Rota(
        tuple(Away(*row) for row in absences),
        {row.id: row.deputy_id for row in staff if row.deputy_id is not None},
        frozenset(row.id for row in staff if row.disabled_at is not None and row.disabled_at <= at),
        written={
            row.person: Answer(row.chain, row.found, row.passed)
            for row in cover.covered_between(session, authority_id, at, at + AN_INSTANT)
            if row.person is not None
        },
    )


def _file(act: Act, now: CaseFile, entries: Sequence[Entry], at: datetime) -> CaseFile | None:
    """The case file that these entries alone would have made."""
    if not entries:
        return None
    case = replay(entry.event for entry in entries)
    rota = rota_at(act.session, now.authority_id, at)
    chain = set(on_cover(case.owner, at, rota).chain) if case.owner is not None else set()
    return replace(
        now,
        events=len(entries),
        case=case,
        practice=practices.of(act.session, now.authority_id, case.procedure, case.version, case.rules, case.calendar),
        made=tuple(moves_of(entries)),
        raised=tuple(
            raised._replace(acknowledged_at=_by(raised.acknowledged_at, at))
            for raised in now.raised
            if (raised.clock, raised.occurrence, raised.rung) in case.escalated
        ),
        rota=rota,
        barred=NOBODY_BARRED,
        names={**accounts.names_of(act, chain - now.names.keys()), **now.names},
    )


def _by(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment is not None and moment <= at else None


def _rows(act: Act, page: Page, at: datetime) -> tuple[RowThen, ...]:
    records = standings.records(act.session, [row.id for row in page.rows])
    return tuple(_row(act, row, records[row.id], at) for row in page.rows)


def _row(act: Act, row: Listed, record: Sequence[Recorded], at: datetime) -> RowThen:
    case = replay(entry.event for entry in known(record, at))
    return RowThen(row, case, held(record, at, partial(_practice, act, record)))


def _practice(act: Act, record: Sequence[Recorded]) -> Practice:
    """The practice that the case runs under now."""
    case = replay(entry.event for entry in record)
    return practices.of(act.session, act.who.authority or 0, case.procedure, case.version, case.rules, case.calendar)
