"""What was escalated and found nobody is found at once."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
