"""Passkeys, authenticator apps and how an account is recovered."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

AT = sa.DateTime(timezone=True)
TABLES = ("sign_in", "spent_challenge", "asked_for_link", "sign_in_step", "account_link", "factor")


def upgrade() -> None:
    """Go up. Who was signed in by a password alone signs in again."""
    op.execute("UPDATE login_session SET ended_at = seen_at WHERE ended_at IS NULL")
    op.add_column("login_session", sa.Column("proved_at", AT, nullable=True))
    _factors()
    _links()
    _steps()
    _seen()


def downgrade() -> None:
    """Go down. Sessions end."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("UPDATE login_session SET ended_at = seen_at WHERE ended_at IS NULL")
    op.execute("ALTER TABLE login_session DROP COLUMN proved_at")


def _account(table: str, column: str = "account_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}_account"))


def _factors() -> None:
    op.create_table(
        "factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("last_used", sa.Integer(), nullable=False),
        sa.Column("added_at", AT, nullable=False),
        sa.Column("used_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.CheckConstraint("kind IN ('passkey', 'codes')", name=op.f("ck_factor_known_kind")),
        sa.CheckConstraint("(kind = 'passkey') = (public_key IS NOT NULL)", name=op.f("ck_factor_passkey_has_key")),
        _account("factor"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor")),
        sa.UniqueConstraint("credential", name=op.f("uq_factor_credential")),
    )
    op.create_index(op.f("ix_factor_account_id"), "factor", ["account_id"])


def _links() -> None:
    op.create_table(
        "account_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", AT, nullable=True),
        sa.Column("used_at", AT, nullable=True),
        sa.Column("withdrawn_at", AT, nullable=True),
        sa.CheckConstraint("kind IN ('password', 'factor')", name=op.f("ck_account_link_known_kind")),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> made_by_id",
            name=op.f("ck_account_link_confirmed_by_another"),
        ),
        sa.CheckConstraint("ends_at IS NULL OR made_at < ends_at", name=op.f("ck_account_link_ends_after_made")),
        _account("account_link"),
        _account("account_link", "made_by_id"),
        _account("account_link", "confirmed_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_account_link_digest")),
    )
    op.create_index(op.f("ix_account_link_account_id"), "account_link", ["account_id"])
    op.create_table(
        "asked_for_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asked_for_link")),
    )


def _steps() -> None:
    op.create_table(
        "sign_in_step",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.CheckConstraint("made_at < ends_at", name=op.f("ck_sign_in_step_ends_after_made")),
        _account("sign_in_step"),
        sa.ForeignKeyConstraint(["link_id"], ["account_link.id"], name=op.f("fk_sign_in_step_link_id_account_link")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_step")),
    )
    op.create_index(op.f("ix_sign_in_step_account_id"), "sign_in_step", ["account_id"])
    op.create_index(op.f("ix_sign_in_step_ends_at"), "sign_in_step", ["ends_at"])


def _seen() -> None:
    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("spent_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
    )
    op.create_index(op.f("ix_spent_challenge_spent_at"), "spent_challenge", ["spent_at"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("happened_at", AT, nullable=False),
        _account("sign_in"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index("ix_sign_in_account_at", "sign_in", ["account_id", "happened_at"])
