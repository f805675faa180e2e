"""What stands in a database: a digest a table, to show that nothing changed, and every value, to look for words."""

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from lado.db import Database
from lado.models import Base
from tests.support.tampering import every_right

MOVES_BY_READING = frozenset({"login_session", "heartbeat", "pace", "read_entry"})
"""A look is written down, that the session is in use and how fast a partner reads; the heartbeat beats by itself."""


def digests(database: Database) -> dict[str, str]:
    """A digest of each table's rows. Those that move by reading are left out."""
    found = {}
    with every_right(database) as connection:
        for table in Base.metadata.sorted_tables:
            if table.name not in MOVES_BY_READING:
                rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
                found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def values(database: Database) -> Iterator[tuple[str, Any]]:
    """Every value of every row, with the table and column that it stands in."""
    with every_right(database) as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for column, value in zip(table.columns, row, strict=True):
                    yield f"{table.name}.{column.name}", value
