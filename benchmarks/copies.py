"""Many cases from a few: really logged ones copied in bulk, with ids and references of their own.

A real run of 100,000 cases would take hours. The rows are those that the product writes; only ids, references, due
moments, links and search tokens differ. A copy's headline is sealed anew, so that lists can open it; the words of its
ledger are not. Its entries are linked on from the last one, as the product links them.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, select, text

from lado.db import Database
from lado.domain.chain import as_lines, digest_of
from lado.domain.references import new_reference
from lado.models import (
    Base,
    CaseAction,
    CaseClock,
    DueMoment,
    LedgerEntry,
    Referral,
    SealingKey,
    SearchToken,
    Standing,
)
from lado.vault import Vault

APART = timedelta(minutes=7)
"""By how much the due moments of two copies of a case differ, so that the queue has an order."""

BATCH = 1_000
CACHE = 4_000_000
"""Kilobytes: what is filled in is written once, however large it is."""


SAID_OF_CASES: tuple[type[Base], ...] = (CaseClock, CaseAction, DueMoment, SearchToken, Standing)
"""What is copied with each case besides its ledger."""


def multiply(
    database: Database, times: int, copied: Sequence[type[Base]] = SAID_OF_CASES, *, is_linked: bool = True
) -> None:
    """Copy every case so often, in one transaction. The database must hold no case but the originals.

    Entries that are not linked carry the links of those they were made from: many times as fast, and no proof holds.
    """
    with database.engine.execution_options(write=True).begin() as connection:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")
        steps = {table.name: _step(connection, table) for table in _tables() if "id" in table.c}
        _copy(connection, SealingKey.__table__, times, steps)
        _copy_referrals(connection, database.vault, times, steps)
        if is_linked:
            _copy_ledger(connection, database.vault, times, steps[Referral.__tablename__])
        else:
            _copy(connection, Base.metadata.tables[LedgerEntry.__tablename__], times, steps)
        for model in copied:
            _copy(connection, Base.metadata.tables[model.__tablename__], times, steps)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _tables() -> list[Table]:
    return [model.__table__ for model in (SealingKey, Referral, LedgerEntry, CaseClock, CaseAction, Standing)]


def _step(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(table.c.id).order_by(table.c.id.desc()).limit(1)).scalar() or 0)


def _copy(connection: Connection, table: Table, times: int, steps: dict[str, int]) -> None:
    """One statement for all copies of all rows of a table; whatever points at a copied row points at its own copy.

    The copies come one after the other, so that rows are added at the end of the table.
    """
    columns = ", ".join(column.name for column in table.c)
    values = ", ".join(_value(column, table, steps) for column in table.c)
    numbers = "WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < :times)"
    originals = f"(SELECT * FROM {table.name} ORDER BY 1) AS original"  # noqa: S608 - names of our own tables
    connection.execute(
        text(f"{numbers} INSERT INTO {table.name} ({columns}) SELECT {values} FROM copies CROSS JOIN {originals}"),  # noqa: S608
        {"times": times},
    )


def _value(column: Any, table: Table, steps: dict[str, int]) -> str:
    if column.name == "token":
        return "randomblob(16)"  # the same name in a tenth of all cases would be no council's search
    if column.name == "sequence":
        return f"original.sequence + n * {steps[table.name]}"
    if column.name == "id":
        return f"original.id + n * {steps[table.name]}"
    for key in column.foreign_keys:
        if key.column.table.name in steps:
            return f"original.{column.name} + n * {steps[key.column.table.name]}"
    return f"original.{column.name}"


def _copy_referrals(connection: Connection, vault: Vault, times: int, steps: dict[str, int]) -> None:
    query = select(Referral.__table__, SealingKey.wrapped).join(SealingKey, SealingKey.id == Referral.key_id)
    originals = [dict(row._mapping) for row in connection.execute(query)]
    step, key_step = steps[Referral.__tablename__], steps[SealingKey.__tablename__]
    taken = {original["reference"] for original in originals}
    for original in originals:
        original["headline"] = vault.open(
            original["wrapped"], f"referral/{original['reference']}", original.pop("sealed")
        )
    rows: list[dict[str, Any]] = []
    for number in range(1, times + 1):
        for original in originals:
            reference = _unused(original["reference"].split("-")[0], taken)
            row = {name: value for name, value in original.items() if name not in ("wrapped", "headline")}
            row |= {"id": original["id"] + number * step, "key_id": original["key_id"] + number * key_step}
            row |= {"reference": reference}
            row["sealed"] = vault.seal(original["wrapped"], f"referral/{reference}", original["headline"])
            if row["next_due_at"] is not None:
                row["next_due_at"] += APART * (number % 5_000)
            rows.append(row)
        if len(rows) >= BATCH:
            connection.execute(insert(Referral), rows)
            rows.clear()
    if rows:
        connection.execute(insert(Referral), rows)


SAID = ("referral_id", "number", "kind", "data", "sealed", "actor_id", "role", "login", "recorded_at")
"""What an entry says, in the order in which it is linked."""


def _copy_ledger(connection: Connection, vault: Vault, times: int, step: int) -> None:
    columns = ("sequence", *SAID, "link")
    add = f"INSERT INTO ledger_entry ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    originals = connection.exec_driver_sql(f"SELECT {', '.join(SAID)} FROM ledger_entry ORDER BY sequence").all()  # noqa: S608
    entries, link = connection.exec_driver_sql("SELECT entries, link FROM ledger_head").one()
    rows = _linked_copies([tuple(row) for row in originals], vault, times, step, link)
    driver: Any = connection.connection.driver_connection
    driver.executemany(add, rows)
    connection.exec_driver_sql(
        "UPDATE ledger_head SET entries = ?, link = (SELECT link FROM ledger_entry ORDER BY sequence DESC LIMIT 1)",
        (entries * (times + 1),),
    )


def _linked_copies(
    originals: list[tuple[Any, ...]], vault: Vault, times: int, step: int, link: bytes
) -> Iterator[tuple[Any, ...]]:
    """The rows of all copies, each linked to the one before."""
    said = [(*row[:4], digest_of(row[4]), *row[5:8], f"{row[8].replace(' ', 'T')}Z") for row in originals]
    sequence = len(originals)
    for copy in range(1, times + 1):
        for row, (case, *rest) in zip(originals, said, strict=True):
            sequence, referral = sequence + 1, case + copy * step
            link = vault.link(link, as_lines(sequence, referral, *rest))
            yield (sequence, referral, *row[1:], link)


def _unused(prefix: str, taken: set[str]) -> str:
    while (reference := new_reference(prefix, secrets.randbelow)) in taken:
        pass
    taken.add(reference)
    return reference
