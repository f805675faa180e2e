"""The emergency duty team: what it did, who is on call, and the duty packs that were made."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
