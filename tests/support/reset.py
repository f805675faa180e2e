"""Putting a PostgreSQL database back to how it was settled: much quicker than a new one for each test."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text

from lado.models import Base

Rows = Mapping[str, list[dict[str, Any]]]


def kept_rows(connection: Connection) -> Rows:
    """Every row of a settled database, by table; asked of a connection that may have every row."""
    return {
        table.name: [dict(row._mapping) for row in connection.execute(select(table))]
        for table in Base.metadata.sorted_tables
    }


def put_back(engine: Engine, rows: Rows) -> None:
    """Empty every table and put the settled rows back; only here are the record's protections set aside.

    Rows are deleted, not tables truncated: a truncated table is a new file with new files for its indexes, and thirty
    of those took ten times as long as the few rows that a test makes.
    """
    tables = Base.metadata.sorted_tables
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql("; ".join(f"DELETE FROM {table.name}" for table in tables))
        for table in tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
        _count_on(
            connection, {table.name: rows[table.name] for table in tables if table.autoincrement_column is not None}
        )


LONGEST_WAIT = "10s"
"""A test that left a transaction open is found out, not waited for."""


def _count_on(connection: Connection, rows: Rows) -> None:
    """Have each table go on with the number after its last row's."""
    numbers = {table: max((row["id"] for row in kept), default=0) + 1 for table, kept in rows.items()}
    told = ", ".join(
        f"setval(pg_get_serial_sequence('{table}', 'id'), {number}, false)" for table, number in numbers.items()
    )
    connection.execute(text(f"SELECT {told}"))
