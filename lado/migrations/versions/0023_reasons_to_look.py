"""Why somebody opened a case that is not theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "look_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("given_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("until_at > given_at", name=op.f("ck_look_reason_holds_for_a_while")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_look_reason_account_id_account")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_look_reason_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_reason")),
    )
    op.create_index("uq_look_reason_person", "look_reason", ["referral_id", "account_id", "given_at"], unique=True)


def downgrade() -> None:
    """Go down."""
    op.drop_table("look_reason")
