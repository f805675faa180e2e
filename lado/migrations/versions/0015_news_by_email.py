"""Whether a partner chose to be e-mailed when there is something new for them to read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go up. Whoever was a partner before has been e-mailed all along, and goes on; who comes after is asked."""
    op.add_column("account", sa.Column("wants_news", sa.Boolean(), nullable=True))
    op.execute("UPDATE account SET wants_news = true WHERE role = 'partner'")


def downgrade() -> None:
    """Go down."""
    op.execute("ALTER TABLE account DROP COLUMN wants_news")
