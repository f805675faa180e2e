"""Clocks that lapsed for nobody, kept apart, so that a pass need not search all rungs that ever found nobody.

And room on PostgreSQL's pages of cases, so that a case that is counted on with each of its entries stays where it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

STANDING = """
INSERT INTO lapsed_for_nobody (clock_id, since_at)
SELECT clock_id, min(recorded_at) FROM escalation AS nobody
WHERE told_id IS NULL AND rung NOT LIKE 'warning%' AND NOT EXISTS (
    SELECT 1 FROM escalation AS told
    WHERE told.clock_id = nobody.clock_id AND told.told_id IS NOT NULL AND told.rung NOT LIKE 'warning%'
)
GROUP BY clock_id
"""


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "lapsed_for_nobody",
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["case_clock.id"], name=op.f("fk_lapsed_for_nobody_clock_id_case_clock")),
        sa.PrimaryKeyConstraint("clock_id", name=op.f("pk_lapsed_for_nobody")),
    )
    op.execute(STANDING)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE referral SET (fillfactor = 85)")


def downgrade() -> None:
    """Go down."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE referral RESET (fillfactor)")
    op.drop_table("lapsed_for_nobody")
