"""The sentences for partners, which of them each saw, and messages both ways."""

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
