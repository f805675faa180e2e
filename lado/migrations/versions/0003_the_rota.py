"""Working patterns, duty, changes to it and swaps, and who really covered; the calendars that telephones read."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go up."""
    _feeds()


def downgrade() -> None:
    """Go down."""
    for table in ("feed_entry", "feed"):
        op.drop_table(table)


def _feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", AT, nullable=False),
        sa.CheckConstraint("scope IN ('own', 'team')", name=op.f("ck_feed_own_or_team")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_feed_authority_id_authority")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_feed_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index("uq_feed_account_scope", "feed", ["account_id", "scope"], unique=True)
    op.create_index("uq_feed_digest", "feed", ["digest"], unique=True)
    op.create_table(
        "feed_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", AT, nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_feed_entry_ends_after_start")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_entry_feed_id_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entry")),
    )
    op.create_index("uq_feed_entry_key", "feed_entry", ["feed_id", "key"], unique=True)
