"""Reading the rota of a council: everything that the resolver needs, in as many statements whatever it holds."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from lado.domain.rota import Away, DutyChange, DutyDay, Pattern, Rota, read_week
from lado.models import Absence, Account, DutyRule, WorkingPattern
from lado.models import DutyChange as Change
from lado.queries import practices
from lado.queries.kept import once
from lado.security.identity import Role

RECENTLY = timedelta(days=1)
"""What ended less than this ago is kept in the rota, so that one answer can be explained a little later."""

LEADERS = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
"""Who has a case that everybody else said they cannot take, the nearest first: those who may work on one."""

AWAY = (
    Absence.account_id,
    Absence.from_at,
    Absence.until_at,
    Absence.cover_id,
    Absence.kind,
    Absence.id,
    Absence.second_id,
)
"""The columns of an absence, in the order in which the rota takes them."""


def rota(session: Session, authority_id: int, at: datetime) -> Rota:
    """What a council's rota says from about this instant on; asked once in a view for reading."""
    return once(session, ("rota", authority_id, at), lambda: _read_rota(session, authority_id, at))


def _read_rota(session: Session, authority_id: int, at: datetime) -> Rota:
    absences = session.execute(
        select(*AWAY)
        .where(Absence.authority_id == authority_id, Absence.until_at > at - RECENTLY, Absence.cancelled_at.is_(None))
        .order_by(Absence.id)
    )
    staff = session.execute(
        select(Account.id, Account.role, Account.deputy_id, Account.disabled_at)
        .where(Account.authority_id == authority_id, Account.role != Role.PARTNER.value)
        .order_by(Account.id)
    ).all()
    arranged = session.execute(ARRANGED, {"authority": authority_id, "since": at - RECENTLY}).all()
    office, calendar = practices.opening(session, authority_id, at)
    return Rota(
        tuple(Away(*row) for row in absences),
        {row.id: row.deputy_id for row in staff if row.deputy_id is not None},
        frozenset(row.id for row in staff if row.disabled_at is not None),
        tuple(_patterns(arranged)),
        tuple(DutyDay(row.rank, row.weekday, row.account_id, row.from_on) for row in arranged if row.part == DAY),
        tuple(_changes(arranged)),
        office,
        calendar,
        leaders=tuple(row.id for role in LEADERS for row in staff if row.role == role.value),
    )


PATTERN, DAY, CHANGED = "pattern", "day", "changed"


def _part(part: str, **columns: InstrumentedAttribute[Any]) -> tuple[ColumnElement[Any], ...]:
    """The columns of one table in the shape that all three share; those it has not are NULL."""
    shape = {
        "id": WorkingPattern.id,
        "account_id": WorkingPattern.account_id,
        "from_on": WorkingPattern.from_on,
        "week": WorkingPattern.week,
        "rank": DutyRule.rank,
        "weekday": DutyRule.weekday,
        "kind": Change.kind,
        "by_id": Change.by_id,
        "from_at": Change.from_at,
        "until_at": Change.until_at,
    }
    found = (columns.get(name, cast(null(), column.type)).label(name) for name, column in shape.items())
    return literal(part).label("part"), *found


ARRANGED = union_all(
    select(
        *_part(
            PATTERN,
            id=WorkingPattern.id,
            account_id=WorkingPattern.account_id,
            from_on=WorkingPattern.from_on,
            week=WorkingPattern.week,
        )
    ).where(WorkingPattern.authority_id == bindparam("authority")),
    select(
        *_part(
            DAY,
            id=DutyRule.id,
            account_id=DutyRule.account_id,
            from_on=DutyRule.from_on,
            rank=DutyRule.rank,
            weekday=DutyRule.weekday,
        )
    ).where(DutyRule.authority_id == bindparam("authority")),
    select(
        *_part(
            CHANGED,
            id=Change.id,
            account_id=Change.account_id,
            rank=Change.rank,
            kind=Change.kind,
            by_id=Change.by_id,
            from_at=Change.from_at,
            until_at=Change.until_at,
        )
    ).where(
        Change.authority_id == bindparam("authority"),
        Change.until_at > bindparam("since"),
        Change.cancelled_at.is_(None),
    ),
).order_by("part", "id")
"""Patterns, duty days and changes of duty with one statement: every page asks for them."""


def _patterns(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[Pattern]:
    for row in rows:
        if row.part == PATTERN:
            yield Pattern(row.account_id, row.from_on, row.week and read_week(row.week))


def _changes(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[DutyChange]:
    for row in rows:
        if row.part == CHANGED:
            yield DutyChange(row.kind, row.rank, row.from_at, row.until_at, row.account_id, row.by_id, row.id)
