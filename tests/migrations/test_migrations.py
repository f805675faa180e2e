"""Migrations: up and down again, the same shape as the models, and the triggers still in place afterwards."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from lado import migrations
from lado.db import make_engine
from lado.models import Base
from tests.support.migrating import as_role
from tests.support.postgres import OWNER, Cluster

PROTECTIONS = {
    "ledger_entry_is_never_changed",
    "referral_dates_are_never_changed",
    "referral_is_never_deleted",
}
"""What must be there on both engines; each has more of its own."""


@pytest.fixture
def empty(cluster: Cluster | None, tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    name = f"empty_{uuid.uuid4().hex}"
    url = cluster.create_database(name) if cluster else f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    engine = make_engine(as_role(url, OWNER))
    yield engine
    engine.dispose()
    if cluster:
        cluster.drop_database(name)


def triggers(engine: Engine) -> set[str]:
    """The names of the triggers that are in place."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        return set(connection.scalars(text(query)))


@pytest.mark.database
def test_the_tables_are_what_the_models_say(empty):
    migrations.upgrade(empty)

    with empty.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )

    assert differences == []


@pytest.mark.database
def test_the_record_is_protected_after_every_migration(empty):
    migrations.upgrade(empty)

    assert triggers(empty) >= PROTECTIONS


@pytest.mark.database
def test_down_leaves_nothing_and_up_again_works(empty):
    migrations.upgrade(empty)
    migrations.downgrade(empty, "base")
    assert set(inspect(empty).get_table_names()) == {"alembic_version"}
    assert triggers(empty) == set()

    migrations.upgrade(empty)
    assert triggers(empty) >= PROTECTIONS


@pytest.mark.database
def test_upgrading_twice_changes_nothing(empty):
    migrations.upgrade(empty)
    before = inspect(empty).get_table_names()
    migrations.upgrade(empty)

    assert inspect(empty).get_table_names() == before
