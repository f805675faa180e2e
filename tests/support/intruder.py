"""Attempts on the record in raw SQL: what somebody would try who has the application's way into the database.

Each attempt is one or more statements that are run in order, of which at least one has to be refused.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import DateTime, Engine, Integer, LargeBinary, MetaData, Table, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

Rows = Mapping[str, list[tuple[object, ...]]]

WRITTEN_ONCE = ("ledger_entry", "checkpoint", "read_entry", "certificate")
PROTECTED = (*WRITTEN_ONCE, "ledger_head", "referral")
KEPT_OF_REFERRAL = ("id", "reference", "authority_id", "received_at", "recorded_at")
LONG_AGO = "'2001-01-01 00:00:00.000000'"


def intruder(url: str) -> Engine:
    """A way in that sets nothing the application sets: on SQLite no foreign keys and no recursive triggers.

    On PostgreSQL it has found out how a transaction comes by every row.
    """
    told = {"options": "-c lado.everything=on"} if url.startswith("postgresql") else {}
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=told)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    return engine


def try_it(engine: Engine, attempt: str) -> str | None:
    """Run the statements of an attempt; the words of the refusal, or None when all of them were accepted."""
    with engine.connect() as connection:
        try:
            for statement in attempt.split(";;"):
                connection.exec_driver_sql(statement)
        except DBAPIError as refusal:
            return str(refusal.orig)
    return None


def kept(engine: Engine) -> Rows:
    """Every protected row, as the database says it now."""
    with engine.connect() as connection:
        return {
            table: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")]
            for table in PROTECTED
        }


def columns(metadata: MetaData) -> Iterator[str]:
    """An overwriting of each protected column, one by one."""
    for name in WRITTEN_ONCE:
        table = metadata.tables[name]
        yield from (f'UPDATE {name} SET "{column}" = {_other(table, column)}' for column in table.c.keys())  # noqa: SIM118
    table = metadata.tables["referral"]
    yield from (f"UPDATE referral SET {column} = {_other(table, column)} WHERE id = 1" for column in KEPT_OF_REFERRAL)


def _other(table: Table, column: str) -> str:
    """Another value than the one that is there, in SQL that both databases know."""
    kind = table.c[column].type
    if isinstance(kind, Integer):
        return f'COALESCE("{column}", 0) + 1000'
    if isinstance(kind, LargeBinary):
        return "(SELECT wrapped FROM sealing_key LIMIT 1)"
    return LONG_AGO if isinstance(getattr(kind, "impl", kind), DateTime) else f"\"{column}\" || 'x'"


EVERYWHERE = (
    *(f"DELETE FROM {table}" for table in PROTECTED),
    *(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})" for table in PROTECTED),
    f"UPDATE referral SET state = 'closed', received_at = {LONG_AGO}",
    f"UPDATE referral SET (received_at, recorded_at) = ({LONG_AGO}, {LONG_AGO})",
    f"WITH one AS (SELECT min(id) AS id FROM referral) UPDATE referral SET recorded_at = {LONG_AGO} WHERE id IN (SELECT id FROM one)",  # noqa: E501
    "UPDATE referral SET received_at = account.created_at FROM account WHERE account.id = referral.owner_id",
    f'UPDATE "referral" SET "received_at" = {LONG_AGO}',
    f"INSERT INTO referral SELECT * FROM referral WHERE true ON CONFLICT (id) DO UPDATE SET received_at = {LONG_AGO}",
    f"INSERT INTO referral SELECT * FROM referral WHERE true ON CONFLICT (reference) DO UPDATE SET recorded_at = {LONG_AGO}",  # noqa: E501
    "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE true ON CONFLICT (id) DO UPDATE SET data = '{}'",
    "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE true ON CONFLICT (sequence) DO UPDATE SET number = 9",
    "INSERT INTO ledger_entry SELECT * FROM ledger_entry WHERE true ON CONFLICT (referral_id, number) DO UPDATE SET kind = 'x'",  # noqa: E501
    "UPDATE ledger_entry SET data = '{}' WHERE kind = 'Opened' RETURNING id",
    "UPDATE ledger_entry SET referral_id = 2 WHERE referral_id = 1",
    "UPDATE ledger_entry SET number = 3 - number WHERE number < 3",
    "UPDATE ledger_head SET entries = entries - 1",
    "UPDATE ledger_head SET link = (SELECT link FROM ledger_entry WHERE sequence = 1)",
    "UPDATE ledger_head SET entries = 0, link = (SELECT link FROM ledger_entry WHERE sequence = 1)",
    "INSERT INTO ledger_head (id, entries, link) SELECT 2, entries, link FROM ledger_head",
)
"""What either database is asked."""

_ENTRY = "referral_id, number, kind, '{}', sealed, actor_id, recorded_at, sequence, role, login, link FROM ledger_entry"
_INTO_ENTRY = (
    "ledger_entry (id, referral_id, number, kind, data, sealed, actor_id, recorded_at, sequence, role, login, link)"
)
_MOVED = _ENTRY.replace(" sequence,", " sequence + 1000,")
_RENUMBERED = _ENTRY.replace(" number,", " number + 1000,")

ON_SQLITE = (
    *(f"UPDATE referral SET {name} = id + 1000" for name in ("rowid", "_rowid_", "oid", '"ID"', "[id]")),
    *(f"UPDATE OR {how} referral SET received_at = {LONG_AGO}" for how in ("IGNORE", "FAIL", "REPLACE", "ROLLBACK")),
    *(f"UPDATE OR {how} ledger_entry SET data = '{{}}'" for how in ("IGNORE", "FAIL", "REPLACE", "ROLLBACK")),
    "UPDATE OR REPLACE referral SET id = 2 WHERE id = 1",
    "UPDATE OR REPLACE referral SET reference = (SELECT reference FROM referral WHERE id = 2) WHERE id = 1",
    "UPDATE referral SET received_at = CAST(received_at AS BLOB)",
    "UPDATE referral SET received_at = NULL",
    "REPLACE INTO referral SELECT * FROM referral",
    "INSERT OR REPLACE INTO referral SELECT * FROM referral WHERE id = 1",
    *(f"REPLACE INTO {table} SELECT * FROM {table}" for table in (*WRITTEN_ONCE, "ledger_head")),
    f"REPLACE INTO {_INTO_ENTRY} SELECT id, {_ENTRY} WHERE id = 1",
    f"REPLACE INTO {_INTO_ENTRY} SELECT id + 1000, {_RENUMBERED} WHERE id = 1",
    f"REPLACE INTO {_INTO_ENTRY} SELECT id + 1000, {_MOVED} WHERE id = 1",
    f"REPLACE INTO {_INTO_ENTRY} SELECT NULL, {_MOVED} WHERE id = 1",
    "PRAGMA recursive_triggers = OFF;;REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
    "PRAGMA foreign_keys = OFF;;DELETE FROM referral",
    "PRAGMA ignore_check_constraints = ON;;UPDATE referral SET received_at = '2999-01-01 00:00:00.000000'",
    "ATTACH DATABASE '{file}' AS other;;UPDATE other.ledger_entry SET data = '{{}}'",
    "ATTACH DATABASE '{file}' AS other;;DELETE FROM other.referral",
    "CREATE TEMP TABLE spark (x);;CREATE TEMP TRIGGER burn AFTER INSERT ON spark BEGIN UPDATE ledger_entry SET data = 'x'; END"  # noqa: E501
    ";;INSERT INTO spark VALUES (1)",
    "CREATE TEMP VIEW seen AS SELECT * FROM ledger_entry;;DELETE FROM seen",
)
"""What SQLite is asked besides, and with none of the application's own settings of the connection."""

ON_POSTGRESQL = (
    *(f"TRUNCATE {table}" for table in PROTECTED),
    *(f"TRUNCATE {table} CASCADE" for table in ("referral", "account", "sealing_key", "authority")),
    *(f"DROP TABLE {table} CASCADE" for table in PROTECTED),
    *(f"ALTER TABLE {table} DISABLE TRIGGER {which}" for table in PROTECTED for which in ("ALL", "USER")),
    *(f"ALTER TABLE {table} RENAME TO gone" for table in PROTECTED),
    *(f"ALTER TABLE {table} OWNER TO lado" for table in PROTECTED),
    *(f"GRANT ALL ON {table} TO lado;;UPDATE {table} SET id = id + 1" for table in PROTECTED),
    *(f"CREATE RULE away AS ON INSERT TO {table} DO INSTEAD NOTHING" for table in PROTECTED),
    "ALTER TABLE ledger_entry ALTER COLUMN data TYPE text USING '{}'",
    "ALTER TABLE referral DROP COLUMN received_at",
    "ALTER TABLE referral DROP CONSTRAINT ck_referral_received_before_recorded",
    "DROP TRIGGER ledger_entry_is_never_changed ON ledger_entry",
    "DROP TRIGGER referral_dates_are_never_changed ON referral",
    "DROP FUNCTION refuse_change() CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER aside BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "SET session_replication_role = replica;;DELETE FROM ledger_entry",
    "SET ROLE lado_owner;;DELETE FROM ledger_entry",
    "SET SESSION AUTHORIZATION postgres;;DELETE FROM ledger_entry",
    "ALTER ROLE lado SUPERUSER",
    "GRANT lado_owner TO lado",
    "UPDATE pg_trigger SET tgenabled = 'D'",
    "SELECT setval('ledger_entry_id_seq', 1)",
    "ALTER SEQUENCE ledger_entry_id_seq RESTART",
    "CREATE TABLE mine (x integer)",
    "CREATE SCHEMA mine",
    "CREATE TABLE public.other () INHERITS (ledger_entry)",
    "DO $$ BEGIN UPDATE ledger_entry SET data = '{}'; END $$",
    "PREPARE quietly AS DELETE FROM ledger_entry;;EXECUTE quietly",
    "BEGIN;;DECLARE at CURSOR FOR SELECT id FROM ledger_entry;;FETCH at;;DELETE FROM ledger_entry WHERE CURRENT OF at",
    f"MERGE INTO referral USING account ON referral.owner_id = account.id WHEN MATCHED THEN UPDATE SET received_at = {LONG_AGO}",  # noqa: E501
    "MERGE INTO ledger_entry USING referral ON ledger_entry.referral_id = referral.id WHEN MATCHED THEN DELETE",
    "SELECT * FROM ledger_entry FOR UPDATE",
    "DELETE FROM sealing_key",
    "UPDATE sealing_key SET wrapped = ''",
    "UPDATE alembic_version SET version_num = '0001'",
)
"""What PostgreSQL is asked besides, as the application's role."""

HELD_BY_TRIGGERS = tuple(
    attempt for attempt in ON_POSTGRESQL if attempt.startswith(("TRUNCATE", "MERGE", "DO ", "PREPARE", "BEGIN"))
)
"""What is refused on PostgreSQL even to the owner of the tables, as long as the triggers stand."""
