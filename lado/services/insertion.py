"""Rows that may exist only once: written if new, left alone if somebody was first. The unique index decides."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from lado.models import Base


def insert_new(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], returning: InstrumentedAttribute[Any]
) -> list[Any]:
    """Insert the rows that are not there yet and return one column of those that were inserted."""
    if not rows:
        return []
    statement = _insert(session)(model).values([dict(row) for row in rows]).on_conflict_do_nothing()
    return list(session.scalars(statement.returning(returning)))


def put(session: Session, model: type[Base], key: str, row: Mapping[str, Any]) -> None:
    """Insert the row, or bring the one that stands under the same key up to date."""
    changed = {name: value for name, value in row.items() if name != key}
    statement = _insert(session)(model).values(dict(row))
    session.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed))


def _insert(session: Session) -> Any:
    return postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
