"""PostgreSQL itself lets a transaction have what it was told it may have, and nothing when it was told nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Table, func, literal, select, text, update
from sqlalchemy.exc import ProgrammingError

from lado.migrations.row_security import LOCKS, UNLOCKED
from lado.models import Barred, Base, Grant, Notice, Referral, SearchToken
from lado.queries import second_lock
from lado.queries.second_lock import EVERYTHING, Scope, scope_of
from lado.security.identity import Role
from tests.support.postgres import OWNER
from tests.support.routes import settle_world
from tests.support.tampering import every_right

TABLES = Base.metadata.tables
STATE = text(
    """SELECT relname, relrowsecurity AND relforcerowsecurity AS is_locked, pg_get_userbyid(relowner) AS owner
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'"""
)
ROLE = text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
SHORTCUTS = text(
    """SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')"""
)


@pytest.fixture
def is_locked(database) -> bool:
    """SQLite has no such lock: there the wall and the queries stand alone, and their tests."""
    return database.engine.dialect.name == "postgresql"


@pytest.fixture
def world(caseload, people, clock, is_locked):
    """Cases to ask about, where there is a lock to ask."""
    return settle_world(caseload, people, clock) if is_locked else None


@contextmanager
def told(database, scope: Scope | None) -> Iterator[Connection]:
    """The application's way into its database, told this and no more."""
    with database.engine.connect() as connection:
        if scope is not None:
            second_lock.tell(connection, scope)
        yield connection


def rows(connection: Connection) -> dict[str, int]:
    """How many rows of each table there are to be had, of those that have any."""
    asked = select(*(select(func.count()).select_from(TABLES[name]).scalar_subquery().label(name) for name in LOCKS))
    return {name: count for name, count in connection.execute(asked).one()._mapping.items() if count}


def cases(connection: Connection) -> dict[str, set[int]]:
    """The cases of which each table has rows to be had."""
    return {
        name: set(connection.scalars(select(_case(TABLES[name])).distinct()))
        for name in LOCKS
        if _names_a_case(TABLES[name])
    }


def _names_a_case(table: Table) -> bool:
    return table.name == "referral" or "referral_id" in table.c


def _case(table: Table):
    return table.c.id if table.name == "referral" else table.c.referral_id


def test_there_is_a_lock_or_a_reason_for_every_table():
    assert set(LOCKS) | set(UNLOCKED) == set(TABLES)
    assert set(LOCKS) & set(UNLOCKED) == set()
    assert {name for name in TABLES if _names_a_case(TABLES[name])} <= set(LOCKS)
    assert all(UNLOCKED.values())


def test_every_lock_is_forced_and_the_application_neither_owns_a_table_nor_passes_by(database, is_locked):
    if not is_locked:
        return
    with database.engine.connect() as connection:
        found = {row.relname: row for row in connection.execute(STATE)}
        policies = connection.exec_driver_sql("SELECT tablename FROM pg_policies").scalars().all()
        assert {name for name, row in found.items() if row.is_locked} == set(LOCKS)
        assert sorted(policies) == sorted(LOCKS)
        assert {row.owner for row in found.values()} == {OWNER}
        assert connection.execute(ROLE).scalar_one() is False
        assert connection.execute(SHORTCUTS).scalar_one() == 0


def test_who_was_told_nothing_has_no_row(database, world, is_locked):
    if not is_locked:
        return
    with every_right(database) as connection:
        there = rows(connection)
    assert len(there) > len(LOCKS) // 2
    for scope in (None, Scope(), Scope(person=0)):
        with told(database, scope) as connection:
            assert rows(connection) == {}
    with told(database, EVERYTHING) as connection:
        assert rows(connection) == there


def test_a_partner_has_the_rows_of_what_is_granted_to_them_now_and_no_others(database, world, people, clock, is_locked):
    if not is_locked:
        return
    for who, theirs in ((people.pat, world.pats.id), (people.pol, world.pols.id)):
        with told(database, scope_of(who, clock.now(), for_reading=False)) as connection:
            had = cases(connection)
            assert {case for found in had.values() for case in found} - {None} == {theirs}
            assert {"referral", "ledger_entry", "case_clock", "case_action", "grant_of_access", "search_token"} <= {
                table for table, found in had.items() if theirs in found
            }
            assert set(connection.scalars(select(TABLES["online_draft"].c.account_id))) <= {who.id}
            assert set(
                connection.scalars(
                    select(TABLES["notice"].c.account_id).where(TABLES["notice"].c.referral_id.is_(None))
                )
            ) <= {who.id}
    with every_right(database) as connection:
        connection.execute(update(Grant).where(Grant.account_id == people.pat.id).values(ended_at=clock.now()))
    with told(database, scope_of(people.pat, clock.now(), for_reading=True)) as connection:
        assert {case for found in cases(connection).values() for case in found} <= {None}


def test_staff_have_the_rows_of_the_councils_that_they_serve(database, world, people, clock, is_locked):
    if not is_locked:
        return
    ours = {world.pats.id, world.pols.id, world.nobodys.id}
    wanted = {
        "olive": ours,
        "sam": {world.southmeres.id},
        "edie": ours | {world.southmeres.id},
        "noel": {world.southmeres.id},
    }
    for name, theirs in wanted.items():
        with told(database, scope_of(people.everyone[name], clock.now(), for_reading=True)) as connection:
            had = cases(connection)
            assert had["referral"] == theirs, name
            assert {case for found in had.values() for case in found} - {None} == theirs, name
            clocks = connection.scalars(
                select(TABLES["case_clock"].c.referral_id).join(
                    TABLES["due_moment"], TABLES["due_moment"].c.clock_id == TABLES["case_clock"].c.id
                )
            )
            assert set(clocks) <= theirs, name


def test_who_is_kept_from_a_case_has_no_row_of_it_while_they_read(database, world, people, clock, is_locked):
    if not is_locked:
        return
    with every_right(database) as connection:
        conflict = connection.scalar(select(TABLES["conflict"].c.id))
        kept = {"referral_id": world.nobodys.id, "account_id": people.olive.id, "conflict_id": conflict}
        connection.execute(Barred.__table__.insert().values(**kept, since_at=clock.now()))
    with told(database, scope_of(people.olive, clock.now(), for_reading=True)) as connection:
        had = cases(connection)
        del had["barred"]  # that they are kept from it: the wall itself is made of it
        assert {case for found in had.values() for case in found} - {None} == {world.pats.id, world.pols.id}


def test_nobody_writes_a_row_that_they_could_not_have(database, world, people, clock, is_locked):
    if not is_locked:
        return
    token = SearchToken.__table__.insert().values(token=b"planted", referral_id=world.southmeres.id)
    grant = Grant.__table__.insert().values(
        referral_id=world.pols.id, account_id=people.pat.id, agency_id=people.pat.agency, granted_at=clock.now()
    )
    for who in (people.pat, people.olive, None):
        scope = None if who is None else scope_of(who, clock.now(), for_reading=False)
        for planted in (token, grant) if who is not people.olive else (token,):
            with told(database, scope) as connection, pytest.raises(ProgrammingError, match="row-level security"):
                connection.execute(planted)
    with told(database, scope_of(people.olive, clock.now(), for_reading=False)) as connection:
        moved = update(Referral).where(Referral.id == world.southmeres.id).values(state="closed")
        assert connection.execute(moved).rowcount == 0
        assert connection.execute(update(Notice).values(tries=literal(9))).rowcount > 0
        connection.rollback()


def test_what_a_transaction_was_told_ends_with_it(database, world, people, is_locked):
    if not is_locked:
        return
    with database.engine.connect() as connection:
        for end in (connection.commit, connection.rollback):
            connection.begin()
            second_lock.tell(connection, EVERYTHING)
            assert rows(connection) != {}
            end()
            assert rows(connection) == {}
            connection.rollback()


def test_only_the_scheduler_is_told_that_it_may_have_everything(people, clock):
    for name, who in people.everyone.items():
        assert scope_of(who, clock.now(), for_reading=False).everything is (name == "system")
    assert {who.role for who in people.everyone.values()} == set(Role) - {Role.RECORDS_OFFICER}
