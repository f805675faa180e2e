"""A great many open clocks from one case really lived: its rows copied in the database, with ids of their own.

The copies share the key of the case they were made from and carry its links; whatever a tick reads and writes is each
one's own. What is due lies spread evenly over the table, the worst case for a store of rows.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, func, select, text, update

from lado.models import Base, CaseClock, DueMoment, LedgerEntry, Referral
from lado.models.base import Instant

NUMBERS = "WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < :times)"
COPIED = tuple(Base.metadata.tables[model.__tablename__] for model in (Referral, LedgerEntry, CaseClock))
MOMENTS = Base.metadata.tables[DueMoment.__tablename__]
LATER = timedelta(days=400)
"""How far away the next step of a clock is that is not due."""


def crowd(engine: Engine, original: int, clocks: int, due_in_thousand: int) -> int:
    """Copy the case until there are so many open clocks, so many in a thousand due; how many are due, with the first.

    Of each copy that is due the clock that is due first is. The engine has to be the tables' owner's: numbers go on
    after the copies.
    """
    with engine.execution_options(write=True).begin() as connection:
        moments = list(connection.execute(select(MOMENTS).order_by(DueMoment.next_at)))
        times, every = clocks // len(moments) - 1, 1000 // (due_in_thousand * len(moments))
        steps = {table.name: connection.execute(select(func.max(table.c.id))).scalar_one() for table in COPIED}
        for table in COPIED:
            _copy(connection, table, original, times, every)
        for moment in moments:
            _move_copies(
                connection, moment, steps[CaseClock.__tablename__], times, every, is_first=moment is moments[0]
            )
        connection.execute(text("UPDATE ledger_head SET entries = (SELECT max(sequence) FROM ledger_entry)"))
        if engine.dialect.name == "postgresql":
            for table in COPIED:
                _number_on(connection, table)
        connection.exec_driver_sql("ANALYZE")
    write_through(engine)
    return times // every + 1


def write_through(engine: Engine) -> None:
    """Let SQLite write what was filled in to its place, or else whoever saves next would have to do it."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _copy(connection: Connection, table: Table, original: int, times: int, every: int) -> None:
    """All copies of the rows of a case in one table; of those that are not due every date of a clock lies later."""
    case = "id" if table.name == Referral.__tablename__ else "referral_id"
    steps = {
        column.name: connection.execute(select(func.max(column))).scalar_one()
        for column in table.c
        if column.name in ("id", "sequence", "referral_id")
    }
    rows = connection.execute(select(table).where(table.c[case] == original).order_by(table.c.id)).all()
    for row in rows:
        values: list[str] = []
        given: dict[str, Any] = {}
        for column in table.c:
            later = _later(row, column.name)
            if column.name == "reference":
                values.append("'NB-' || n")
            elif column.name in steps:
                values.append(f"{row._mapping[column.name]} + n * {steps[column.name]}")
            elif later is not None:
                values.append(f"CASE WHEN n % {every} = 0 THEN :{column.name} ELSE :later END")
                given |= {column.name: row._mapping[column.name], "later": later}
            else:
                values.append(f":{column.name}")
                given[column.name] = row._mapping[column.name]
        _insert(connection, table, values, given, times)


def _later(row: Any, name: str) -> datetime | None:
    return row._mapping[name] + LATER if name in ("next_due_at", "due_at") and row._mapping[name] is not None else None


def _move_copies(connection: Connection, moment: Any, step: int, times: int, every: int, *, is_first: bool) -> None:
    """The due moments of one clock of all copies: those that are due keep theirs, the others come later."""
    at = f"CASE WHEN n % {every} = 0 THEN :at ELSE :later END" if is_first else ":later"
    given = {"later": moment.next_at + LATER, "steps": moment.steps} | ({"at": moment.next_at} if is_first else {})
    if not is_first:  # the other clocks of the case that is copied come later too
        moved = update(DueMoment).where(DueMoment.clock_id == moment.clock_id)
        connection.execute(moved.values(next_at=moment.next_at + LATER))
    _insert(connection, MOMENTS, [at, f"{moment.clock_id} + n * {step}", ":steps"], given, times)


def _insert(connection: Connection, table: Table, values: list[str], given: dict[str, Any], times: int) -> None:
    instant, columns = Instant(), ", ".join(column.name for column in table.c)
    binds = [
        bindparam(name, value, type_=instant if isinstance(value, datetime) else table.c[name].type)
        for name, value in given.items()
    ]
    statement = text(f"{NUMBERS} INSERT INTO {table.name} ({columns}) SELECT {', '.join(values)} FROM copies")  # noqa: S608 - our own names
    connection.execute(statement.bindparams(*binds), {"times": times})


def _number_on(connection: Connection, table: Table) -> None:
    connection.execute(
        text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")  # noqa: S608
    )
