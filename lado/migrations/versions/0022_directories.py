"""Councils' own directories that people sign in with."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

AT = sa.DateTime(timezone=True)
STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "directory_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        _account("account_id"),
        _account("ended_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_link")),
    )
    for name, column in (("uq_directory_link_token", "token"), ("uq_directory_link_account", "account_id")):
        op.create_index(name, "directory_link", [column], unique=True, sqlite_where=STANDS, postgresql_where=STANDS)
    op.create_table(
        "directory_return",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("came_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_directory_return")),
    )
    op.create_index(op.f("ix_directory_return_came_at"), "directory_return", ["came_at"])


def downgrade() -> None:
    """Go down. Everybody signs in here as before."""
    op.drop_table("directory_return")
    op.drop_table("directory_link")


def _account(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_directory_link_{column}_account"))
