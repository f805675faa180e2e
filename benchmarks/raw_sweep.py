"""The floor of a sweep: one transaction of set-based SQL that writes the same rows on plain indexed tables.

It decides nothing: one column says what is due and another who is told; nothing is linked, checked or looked up. What
stands in our tables stands in the plain ones too, for a row costs more to write into a large index than an empty one.
"""

from datetime import datetime
from time import perf_counter

from sqlalchemy import Connection, Engine, MetaData, bindparam, quoted_name, text
from sqlalchemy.schema import CreateIndex, CreateTable

from benchmarks.crowd import write_through
from lado.models import Base, Escalation, LedgerEntry, Notice
from lado.models.base import Instant

WRITTEN = {model.__tablename__: f"raw_{model.__tablename__}" for model in (Escalation, LedgerEntry, Notice)}

DEADLINES = """CREATE TABLE raw_deadline (
    id INTEGER PRIMARY KEY, referral_id INTEGER NOT NULL, key VARCHAR NOT NULL, occurrence INTEGER NOT NULL,
    owner_id INTEGER NOT NULL, reference VARCHAR NOT NULL, due_at {instant} NOT NULL, next_at {instant} NOT NULL,
    level INTEGER NOT NULL, events INTEGER NOT NULL, is_open BOOLEAN NOT NULL)"""

FILL = """INSERT INTO raw_deadline SELECT case_clock.id, case_clock.referral_id, case_clock.key, occurrence, owner_id,
    reference, due_at, next_at, 1, events, is_open FROM case_clock JOIN referral ON referral.id = case_clock.referral_id
    JOIN due_moment ON due_moment.clock_id = case_clock.id ORDER BY case_clock.id"""

DATA = {
    "opens": '{"clock":"',
    "goes_on": '","due_at":"2026-03-03T16:17:59+00:00","occurrence":1,"rung":"owner","told":1}',
}
STEPS = (
    """INSERT INTO raw_escalation (clock_id, referral_id, rung, occurrence, due_at, recorded_at, told_id, chain)
    SELECT id, referral_id, :rung, occurrence, next_at, :at, owner_id, CAST(owner_id AS VARCHAR) FROM raw_deadline
    WHERE is_open AND next_at <= :at""",
    """INSERT INTO raw_ledger_entry (sequence, referral_id, number, kind, data, actor_id, role, login,
    recorded_at, link) SELECT :after + row_number() OVER (ORDER BY id), referral_id, events + 1, 'Escalated',
    :opens || key || :goes_on, NULL, 'system', '', :at, :link FROM raw_deadline WHERE is_open AND next_at <= :at""",
    """INSERT INTO raw_notice (account_id, referral_id, subject, body, state, tries, created_at, next_try_at, failure,
    message_id, is_unsure)
    SELECT owner_id, referral_id, reference || ': a timescale has lapsed', 'Something on ' || reference ||
    ' was due by Tuesday 3 March at 23:59 and is not recorded yet. You are told as the accountable officer.',
    'waiting', 0, :at, :at, '', 'rung.' || id || '.' || :rung || '.' || owner_id, false FROM raw_deadline
    WHERE is_open AND next_at <= :at""",
    """UPDATE raw_deadline SET level = level + 1, events = events + 1, next_at = :later
    WHERE is_open AND next_at <= :at""",
)


def prepare(engine: Engine) -> None:
    """Make plain tables beside ours, with the columns, indexes and rows of those that are written; then deadlines."""
    is_postgresql = engine.dialect.name == "postgresql"
    with engine.execution_options(write=True).begin() as connection:
        for ours, raw in WRITTEN.items():
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {raw}")
            if is_postgresql:
                connection.exec_driver_sql(f"CREATE TABLE {raw} (LIKE {ours} INCLUDING DEFAULTS INCLUDING INDEXES)")
            else:
                _like(connection, ours, raw)
            columns = ", ".join(column.name for column in Base.metadata.tables[ours].c)
            connection.exec_driver_sql(f"INSERT INTO {raw} ({columns}) SELECT {columns} FROM {ours}")  # noqa: S608
        connection.exec_driver_sql("DROP TABLE IF EXISTS raw_deadline")
        connection.exec_driver_sql(DEADLINES.format(instant="TIMESTAMPTZ" if is_postgresql else "DATETIME"))
        connection.exec_driver_sql(FILL)
        connection.exec_driver_sql("CREATE INDEX raw_due ON raw_deadline (next_at) WHERE is_open")
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("ANALYZE raw_deadline")
    write_through(engine)


def _like(connection: Connection, ours: str, raw: str) -> None:
    table = Base.metadata.tables[ours].to_metadata(MetaData(), name=raw)
    connection.execute(CreateTable(table, include_foreign_key_constraints=[]))
    for index in table.indexes:
        index.name = quoted_name(f"raw_{index.name}", quote=None)
        connection.execute(CreateIndex(index))


def sweep(engine: Engine, at: datetime, later: datetime, rung: str) -> float:
    """Sweep once and return the seconds that it took, saving included."""
    plain = DATA | {"link": bytes(32), "rung": rung, "after": written(engine)}
    instants = [bindparam("at", at, type_=Instant()), bindparam("later", later, type_=Instant())]
    began = perf_counter()
    with engine.execution_options(write=True).begin() as connection:
        for step in STEPS:
            named = [each for each in instants if f":{each.key}" in step]
            given = {name: value for name, value in plain.items() if f":{name}" in step}
            connection.execute(text(step).bindparams(*named), given)
    return perf_counter() - began


def written(engine: Engine) -> int:
    """The number of the last entry that was written."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT max(sequence) FROM raw_ledger_entry").scalar_one())
