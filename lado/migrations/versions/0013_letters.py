"""The letters and e-mails by which people are told."""

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
