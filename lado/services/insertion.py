"""Rows that may exist only once: written if new, left alone if somebody was first. The unique index decides."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from lado.models import Base
from lado.services import bulk

INSERTS: Mapping[str, Any] = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}


def insert_new(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], returning: InstrumentedAttribute[Any]
) -> list[Any]:
    """Insert the rows that are not there yet and return one column of those that were inserted."""
    if not rows:
        return []
    return list(session.scalars(_new(_dialect(session), model, returning), [dict(row) for row in rows]))


def insert_many(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], *, unless_there: bool = False
) -> int:
    """Insert many rows of one shape with one statement, and say how many were new."""
    if not rows:
        return 0
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return bulk.insert(session, model, columns, unless_there=unless_there)


def put(session: Session, model: type[Base], key: str, row: Mapping[str, Any]) -> None:
    """Insert the row, or bring the one that stands under the same key up to date."""
    session.execute(_put(_dialect(session), model, key, tuple(row)), dict(row))


# Built once for each table: putting such a statement together takes longer than the database takes to do it.
@lru_cache(maxsize=32)
def _new(dialect: str, model: type[Base], returning: InstrumentedAttribute[Any]) -> Any:
    return INSERTS[dialect](_table(model)).on_conflict_do_nothing().returning(_table(model).c[returning.key])


@lru_cache(maxsize=32)
def _put(dialect: str, model: type[Base], key: str, names: tuple[str, ...]) -> Any:
    statement = INSERTS[dialect](_table(model)).values({name: bindparam(name) for name in names})
    changed = {name: statement.excluded[name] for name in names if name != key}
    return statement.on_conflict_do_update(index_elements=[key], set_=changed)


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
