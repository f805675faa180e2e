"""What is handed over when cover starts, whether it was accepted, and what was handed back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

AT = sa.DateTime(timezone=True)
TABLES = ("hand_back", "hand_over_rung", "hand_over")
"""In the order in which they can be dropped."""


def upgrade() -> None:
    """Go up."""
    _hand_overs()
    op.create_table(
        "hand_over_rung",
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("told_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_hand_over_rung_hand_over_id_hand_over")
        ),
        sa.ForeignKeyConstraint(["told_id"], ["account.id"], name=op.f("fk_hand_over_rung_told_id_account")),
        sa.PrimaryKeyConstraint("hand_over_id", "rung", name=op.f("pk_hand_over_rung")),
    )
    op.create_index("ix_hand_over_rung_told", "hand_over_rung", ["told_id"])
    op.create_table(
        "hand_back",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("returned_at", AT, nullable=True),
        sa.Column("read_at", AT, nullable=True),
        sa.CheckConstraint("read_at IS NULL OR returned_at IS NOT NULL", name=op.f("ck_hand_back_read_after_return")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_hand_back_authority_id_authority")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_hand_back_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_back")),
    )
    _index("uq_hand_back_unread", "hand_back", ["account_id"], "read_at IS NULL", unique=True)


def downgrade() -> None:
    """Go down."""
    for table in TABLES:
        op.drop_table(table)


def _hand_overs() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("absence_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("begins_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.Column("offered_at", AT, nullable=False),
        sa.Column("next_at", AT, nullable=True),
        sa.Column("accepted_at", AT, nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_at", AT, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("escalated_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.CheckConstraint("to_id IS NULL OR to_id <> from_id", name=op.f("ck_hand_over_not_to_oneself")),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name=op.f("ck_hand_over_accepted_by_somebody")
        ),
        sa.CheckConstraint("(refused_at IS NULL) = (sealed IS NULL)", name=op.f("ck_hand_over_refused_has_reason")),
        sa.CheckConstraint("refused_at IS NULL OR ended_at IS NOT NULL", name=op.f("ck_hand_over_refused_has_ended")),
        sa.CheckConstraint(
            "next_at IS NULL OR (ended_at IS NULL AND accepted_at IS NULL)",
            name=op.f("ck_hand_over_waits_for_an_answer"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_hand_over_{name}_{table}"))
            for name, table in (
                ("authority_id", "authority"),
                ("referral_id", "referral"),
                ("absence_id", "absence"),
                ("from_id", "account"),
                ("to_id", "account"),
                ("accepted_by_id", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    _index("uq_hand_over_live", "hand_over", ["referral_id"], "ended_at IS NULL", unique=True)
    op.create_index("uq_hand_over_number", "hand_over", ["absence_id", "referral_id", "number"], unique=True)
    _index("ix_hand_over_to", "hand_over", ["to_id"], "ended_at IS NULL")
    op.create_index("ix_hand_over_from", "hand_over", ["from_id", "offered_at"])
    _index("ix_hand_over_next", "hand_over", ["next_at", "id"], "next_at IS NOT NULL")


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
