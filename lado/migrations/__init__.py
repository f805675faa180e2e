"""The database's shape, one numbered step at a time."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from lado.migrations import privileges, row_security

Link = Callable[[bytes, bytes], bytes]
"""Links an entry's bytes to the link before: `Vault.link`."""


def configured(**attributes: object) -> Config:
    """Alembic's configuration without a file: the scripts lie beside this module."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes.update(attributes)
    return config


def upgrade(engine: Engine, revision: str = "head", link: Link | None = None, role: str | None = None) -> None:
    """Bring the database to a revision, in one transaction.

    `link` links entries that were recorded before entries were linked; without any such entry it is not needed.
    `role` is PostgreSQL's role of the application where another one owns the tables: it is given what it needs.
    """
    with engine.execution_options(write=True).begin() as connection:
        row_security.have_everything(connection)
        row_security.take_off(connection)
        command.upgrade(configured(connection=connection, link=link), revision)
        if revision == "head":  # the lock speaks of tables as they are now
            row_security.put_on(connection)
        if role is not None:
            privileges.give(connection, role)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to a revision, in one transaction."""
    with engine.execution_options(write=True).begin() as connection:
        row_security.have_everything(connection)
        row_security.take_off(connection)
        command.downgrade(configured(connection=connection), revision)
