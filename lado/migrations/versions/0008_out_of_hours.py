"""The emergency duty team: what it did, who is on call, and the duty packs that were made."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

AT = sa.DateTime(timezone=True)
UNTAKEN = sa.text("accepted_at IS NULL")
TABLES = ("duty_pack", "on_call", "night_rung", "night_contact", "edt_authority")
"""In the order in which they can be dropped."""


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "edt_authority",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        _to("edt_authority", "account_id", "account"),
        _to("edt_authority", "authority_id", "authority"),
        sa.PrimaryKeyConstraint("account_id", "authority_id", name=op.f("pk_edt_authority")),
    )
    _contacts()
    _on_call()
    op.create_table(
        "duty_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _to("duty_pack", "authority_id", "authority"),
        _to("duty_pack", "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_pack")),
    )
    op.create_index("ix_duty_pack_authority", "duty_pack", ["authority_id", "id"])


def downgrade() -> None:
    """Go down."""
    for table in TABLES:
        op.drop_table(table)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _contacts() -> None:
    op.create_table(
        "night_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", AT, nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("in_danger", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("accepted_at", AT, nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("happened_at <= recorded_at", name=op.f("ck_night_contact_happened_before_recorded")),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name=op.f("ck_night_contact_accepted_by_somebody")
        ),
        sa.CheckConstraint("in_danger IN ('yes', 'no', 'not_known')", name=op.f("ck_night_contact_known_danger")),
        _to("night_contact", "authority_id", "authority"),
        _to("night_contact", "worker_id", "account"),
        _to("night_contact", "referral_id", "referral"),
        _to("night_contact", "accepted_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_contact")),
    )
    op.create_index("ix_night_contact_worker", "night_contact", ["worker_id", "id"])
    op.create_index(op.f("ix_night_contact_referral_id"), "night_contact", ["referral_id"])
    op.create_index(
        "ix_night_contact_waiting",
        "night_contact",
        ["authority_id", "due_at"],
        sqlite_where=UNTAKEN,
        postgresql_where=UNTAKEN,
    )
    op.create_table(
        "night_rung",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("told_id", sa.Integer(), nullable=False),
        _to("night_rung", "contact_id", "night_contact"),
        _to("night_rung", "told_id", "account"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_night_rung")),
    )


def _on_call() -> None:
    op.create_table(
        "on_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("cancelled_at", AT, nullable=True),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_on_call_ends_after_start")),
        _to("on_call", "authority_id", "authority"),
        _to("on_call", "account_id", "account"),
        _to("on_call", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call")),
    )
    op.create_index("ix_on_call_until", "on_call", ["authority_id", "until_at"])
