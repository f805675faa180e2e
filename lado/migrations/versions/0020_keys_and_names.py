"""Master keys one after another, and names found by their sound."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

AT = sa.DateTime(timezone=True)
WRAPPED_BY = """
    ALTER TABLE sealing_key ADD COLUMN master_key_id INTEGER
    CONSTRAINT fk_sealing_key_master_key_id_master_key REFERENCES master_key (id)
"""


def upgrade() -> None:
    """Go up. Keys that were wrapped before name no master key; names that were recorded before wait for their sounds."""
    op.create_table(
        "master_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_master_key")),
        sa.UniqueConstraint("name", name=op.f("uq_master_key_name")),
    )
    op.execute(WRAPPED_BY)
    op.create_index("ix_sealing_key_master_key", "sealing_key", ["master_key_id", "id"])
    op.create_table(
        "name_index",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("next_id", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("done_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_name_index")),
    )
    op.execute("INSERT INTO name_index (version, next_id, last_id) SELECT 2, 1, coalesce(max(id), 0) FROM referral")


def downgrade() -> None:
    """Go down."""
    op.drop_table("name_index")
    op.drop_index("ix_sealing_key_master_key", "sealing_key")
    op.execute("ALTER TABLE sealing_key DROP COLUMN master_key_id")
    op.drop_table("master_key")
