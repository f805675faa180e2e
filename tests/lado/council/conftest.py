"""Databases for synthetic councils: migrated, with the bank holidays, and nobody in them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from lado.adapters.bank_holidays import england
from lado.cli.council import span_of
from lado.clock import FixedClock
from lado.council.profiles import PROFILES
from lado.council.simulation import Report, simulate
from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from tests.support.migrating import migrate
from tests.support.postgres import Cluster

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
Live = Callable[..., Report]


@pytest.fixture
def empty(cluster: Cluster | None, vault: Vault, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Makes migrated databases without anybody in them."""
    made: list[tuple[Database, str]] = []

    def make() -> Database:
        name = f"council_{uuid.uuid4().hex}"
        url = cluster.create_database(name) if cluster else f"sqlite:///{tmp_path / name}.sqlite3"
        database = Database(url, vault, FixedClock(NOW))
        migrate(url)
        with database.work(SYSTEM) as act:
            installation.keep_holidays(act, england())
        made.append((database, name))
        return database

    yield make
    for database, name in made:
        database.engine.dispose()
        if cluster:
            cluster.drop_database(name)


@pytest.fixture
def live() -> Live:
    """Lets a profile live through a span in a database."""

    def through(database: Database, profile: str, seed: int, first: str, last: str) -> Report:
        span = span_of(date.fromisoformat(first), date.fromisoformat(last), NOW)
        return simulate(database, PROFILES[profile], seed, span, lambda words: None)

    return through
