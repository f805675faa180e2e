"""Whether and when each audience of a closed case was told the outcome."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("took", sa.Integer(), nullable=True),
        sa.CheckConstraint("(answer = 'told') = (took IS NOT NULL)", name=op.f("ck_feedback_told_took_time")),
        _to("referral_id", "referral"),
        _to("authority_id", "authority"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index("uq_feedback_audience", "feedback", ["referral_id", "audience"], unique=True)
    closed = ["authority_id", "audience", "closed_at", "answer", "took"]
    op.create_index("ix_feedback_closed", "feedback", closed)


def downgrade() -> None:
    """Go down."""
    op.drop_table("feedback")


def _to(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_feedback_{column}_{other}"))
