"""Sessions with limits, accounts that end, and roles that two people give."""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
