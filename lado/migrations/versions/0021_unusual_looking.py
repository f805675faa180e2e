"""What somebody should ask about in the log of reads."""

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
