"""The sentences for partners, which of them each saw, and messages both ways."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

AT = sa.DateTime(timezone=True)
WAITING = sa.text("stage = 'asked'")
UNSETTLED = sa.text("settled_at IS NULL")
UNOPENED = sa.text("opened_at IS NULL AND stage = 'released'")
TABLES = ("partner_message", "partner_answer", "seen_sentence", "shown_sentence", "wording")
"""In the order in which they can be dropped."""


def upgrade() -> None:
    """Go up."""
    _wordings()
    _seen()
    _answers()
    _messages()


def downgrade() -> None:
    """Go down."""
    for table in TABLES:
        op.drop_table(table)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _wordings() -> None:
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("happening", sa.String(), nullable=False),
        sa.Column("to_do", sa.String(), nullable=False),
        sa.Column("by_when", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        _check("wording", "known_stage", "stage IN ('asked', 'approved', 'refused')"),
        _check("wording", "two_people", "decided_by_id IS NULL OR decided_by_id <> proposed_by_id"),
        _check(
            "wording",
            "decided_by_somebody",
            "(stage = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
        ),
        _check("wording", "decided_after_proposed", "decided_at IS NULL OR proposed_at <= decided_at"),
        _to("wording", "authority_id", "authority"),
        _to("wording", "proposed_by_id", "account"),
        _to("wording", "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
    )
    state = ["authority_id", "procedure", "procedure_version", "state"]
    op.create_index("ix_wording_state", "wording", state)
    op.create_index("uq_wording_waiting", "wording", state, unique=True, sqlite_where=WAITING, postgresql_where=WAITING)


def _seen() -> None:
    op.create_table(
        "shown_sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("happening", sa.String(), nullable=False),
        sa.Column("to_do", sa.String(), nullable=False),
        sa.Column("by_when", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_sentence")),
        sa.UniqueConstraint("digest", name=op.f("uq_shown_sentence_digest")),
    )
    op.create_table(
        "seen_sentence",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_list", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("first_at", AT, nullable=False),
        sa.Column("last_at", AT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        _check("seen_sentence", "seen_in_order", "first_at <= last_at AND times >= 1"),
        _to("seen_sentence", "referral_id", "referral"),
        _to("seen_sentence", "account_id", "account"),
        _to("seen_sentence", "sentence_id", "shown_sentence"),
        sa.PrimaryKeyConstraint("referral_id", "account_id", "is_list", "number", name=op.f("pk_seen_sentence")),
    )


def _answers() -> None:
    op.create_table(
        "partner_answer",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("decided_at", AT, nullable=False),
        sa.Column("opened_at", AT, nullable=True),
        sa.Column("acknowledged_at", AT, nullable=True),
        _check("partner_answer", "known_stage", "stage IN ('released', 'withheld')"),
        _check("partner_answer", "acknowledged_when_released", "acknowledged_at IS NULL OR stage = 'released'"),
        _to("partner_answer", "referral_id", "referral"),
        _to("partner_answer", "account_id", "account"),
        sa.PrimaryKeyConstraint("referral_id", "account_id", name=op.f("pk_partner_answer")),
    )
    op.create_index(
        "ix_partner_answer_unopened",
        "partner_answer",
        ["referral_id"],
        sqlite_where=UNOPENED,
        postgresql_where=UNOPENED,
    )


def _messages() -> None:
    op.create_table(
        "partner_message",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("is_from_partner", sa.Boolean(), nullable=False),
        sa.Column("sent_at", AT, nullable=False),
        sa.Column("settled_at", AT, nullable=True),
        _check("partner_message", "settled_after_sent", "settled_at IS NULL OR sent_at <= settled_at"),
        _to("partner_message", "referral_id", "referral"),
        _to("partner_message", "authority_id", "authority"),
        _to("partner_message", "account_id", "account"),
        sa.PrimaryKeyConstraint("referral_id", "number", name=op.f("pk_partner_message")),
    )
    op.create_index("ix_partner_message_account", "partner_message", ["account_id", "referral_id"])
    op.create_index(
        "ix_partner_message_waiting",
        "partner_message",
        ["authority_id", "sent_at"],
        sqlite_where=UNSETTLED,
        postgresql_where=UNSETTLED,
    )
