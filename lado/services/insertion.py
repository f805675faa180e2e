"""Rows that may exist only once: written if new, left alone if somebody was first. The unique index decides."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Dialect, Table, bindparam
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from lado.models import Base

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
    """Insert many rows of one shape with one statement, and say how many were new.

    It goes to the driver: putting the parameters of each row together would take longer than the database takes.
    """
    if not rows:
        return 0
    bulk = _bulk(session.get_bind().dialect, model, tuple(rows[0]), unless_there)
    columns = [[row[name] for row in rows] for name in rows[0]]
    for index, process in bulk.processes:
        known = {value: process(value) for value in set(columns[index])}
        columns[index] = [known[value] for value in columns[index]]
    return int(session.connection().exec_driver_sql(bulk.statement, list(zip(*columns, strict=True))).rowcount)


def put(session: Session, model: type[Base], key: str, row: Mapping[str, Any]) -> None:
    """Insert the row, or bring the one that stands under the same key up to date."""
    session.execute(_put(_dialect(session), model, key, tuple(row)), dict(row))


# Built once for each table: putting such a statement together takes longer than the database takes to do it.
@lru_cache(maxsize=32)
def _new(dialect: str, model: type[Base], returning: InstrumentedAttribute[Any]) -> Any:
    return INSERTS[dialect](_table(model)).on_conflict_do_nothing().returning(_table(model).c[returning.key])


class Bulk(NamedTuple):
    """The text of a statement with a place for each column, and how the values of some columns are made ready."""

    statement: str
    processes: tuple[tuple[int, Callable[[Any], Any]], ...]


@lru_cache(maxsize=32)
def _bulk(dialect: Dialect, model: type[Base], names: tuple[str, ...], unless_there: bool) -> Bulk:
    place = "?" if dialect.paramstyle == "qmark" else "%s"
    ending = " ON CONFLICT DO NOTHING" if unless_there else ""
    places = ", ".join([place] * len(names))
    processes = [_table(model).c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    return Bulk(
        f"INSERT INTO {_table(model).name} ({', '.join(names)}) VALUES ({places}){ending}",  # noqa: S608 - our own names
        tuple((index, process) for index, process in enumerate(processes) if process is not None),
    )


@lru_cache(maxsize=32)
def _put(dialect: str, model: type[Base], key: str, names: tuple[str, ...]) -> Any:
    statement = INSERTS[dialect](_table(model)).values({name: bindparam(name) for name in names})
    changed = {name: statement.excluded[name] for name in names if name != key}
    return statement.on_conflict_do_update(index_elements=[key], set_=changed)


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
