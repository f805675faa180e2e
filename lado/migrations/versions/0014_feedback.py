"""When people are to hear next, and whether and when they were told."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
