"""What a partner refers on line, with its attachments."""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
