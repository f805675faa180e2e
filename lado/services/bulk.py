"""Many rows with one statement: given column by column, and sent in the way that each database takes them fastest.

They go to the driver: putting the parameters of each row together would take longer than the database takes. PostgreSQL
gets an array for each column; SQLite, which runs in this process, gets row after row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lado.models import Base

Columns = Mapping[str, Sequence[Any]]
"""The values of each column, row by row: as many for one column as for another."""

Names = tuple[str, ...]
Model = type[Base]


class Text(NamedTuple):
    """A statement with a place for each column, and how the values of each are made ready for the driver."""

    statement: str
    makes_ready: tuple[Callable[[Any], Any] | None, ...]


def insert(
    session: Session,
    model: Model,
    columns: Columns,
    same: Mapping[str, Any] | None = None,
    *,
    unless_there: bool = False,
) -> int:
    """Insert rows; `same` are the columns whose value is the same in all of them. Says how many were new."""
    same = same or {}
    text = _insert(session.get_bind().dialect, model, tuple(same), tuple(columns), unless_there)
    return _send(session, text, list(columns.values()), list(same.values()))


def change(session: Session, model: Model, place: Columns, to: Columns) -> int:
    """Change the rows that stand at these places, which are the values of a key. Says how many there were."""
    text = _change(session.get_bind().dialect, model, tuple(to), tuple(place))
    return _send(session, text, [*to.values(), *place.values()])


def drop(session: Session, model: Model, place: Columns) -> int:
    """Delete the rows that stand at these places, which are the values of a key. Says how many there were."""
    return _send(session, _drop(session.get_bind().dialect, model, tuple(place)), list(place.values()))


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Send what is written inside one after the other without waiting: PostgreSQL works on it while we go on.

    How many rows there were is not known inside. All of it is done at the end, or else the error is raised there.
    """
    connection = session.connection()
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        yield
        return
    try:
        with driver.pipeline():
            yield
    except psycopg.Error as problem:
        raise DBAPIError.instance(None, None, problem, psycopg.Error, dialect=connection.dialect) from problem


def _send(session: Session, text: Text, columns: Sequence[Sequence[Any]], same: Sequence[Any] = ()) -> int:
    if not columns[0]:
        return 0
    each = [*([value] for value in same), *columns]
    ready = [_ready(values, make) for values, make in zip(each, text.makes_ready, strict=True)]
    alone, lists = [value for (value,) in ready[: len(same)]], ready[len(same) :]
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return int(connection.exec_driver_sql(text.statement, (*alone, *map(_array, lists))).rowcount)
    rows = list(zip(*map(repeat, alone), *lists, strict=False))  # what is the same has no end of its own
    return int(connection.exec_driver_sql(text.statement, rows).rowcount)


def _ready(values: Sequence[Any], make: Callable[[Any], Any] | None) -> list[Any]:
    """The values as the driver takes them; most of those that have to be made ready occur many times."""
    if make is None:
        return list(values)
    known = {value: make(value) for value in set(values)}
    return [known[value] for value in values]


def _array(values: Sequence[Any]) -> str:
    """An array as PostgreSQL reads it; the driver would take several times as long to write it."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {str}:
        text = "\0".join(values)  # quoted all at once; a text that holds a NUL itself is left to PostgreSQL to refuse
        if text.count("\0") == len(values) - 1:
            return '{"' + _quoted(text).replace("\0", '","') + '"}'
    known = {value: _element(value) for value in set(values)}
    return "{" + ",".join(map(known.__getitem__, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    return f'"\\\\x{value.hex()}"' if isinstance(value, bytes) else f'"{_quoted(str(value))}"'


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


# Built once for each table: putting such a statement together takes longer than the database takes to do it.
@lru_cache(maxsize=64)
def _insert(dialect: Dialect, model: Model, same: Names, names: Names, unless_there: bool) -> Text:
    columns = ", ".join((*same, *names))
    if dialect.name == "postgresql":
        alone = (f"CAST(%s AS {_type(dialect, model, name)})" for name in same)
        values = ", ".join((*alone, *(f"given.{name}" for name in names)))
        rows = f"SELECT {values} FROM {_given(dialect, model, names)}"  # noqa: S608 - our own names
    else:
        rows = f"VALUES ({', '.join('?' * (len(same) + len(names)))})"
    ending = " ON CONFLICT DO NOTHING" if unless_there else ""
    return Text(f"INSERT INTO {model.__tablename__} ({columns}) {rows}{ending}", _make(dialect, model, same + names))


@lru_cache(maxsize=64)
def _change(dialect: Dialect, model: Model, to: Names, place: Names) -> Text:
    table = model.__tablename__
    if dialect.name == "postgresql":
        # The same column can be both a part of the key and changed, so what it becomes has a name of its own.
        values = ", ".join(f"{name} = given.new_{name}" for name in to)
        source = f" FROM {_given(dialect, model, place, new=to)}"
    else:
        values, source = ", ".join(f"{name} = ?" for name in to), ""
    statement = f"UPDATE {table} SET {values}{source} WHERE {_stands_at(dialect, table, place)}"  # noqa: S608 - our own names
    return Text(statement, _make(dialect, model, to + place))


@lru_cache(maxsize=64)
def _drop(dialect: Dialect, model: Model, place: Names) -> Text:
    table = model.__tablename__
    source = f" USING {_given(dialect, model, place)}" if dialect.name == "postgresql" else ""
    statement = f"DELETE FROM {table}{source} WHERE {_stands_at(dialect, table, place)}"  # noqa: S608 - our own names
    return Text(statement, _make(dialect, model, place))


def _given(dialect: Dialect, model: Model, names: Names, new: Names = ()) -> str:
    """A table of the values that are given, for PostgreSQL: an array for each column."""
    arrays = ", ".join(f"%s::{_type(dialect, model, name)}[]" for name in (*new, *names))
    return f"unnest({arrays}) AS given ({', '.join((*(f'new_{name}' for name in new), *names))})"


def _stands_at(dialect: Dialect, table: str, place: Names) -> str:
    given = "given.{}" if dialect.name == "postgresql" else "?"
    return " AND ".join(f"{table}.{name} = {given.format(name)}" for name in place)


def _type(dialect: Dialect, model: Model, name: str) -> str:
    return Base.metadata.tables[model.__tablename__].c[name].type.compile(dialect)


def _make(dialect: Dialect, model: Model, names: Names) -> tuple[Callable[[Any], Any] | None, ...]:
    """How values are made ready, column by column; bytes are as they are."""
    types = [Base.metadata.tables[model.__tablename__].c[name].type for name in names]
    return tuple(
        None if isinstance(each, LargeBinary) else each.dialect_impl(dialect).bind_processor(dialect) for each in types
    )
