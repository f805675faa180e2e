"""Changing tables as no service would and the application's role may not: with every right, and triggers in place."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from lado.db import Database, make_engine
from lado.errors import LadoError, NotAllowed, NotFound
from lado.security.identity import Identity, Role
from tests.support.migrating import as_role
from tests.support.postgres import SUPERUSER


def refusal(database: Database, who: Identity, *, follows: bool = False) -> type[LadoError]:
    """How a service refuses somebody a case of the first council: on PostgreSQL, who has no part in it finds none."""
    has_part = follows if who.role is Role.PARTNER else 1 in (who.authority, *who.serves)
    return NotAllowed if has_part or database.engine.dialect.name == "sqlite" else NotFound


@contextmanager
def every_right(database: Database) -> Iterator[Connection]:
    """A connection to the same database as PostgreSQL's superuser, saved at the end; on SQLite as anybody."""
    url = database.engine.url.render_as_string(hide_password=False)
    engine = make_engine(as_role(url, SUPERUSER))
    try:
        with engine.execution_options(write=True).begin() as connection:
            yield connection
    finally:
        engine.dispose()


def tamper(database: Database, *statements: str) -> None:
    """Run the statements."""
    with every_right(database) as connection:
        for statement in statements:
            connection.execute(text(statement))
