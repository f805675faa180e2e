"""Agencies, settings and contacts; invitations; access that ends by itself."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
