"""Snoozed and taken-over escalations, urgent cases, and what became of notices."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

AT = sa.DateTime(timezone=True)

UNSENT_BEFORE = "state <> 'sent'"
UNSENT = "state NOT IN ('sent', 'delivered')"
ASKED = "ask_at IS NOT NULL"


def upgrade() -> None:
    """Go up."""
    _ladders()
    _what_became_of_notices()


def downgrade() -> None:
    """Go down."""
    _ladders_as_before()
    _notices_as_before()


def _ladders() -> None:
    """What is still to come stands beside each due moment; an empty text is worked out anew at the next tick."""
    op.add_column("due_moment", sa.Column("steps", sa.String(), server_default="", nullable=False))
    op.add_column("escalation", sa.Column("snoozed_until_at", AT, nullable=True))
    op.add_column("referral", sa.Column("is_urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "node",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("lease_until_at", AT, nullable=False),
        sa.Column("off_by_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_node")),
    )
    op.create_table(
        "unrecorded",
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("found_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["case_clock.id"], name=op.f("fk_unrecorded_clock_id_case_clock")),
        sa.PrimaryKeyConstraint("clock_id", name=op.f("pk_unrecorded")),
    )


def _ladders_as_before() -> None:
    op.drop_table("unrecorded")
    op.drop_table("node")
    op.execute("ALTER TABLE referral DROP COLUMN is_urgent")
    op.execute("ALTER TABLE escalation DROP COLUMN snoozed_until_at")
    op.execute("ALTER TABLE due_moment DROP COLUMN steps")


def _what_became_of_notices() -> None:
    op.drop_index("ix_notice_unsent", "notice")
    with op.batch_alter_table("notice") as notice:
        notice.drop_constraint(op.f("ck_notice_sent_has_time"), type_="check")
        notice.add_column(sa.Column("is_unsure", sa.Boolean(), nullable=False, server_default=sa.false()))
        for name in ("delivered_at", "ask_at", "moved_at"):
            notice.add_column(sa.Column(name, AT, nullable=True))
        for name in ("instead_of_id", "stands_for_id"):
            notice.add_column(sa.Column(name, sa.Integer(), nullable=True))
        notice.create_foreign_key(op.f("fk_notice_instead_of_id_account"), "account", ["instead_of_id"], ["id"])
        notice.create_foreign_key(op.f("fk_notice_stands_for_id_notice"), "notice", ["stands_for_id"], ["id"])
        notice.create_unique_constraint(op.f("uq_notice_stands_for_id"), ["stands_for_id"])
        notice.create_check_constraint(
            op.f("ck_notice_sent_has_time"), "state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL"
        )
        notice.create_check_constraint(
            op.f("ck_notice_delivered_has_time"), "(state = 'delivered') = (delivered_at IS NOT NULL)"
        )
    _index_unsent(UNSENT)
    op.create_index(
        "ix_notice_asked", "notice", ["ask_at"], sqlite_where=sa.text(ASKED), postgresql_where=sa.text(ASKED)
    )
    # What failed before is shown already, and its person has long been told in another way.
    op.execute("UPDATE notice SET moved_at = next_try_at WHERE state = 'failed'")


def _notices_as_before() -> None:
    op.drop_index("ix_notice_asked", "notice")
    op.drop_index("ix_notice_unsent", "notice")
    op.execute("UPDATE notice SET state = 'sent', delivered_at = NULL WHERE state = 'delivered'")
    op.execute("UPDATE notice SET sent_at = NULL WHERE state <> 'sent'")
    with op.batch_alter_table("notice") as notice:
        for name in ("ck_notice_delivered_has_time", "ck_notice_sent_has_time"):
            notice.drop_constraint(op.f(name), type_="check")
        notice.drop_constraint(op.f("uq_notice_stands_for_id"), type_="unique")
        for name in ("fk_notice_stands_for_id_notice", "fk_notice_instead_of_id_account"):
            notice.drop_constraint(op.f(name), type_="foreignkey")
        for name in ("is_unsure", "delivered_at", "ask_at", "moved_at", "instead_of_id", "stands_for_id"):
            notice.drop_column(name)
        notice.create_check_constraint(op.f("ck_notice_sent_has_time"), "(state = 'sent') = (sent_at IS NOT NULL)")
    _index_unsent(UNSENT_BEFORE)


def _index_unsent(where: str) -> None:
    op.create_index(
        "ix_notice_unsent",
        "notice",
        ["state", "next_try_at"],
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
