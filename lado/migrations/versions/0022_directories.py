"""Councils' own directories that people sign in with."""

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
