"""The wall before cases that somebody is kept from: every read of theirs goes through it, whoever wrote the query.

A page, a list, a count, a search: each is read in a session that adds one condition to whatever concerns a case. What
is behind the wall answers as what does not exist. The scheduler and the services that write see every case.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, event, or_, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from lado.act import Act
from lado.models import Barred, Base, Conflict, Referral
from lado.security.identity import Identity

PERSON = "person behind the wall"
"""Under which name a session keeps whose reads these are."""

OF_A_CASE = "referral_id"
"""The name of the column by which a table says which case its rows are about."""

BARRED = Base.metadata.tables[Barred.__tablename__]


class Walled(Session):
    """A session that can stand behind the wall of one person."""


def session_of(who: Identity, *, for_reading: bool, **options: Any) -> Session:
    """A session for this person; for reading, behind their wall. The scheduler's has none: it sees every case."""
    if who.id is None:
        return Session(**options)
    return Walled(info={PERSON: who.id} if for_reading and who.has_conflicts else {}, **options)


@contextmanager
def before(act: Act) -> Iterator[None]:
    """Read behind the wall in the middle of writing: for what leaves the building in somebody's hands."""
    act.session.info[PERSON] = act.who.id
    try:
        yield
    finally:
        del act.session.info[PERSON]


def kept_from(person: Any) -> Select[int]:
    """The ids of the cases that somebody is kept from now."""
    return select(BARRED.c.referral_id).where(BARRED.c.account_id == person, BARRED.c.ended_at.is_(None))


@event.listens_for(Walled, "do_orm_execute")
def _stand_before(state: ORMExecuteState) -> None:
    person = state.session.info.get(PERSON)
    if person is not None and state.is_select:
        state.statement = state.statement.options(*_conditions(person))


@lru_cache(maxsize=1024)
def _conditions(person: int) -> tuple[ExecutableOption, ...]:
    """One condition for every table whose rows are about a case; what a person declared themselves stays theirs."""
    found: list[ExecutableOption] = [_unless(Referral, Referral.id.not_in(kept_from(person)))]
    for mapper in Base.registry.mappers:
        column = mapper.columns.get(OF_A_CASE)
        if column is None or mapper.class_ in (Barred, Conflict):
            continue
        about: Any = getattr(mapper.class_, OF_A_CASE)
        elsewhere = about.not_in(kept_from(person))
        found.append(_unless(mapper.class_, or_(about.is_(None), elsewhere) if column.nullable else elsewhere))
    return tuple(found)


def _unless(model: type[Base], condition: ColumnElement[bool]) -> ExecutableOption:
    return with_loader_criteria(model, condition, include_aliases=True)
