"""The letters and e-mails by which people are told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

AT = sa.DateTime(timezone=True)
WAITING = sa.text("stage = 'asked'")


def upgrade() -> None:
    """Go up."""
    _wordings()
    _letters()


def downgrade() -> None:
    """Go down."""
    op.drop_table("letter")
    op.drop_table("letter_wording")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _wordings() -> None:
    op.create_table(
        "letter_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        _check("letter_wording", "known_stage", "stage IN ('asked', 'approved', 'refused')"),
        _check("letter_wording", "two_people", "decided_by_id IS NULL OR decided_by_id <> proposed_by_id"),
        _check(
            "letter_wording",
            "decided_by_somebody",
            "(stage = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
        ),
        _check("letter_wording", "decided_after_proposed", "decided_at IS NULL OR proposed_at <= decided_at"),
        _to("letter_wording", "authority_id", "authority"),
        _to("letter_wording", "proposed_by_id", "account"),
        _to("letter_wording", "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wording")),
    )
    kind = ["authority_id", "audience", "occasion"]
    op.create_index("ix_letter_wording_kind", "letter_wording", kind)
    op.create_index(
        "uq_letter_wording_waiting",
        "letter_wording",
        kind,
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _check("letter", "counted_from_one", "number >= 1"),
        _check("letter", "email_to_somebody", "(occasion = 'email') = (account_id IS NOT NULL)"),
        _to("letter", "referral_id", "referral"),
        _to("letter", "wording_id", "letter_wording"),
        _to("letter", "account_id", "account"),
        _to("letter", "made_by_id", "account"),
        sa.PrimaryKeyConstraint("referral_id", "number", name=op.f("pk_letter")),
    )
