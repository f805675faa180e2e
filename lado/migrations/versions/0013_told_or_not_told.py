"""The letters of a council, and when a referrer hears next."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
