"""What the application's role is given on PostgreSQL is what is written down, decided for every table, and no more."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from lado.db import make_engine
from lado.migrations.privileges import ANY, MAY
from lado.models import Base
from lado.queries.privileges import OWNER, SUPERUSER, WRITTEN_ONCE, too_many
from tests.support import postgres
from tests.support.migrating import as_role

WRITTEN_ONCE_IN_REFERRAL = {"id", "reference", "authority_id", "key_id", "received_at", "recorded_at", "sealed"}
HELD = text(
    """SELECT table_name, privilege_type FROM information_schema.role_table_grants
    WHERE grantee = :role AND table_schema = 'public'"""
)
HELD_BY_COLUMN = text(
    """SELECT column_name FROM information_schema.column_privileges
    WHERE grantee = :role AND table_name = :table AND privilege_type = 'UPDATE'"""
)


def test_there_is_a_decision_for_every_table():
    assert set(MAY) == set(Base.metadata.tables) | {"alembic_version"}


def test_there_is_a_decision_for_every_column_of_a_referral():
    columns = set(Base.metadata.tables["referral"].columns.keys())

    assert set(MAY["referral"].change) == columns - WRITTEN_ONCE_IN_REFERRAL


@pytest.mark.parametrize("table", [table for table in MAY if MAY[table].change not in ((), ANY)])
def test_what_may_be_changed_is_there(table):
    assert set(MAY[table].change) <= set(Base.metadata.tables[table].columns.keys())


def test_what_is_written_once_is_neither_changed_nor_deleted():
    assert {(MAY[table].change, MAY[table].delete) for table in WRITTEN_ONCE} == {((), False)}


def said_as(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return too_many(session)


@pytest.fixture
def roles(database_url: str) -> Iterator[dict[str, Engine]]:
    """The database as each of the three reaches it; on SQLite that is three times the same."""
    names = (postgres.APPLICATION, postgres.OWNER, postgres.SUPERUSER)
    engines = {name: make_engine(as_role(database_url, name)) for name in names}
    yield engines
    for engine in engines.values():
        engine.dispose()


def test_a_role_that_could_change_the_record_is_told_so(roles):
    is_postgresql = roles[postgres.OWNER].dialect.name == "postgresql"

    assert said_as(roles[postgres.APPLICATION]) == []
    assert said_as(roles[postgres.OWNER]) == ([OWNER] if is_postgresql else [])
    assert said_as(roles[postgres.SUPERUSER]) == ([SUPERUSER] if is_postgresql else [])


@pytest.mark.parametrize(
    ("grant", "said"),
    [
        ("UPDATE ON ledger_entry", "UPDATE on ledger_entry"),
        ("DELETE ON read_entry", "DELETE on read_entry"),
        ("TRUNCATE ON checkpoint", "TRUNCATE on checkpoint"),
        ("TRIGGER ON certificate", "TRIGGER on certificate"),
        ("UPDATE (received_at) ON referral", "the received or the recorded date"),
        ("UPDATE ON referral", "the received or the recorded date"),
        ("CREATE ON SCHEMA public", "tables of its own"),
    ],
)
def test_each_privilege_too_many_is_named(roles, grant, said):
    owner = roles[postgres.OWNER]
    if owner.dialect.name == "sqlite":
        assert said_as(owner) == []
        return
    with roles[postgres.SUPERUSER].connect() as connection, Session(connection) as session:
        connection.exec_driver_sql(f"GRANT {grant} TO {postgres.APPLICATION}")
        connection.exec_driver_sql(f"SET LOCAL ROLE {postgres.APPLICATION}")
        assert [words for words in too_many(session) if said in words] != []
        connection.rollback()
    assert said_as(roles[postgres.APPLICATION]) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (f"ALTER ROLE {postgres.APPLICATION} BYPASSRLS", "BYPASSRLS"),
        ("ALTER TABLE referral NO FORCE ROW LEVEL SECURITY", "not locked"),
        ("ALTER TABLE referral DISABLE ROW LEVEL SECURITY", "not locked"),
    ],
)
def test_a_lock_on_rows_that_does_not_hold_is_named(roles, change, said):
    if roles[postgres.OWNER].dialect.name == "sqlite":
        return
    with roles[postgres.SUPERUSER].connect() as connection, Session(connection) as session:
        connection.exec_driver_sql(change)
        connection.exec_driver_sql(f"SET LOCAL ROLE {postgres.APPLICATION}")
        assert [words for words in too_many(session) if said in words] != []
        connection.rollback()


def test_the_application_holds_what_is_written_down_and_no_more(roles):
    owner = roles[postgres.OWNER]
    if owner.dialect.name == "sqlite":
        return
    with owner.connect() as connection:
        held = {tuple(row) for row in connection.execute(HELD, {"role": postgres.APPLICATION})}
        wanted = {(table, right) for table, may in MAY.items() for right in rights(may)}
        assert held == wanted
        for table, may in MAY.items():
            columns = set(connection.scalars(HELD_BY_COLUMN, {"role": postgres.APPLICATION, "table": table}))
            everything = set(Base.metadata.tables[table].columns.keys()) if may.change == ANY else set(may.change)
            assert columns == everything, table


def rights(may) -> Iterator[str]:
    """The rights on a whole table."""
    yield "SELECT"
    if may.insert:
        yield "INSERT"
    if may.change == ANY:
        yield "UPDATE"
    if may.delete:
        yield "DELETE"
