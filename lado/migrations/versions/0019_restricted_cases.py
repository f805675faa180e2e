"""Cases that exist for a list of people only, and how two people break the glass."""

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
