"""What a partner refers on line, with its attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "online_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", AT, nullable=False),
        sa.Column("saved_at", AT, nullable=False),
        _to("online_draft", "authority_id", "authority"),
        _to("online_draft", "account_id", "account"),
        _to("online_draft", "key_id", "sealing_key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_draft")),
        sa.UniqueConstraint("account_id", name=op.f("uq_online_draft_account_id")),
    )
    op.create_index("ix_online_draft_saved", "online_draft", ["saved_at"])
    op.create_table(
        "online_beginning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_beginning")),
    )
    op.create_index("ix_online_beginning_token", "online_beginning", ["token", "asked_at"])
    op.create_index("ix_online_beginning_asked", "online_beginning", ["asked_at"])
    _attachments()


def downgrade() -> None:
    """Go down."""
    op.drop_table("attachment")
    op.drop_table("online_beginning")
    op.drop_table("online_draft")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _attachments() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("is_scanned", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", AT, nullable=False),
        sa.CheckConstraint("(referral_id IS NULL) <> (draft_id IS NULL)", name=op.f("ck_attachment_one_home")),
        _to("attachment", "referral_id", "referral"),
        _to("attachment", "draft_id", "online_draft"),
        _to("attachment", "key_id", "sealing_key"),
        _to("attachment", "added_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("place", name=op.f("uq_attachment_place")),
    )
    op.create_index("uq_attachment_referral_number", "attachment", ["referral_id", "number"], unique=True)
    op.create_index("ix_attachment_draft", "attachment", ["draft_id"])
