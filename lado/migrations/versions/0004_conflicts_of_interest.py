"""Which officers have a conflict of interest, and with which cases."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

AT = sa.DateTime(timezone=True)
STILL = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Go up."""
    _declared()
    _barred()
    op.create_table(
        "independent_contact",
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", AT, nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        *(_to("independent_contact", column, table) for column, table in CONTACT),
        sa.PrimaryKeyConstraint("authority_id", name=op.f("pk_independent_contact")),
    )


def downgrade() -> None:
    """Go down."""
    for table in ("independent_contact", "barred", "conflict_token", "conflict"):
        op.drop_table(table)


CONTACT = (("authority_id", "authority"), ("account_id", "account"), ("chosen_by_id", "account"))
DECLARED = (
    ("authority_id", "authority"),
    ("account_id", "account"),
    ("referral_id", "referral"),
    ("declared_by_id", "account"),
    ("ended_by_id", "account"),
)
BARRED = (("referral_id", "referral"), ("account_id", "account"), ("conflict_id", "conflict"))


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _declared() -> None:
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", AT, nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('person', 'school', 'setting', 'case')", name=op.f("ck_conflict_known_kind")),
        sa.CheckConstraint("(kind = 'case') = (referral_id IS NOT NULL)", name=op.f("ck_conflict_case_is_named")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_conflict_ended_by_somebody")),
        *(_to("conflict", column, table) for column, table in DECLARED),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index("ix_conflict_account", "conflict", ["account_id", "id"])
    op.create_index(op.f("ix_conflict_authority_id"), "conflict", ["authority_id"])
    op.create_table(
        "conflict_token",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("conflict_id", sa.Integer(), nullable=False),
        _to("conflict_token", "conflict_id", "conflict"),
        sa.PrimaryKeyConstraint("token", "conflict_id", name=op.f("pk_conflict_token")),
    )
    op.create_index("ix_conflict_token_conflict", "conflict_token", ["conflict_id"])


def _barred() -> None:
    op.create_table(
        "barred",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("conflict_id", sa.Integer(), nullable=False),
        sa.Column("since_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        *(_to("barred", column, table) for column, table in BARRED),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred")),
    )
    case = ["account_id", "referral_id", "conflict_id"]
    op.create_index("uq_barred_case", "barred", case, unique=True, sqlite_where=STILL, postgresql_where=STILL)
    op.create_index("ix_barred_referral", "barred", ["referral_id"])
    op.create_index("ix_barred_conflict", "barred", ["conflict_id"])
