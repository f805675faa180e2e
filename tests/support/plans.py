"""How a database goes about a statement, asked when there are cases enough for it to care."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import event, insert, select

from lado.act import Act
from lado.db import Database, make_engine
from lado.models import Referral, Standing
from tests.support.migrating import as_role
from tests.support.postgres import OWNER
from tests.support.tampering import every_right

CASES = 3_000
"""Enough that PostgreSQL, which reads a small table through whatever its indexes, has reason to use one."""


def crowd(database: Database) -> None:
    """Put copies of the one case that is there beside it: received minute by minute before it, due one after it."""
    with every_right(database) as connection:
        referral = connection.execute(select(Referral.__table__)).mappings().one()
        standing = connection.execute(select(Standing.__table__).order_by(Standing.id).limit(1)).mappings().one()
        minutes = [timedelta(minutes=number) for number in range(CASES)]
        copies = [
            dict(referral)
            | {
                "id": referral["id"] + number,
                "reference": f"copy {number}",
                "received_at": referral["received_at"] - minutes[number],
                "recorded_at": referral["recorded_at"] - minutes[number],
                "next_due_at": referral["next_due_at"] + minutes[number],
            }
            for number in range(1, CASES)
        ]
        spans = [
            {name: value for name, value in standing.items() if name != "id"}
            | {
                "referral_id": referral["id"] + number,
                "from_at": standing["from_at"] - minutes[number],
                "node": standing["node"] + number,
            }
            for number in range(1, CASES)
        ]
        connection.execute(insert(Referral), copies)
        connection.execute(insert(Standing), spans)
    if database.engine.dialect.name == "postgresql":
        _count(database)


def _count(database: Database) -> None:
    """Have PostgreSQL count what is there, as it does by itself after a while; SQLite is not asked to."""
    owner = make_engine(as_role(database.engine.url.render_as_string(hide_password=False), OWNER))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE referral")
        connection.exec_driver_sql("ANALYZE standing")
    owner.dispose()


def plans(act: Act, read: Callable[[], object]) -> list[str]:
    """The plan of each statement that the reading makes, as text."""
    made = []
    connection = act.session.connection()
    engine = connection.engine

    def listen(connection, cursor, statement, parameters, *told):
        made.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        read()
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    is_sqlite = engine.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # which of the indexes is asked, not whether one
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    return [
        "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
        for statement, parameters in made
    ]


def reads_through(plan: str, table: str) -> bool:
    """Whether a plan reads a table, or an index of it, from one end to the other."""
    return any(f"{word} {table}" in plan for word in ("SCAN", "Seq Scan on"))
