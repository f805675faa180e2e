"""A database that nobody has touched yet, and the commands that act on it."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from lado.clock import FixedClock
from lado.db import Database
from lado.vault import Vault
from tests.support.commands import Run, runner
from tests.support.postgres import Cluster


@pytest.fixture
def untouched(cluster: Cluster | None, vault: Vault, clock: FixedClock, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    name = f"untouched_{uuid.uuid4().hex}"
    url = cluster.create_database(name) if cluster else f"sqlite:///{tmp_path / 'untouched.sqlite3'}"
    opened = Database(url, vault, clock)
    yield opened
    opened.engine.dispose()
    if cluster:
        cluster.drop_database(name)


@pytest.fixture
def migrated(untouched: Database) -> Database:
    """A database with tables and nobody in it."""
    runner(untouched)("db", "upgrade")
    return untouched


@pytest.fixture
def run(database: Database) -> Run:
    """Runs a command on a settled database."""
    return runner(database)
