"""Sessions with limits, accounts that end, and roles that two people give."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

AT = sa.DateTime(timezone=True)
ENDS = sa.text("ends_at IS NOT NULL AND disabled_at IS NULL")
ASKED = sa.text("stage = 'asked'")

FROM_THE_LAST_USE = {
    "sqlite": "UPDATE account SET suspends_at = strftime('%Y-%m-%d %H:%M:%S.000000', coalesce(used_at, created_at),"
    " '+45 days')",
    "postgresql": "UPDATE account SET suspends_at = coalesce(used_at, created_at) + interval '45 days'",
}
OF_PEOPLE = " WHERE NOT EXISTS (SELECT 1 FROM installation WHERE is_demonstration)"
"""Nobody signs in to a demonstration for months, and it shall open all the same."""


def upgrade() -> None:
    """Go up. An account that was not used for 45 days is suspended by this; an administrator wakes it."""
    _accounts()
    _sessions()
    _requests()
    _kept_forms()


def downgrade() -> None:
    """Go down."""
    op.drop_table("kept_form")
    op.drop_table("role_request")
    for column in ("ended_because", "device"):
        op.execute(f"ALTER TABLE login_session DROP COLUMN {column}")
    op.drop_index("ix_account_ends", "account")
    op.drop_index("ix_account_page", "account")
    for column in ("is_temporary", "suspends_at", "used_at"):
        op.execute(f"ALTER TABLE account DROP COLUMN {column}")


def _accounts() -> None:
    op.add_column("account", sa.Column("used_at", AT, nullable=True))
    op.add_column("account", sa.Column("suspends_at", AT, nullable=True))
    op.add_column("account", sa.Column("is_temporary", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_account_page", "account", ["authority_id", "id"])
    op.create_index("ix_account_ends", "account", ["ends_at"], sqlite_where=ENDS, postgresql_where=ENDS)
    op.execute(
        "UPDATE account SET used_at ="
        " (SELECT max(login_session.seen_at) FROM login_session WHERE login_session.account_id = account.id)"
    )
    op.execute(FROM_THE_LAST_USE[op.get_bind().dialect.name] + OF_PEOPLE)


def _sessions() -> None:
    op.add_column("login_session", sa.Column("device", sa.String(), nullable=False, server_default="unknown"))
    op.add_column("login_session", sa.Column("ended_because", sa.String(), nullable=True))


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _requests() -> None:
    table = "role_request"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("email_token", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(stage = 'asked') = (decided_at IS NULL) AND (stage = 'asked') = (decided_by_id IS NULL)",
            name=op.f("ck_role_request_decided_by_somebody"),
        ),
        sa.CheckConstraint(
            "stage <> 'agreed' OR decided_by_id <> asked_by_id", name=op.f("ck_role_request_two_people")
        ),
        sa.CheckConstraint(
            "account_id IS NULL OR account_id <> asked_by_id", name=op.f("ck_role_request_not_for_oneself")
        ),
        sa.CheckConstraint(
            "stage <> 'agreed' OR account_id IS NULL OR account_id <> decided_by_id",
            name=op.f("ck_role_request_not_by_themselves"),
        ),
        _to(table, "authority_id", "authority"),
        _to(table, "account_id", "account"),
        _to(table, "asked_by_id", "account"),
        _to(table, "decided_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
    )
    op.create_index("ix_role_request_authority_id", table, ["authority_id"], sqlite_where=ASKED, postgresql_where=ASKED)
    op.create_index(
        "uq_role_request_waiting", table, ["email_token"], unique=True, sqlite_where=ASKED, postgresql_where=ASKED
    )


def _kept_forms() -> None:
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", AT, nullable=False),
        _to("kept_form", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
    )
    op.create_index(op.f("ix_kept_form_account_id"), "kept_form", ["account_id"])
