"""Putting a PostgreSQL database back to how it was settled: much quicker than a new one for each test."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, text

from lado.models import Base

Rows = Mapping[str, list[dict[str, Any]]]


def kept_rows(engine: Engine) -> Rows:
    """Every row of a settled database, by table."""
    with engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def put_back(engine: Engine, rows: Rows) -> None:
    """Empty every table and put the settled rows back; only here are the record's protections set aside."""
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
        for table in Base.metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
                _count_on(connection, table.name, rows[table.name])


LONGEST_WAIT = "10s"
"""A test that left a transaction open is found out, not waited for."""


def _count_on(connection: Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if "id" in rows[0] and connection.scalar(text(f"SELECT pg_get_serial_sequence('{table}', 'id')")):
        last = max(row["id"] for row in rows)
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
