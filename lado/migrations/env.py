"""Alembic's entry: run the migrations on the connection that `lado.cli.db` hands over."""

from alembic import context
from sqlalchemy import Connection

from lado.models import Base


def run(connection: Connection) -> None:
    """Run inside the caller's transaction, so that a half migration is never left behind."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
