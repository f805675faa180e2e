"""Cases that exist for a list of people only, and how two people break the glass."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

AT = sa.DateTime(timezone=True)
STILL = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Go up. What kept partners from the cases about themselves is marked as their own name."""
    op.add_column("conflict", sa.Column("is_own", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE conflict SET is_own = true WHERE account_id IN (SELECT id FROM account WHERE role = 'partner')")
    _lists()
    _glass()
    with op.batch_alter_table("barred") as barred:
        barred.alter_column("conflict_id", existing_type=sa.Integer(), nullable=True)
        barred.add_column(sa.Column("restriction_id", sa.Integer(), nullable=True))
        barred.create_foreign_key(
            op.f("fk_barred_restriction_id_restriction"), "restriction", ["restriction_id"], ["id"]
        )
        one = "(conflict_id IS NULL) <> (restriction_id IS NULL)"
        barred.create_check_constraint(op.f("ck_barred_for_one_reason"), one)
    columns = ["restriction_id", "account_id"]
    op.create_index("uq_barred_list", "barred", columns, unique=True, sqlite_where=STILL, postgresql_where=STILL)


def downgrade() -> None:
    """Go down. Whoever was kept from a case by its list alone can come to it again."""
    op.execute("DELETE FROM barred WHERE conflict_id IS NULL")
    op.drop_index("uq_barred_list", "barred")
    with op.batch_alter_table("barred") as barred:
        barred.drop_constraint(op.f("ck_barred_for_one_reason"), type_="check")
        barred.drop_constraint(op.f("fk_barred_restriction_id_restriction"), type_="foreignkey")
        barred.drop_column("restriction_id")
        barred.alter_column("conflict_id", existing_type=sa.Integer(), nullable=False)
    for table in ("broken_glass", "listed", "restriction"):
        op.drop_table(table)
    op.execute("ALTER TABLE conflict DROP COLUMN is_own")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _lists() -> None:
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("keeper_id", sa.Integer(), nullable=False),
        sa.Column("is_match", sa.Boolean(), nullable=False),
        sa.Column("since_at", AT, nullable=False),
        sa.Column("review_by_at", AT, nullable=False),
        sa.Column("warned_at", AT, nullable=True),
        sa.Column("lapsed_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        _to("restriction", "authority_id", "authority"),
        _to("restriction", "referral_id", "referral"),
        _to("restriction", "keeper_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restriction")),
    )
    op.create_index(op.f("ix_restriction_authority_id"), "restriction", ["authority_id"])
    still: dict[str, Any] = {"sqlite_where": STILL, "postgresql_where": STILL}
    op.create_index("uq_restriction_case", "restriction", ["referral_id"], unique=True, **still)
    op.create_index("ix_restriction_review", "restriction", ["review_by_at"], **still)
    op.create_table(
        "listed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restriction_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        _to("listed", "restriction_id", "restriction"),
        _to("listed", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed")),
    )
    op.create_index("uq_listed_person", "listed", ["restriction_id", "account_id"], unique=True, **still)


def _glass() -> None:
    people = (("authority_id", "authority"), ("case_id", "referral"), ("asked_by_id", "account"))
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("ends_at", AT, nullable=True),
        sa.CheckConstraint("hours BETWEEN 1 AND 24", name=op.f("ck_broken_glass_a_day_at_most")),
        sa.CheckConstraint(
            "answered_by_id IS NULL OR answered_by_id <> asked_by_id", name=op.f("ck_broken_glass_two_people")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_broken_glass_answered_by_somebody")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR answered_by_id IS NOT NULL", name=op.f("ck_broken_glass_opened_by_an_answer")
        ),
        *(_to("broken_glass", column, table) for column, table in (*people, ("answered_by_id", "account"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
    )
    op.create_index(op.f("ix_broken_glass_authority_id"), "broken_glass", ["authority_id"])
    op.create_index(op.f("ix_broken_glass_case_id"), "broken_glass", ["case_id"])
    op.create_index("ix_broken_glass_person", "broken_glass", ["asked_by_id", "ends_at"])
