"""The engine, the session and the transaction: the only commit in the project. It knows no model by name."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Executable, Row, create_engine, event
from sqlalchemy.engine import make_url

from lado.act import Act
from lado.clock import Clock
from lado.queries import second_lock, wall
from lado.queries.kept import keep_answers
from lado.security.identity import Identity
from lado.vault import Vault

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=15000",
    "PRAGMA temp_store=MEMORY",  # no word of a case in a file of its own, which nobody would wipe
    "PRAGMA recursive_triggers=ON",  # so that INSERT OR REPLACE cannot walk past the ledger's delete trigger
)

IDLE = "-c idle_in_transaction_session_timeout=30s"
"""PostgreSQL ends the transaction of a process that was stopped in it, so that others soon have what it holds."""

BY_KEY = "-c random_page_cost=1.1"
"""Rows are found by their keys in memory, or on a disk without a head: no table is read whole to save a few hundred."""

WITHIN: Literal["rollback_only"] = "rollback_only"
"""A session on a connection that is in a transaction already leaves saving to that one, and undoes it on failure."""


class Database:
    """One database, its vault and the clock by which acts are timed."""

    def __init__(self, url: str, vault: Vault, clock: Clock) -> None:
        """Prepare to connect; nothing is opened yet."""
        self.engine = make_engine(url)
        self.vault = vault
        self.clock = clock
        self._reads: Engine | Connection = self.engine
        self._writes: Engine | Connection = self.engine.execution_options(write=True)
        if self.engine.dialect.name == "postgresql":
            self._reads = self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def reading(self, who: Identity) -> Iterator[Act]:
        """One instant and one consistent view for reading, of what this person may know of. Nothing is saved."""
        settings: dict[str, Any] = {"bind": self._reads, "expire_on_commit": False, "join_transaction_mode": WITHIN}
        with wall.session_of(who, for_reading=True, autoflush=False, **settings) as session:
            act = Act(who, self.clock.now(), session, self.vault)
            second_lock.bind(session, second_lock.scope_of(who, act.at, for_reading=True))
            keep_answers(session)
            yield act

    def look(self, query: Executable, given: Mapping[str, Any]) -> Row[Any] | None:
        """The first row of one statement that concerns no person; for what is asked often.

        Before no wall: what it finds is for the scheduler, and for no page.
        """
        if isinstance(self._reads, Connection):
            return self._reads.execute(query, given).first()
        with self._reads.begin() as connection:
            second_lock.tell(connection, second_lock.EVERYTHING)
            return connection.execute(query, given).first()

    @contextmanager
    def work(self, who: Identity) -> Iterator[Act]:
        """One transaction, one instant, one person. Saved when the block ends well, or not at all."""
        with (
            wall.session_of(
                who, for_reading=False, bind=self._writes, expire_on_commit=False, join_transaction_mode=WITHIN
            ) as session,
            session.begin(),
        ):
            act = Act(who, self.clock.now(), session, self.vault)
            second_lock.bind(session, second_lock.scope_of(who, act.at, for_reading=False))
            yield act

    @contextmanager
    def as_one(self, clock: Clock) -> Iterator["Database"]:
        """The same database under a clock of its own, on which all acts together are saved, or none of them.

        For filling an empty database: everything is one transaction, nobody else can write, and one act that fails
        undoes all.
        """
        with self.engine.execution_options(write=True).begin() as connection:
            inside = copy(self)
            inside.clock = clock
            inside._reads = inside._writes = connection
            yield inside


def make_engine(url: str) -> Engine:
    """Make an engine that holds what each database needs: explicit transactions and safe settings on SQLite."""
    parsed = make_url(url)
    is_postgresql = parsed.get_backend_name() == "postgresql"
    options = {"connect_args": {"options": f"{IDLE} {BY_KEY}"}} if is_postgresql else {}
    engine = create_engine(parsed, hide_parameters=True, pool_pre_ping=is_postgresql, **options)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver's own transactions lose updates; ours are explicit
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    is_writing = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
