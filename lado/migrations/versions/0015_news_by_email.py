"""Whether a partner chose to be e-mailed about news; and finding the access that ends by itself soon."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Go up. Whoever was a partner before has been e-mailed all along, and goes on; who comes after is asked."""
    op.add_column("account", sa.Column("wants_news", sa.Boolean(), nullable=True))
    op.execute("UPDATE account SET wants_news = true WHERE role = 'partner'")
    by_itself = sa.text("ends_at IS NOT NULL")
    op.create_index("ix_grant_ends", "grant_of_access", ["ends_at"], sqlite_where=by_itself, postgresql_where=by_itself)


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_grant_ends", "grant_of_access")
    op.execute("ALTER TABLE account DROP COLUMN wants_news")
