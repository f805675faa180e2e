"""What somebody should ask about in the log of reads."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go up. One person's looks of a span of time are read from the index alone, so that counting them costs little."""
    op.drop_index("ix_read_entry_account", "read_entry")
    op.create_index("ix_read_entry_account_at", "read_entry", ["account_id", "at", "referral_id"])
    _searches()
    _pace()
    _findings()


def downgrade() -> None:
    """Go down."""
    for table in ("unusual_look", "looked_through", "pace", "search_look"):
        op.drop_table(table)
    op.drop_index("ix_read_entry_account_at", "read_entry")
    op.create_index("ix_read_entry_account", "read_entry", ["account_id", "id"])


def _searches() -> None:
    op.create_table(
        "search_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _to("search_look", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_look")),
    )
    op.create_index("ix_search_look_account", "search_look", ["account_id", "at"])


def _pace() -> None:
    op.create_table(
        "pace",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("minute_at", AT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        _to("pace", "account_id", "account"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_pace")),
    )


def _findings() -> None:
    op.create_table(
        "looked_through",
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        _to("looked_through", "authority_id", "authority"),
        sa.PrimaryKeyConstraint("authority_id", "week_on", name=op.f("pk_looked_through")),
    )
    op.create_table(
        "unusual_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("first_at", AT, nullable=False),
        sa.Column("last_at", AT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("goes_to", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("found_at", AT, nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_unusual_look_answered_by_somebody"),
        ),
        sa.CheckConstraint("answered_by_id <> account_id", name=op.f("ck_unusual_look_not_by_themselves")),
        sa.CheckConstraint("first_at <= last_at", name=op.f("ck_unusual_look_first_before_last")),
        _to("unusual_look", "account_id", "account"),
        _to("unusual_look", "answered_by_id", "account"),
        _to("unusual_look", "authority_id", "authority"),
        _to("unusual_look", "referral_id", "referral"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unusual_look")),
        sa.UniqueConstraint("mark", name=op.f("uq_unusual_look_mark")),
    )
    op.create_index("ix_unusual_look_authority", "unusual_look", ["authority_id", "answered_at", "id"])


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
