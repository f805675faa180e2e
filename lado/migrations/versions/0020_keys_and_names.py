"""Master keys one after another, and names found by their sound."""

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
