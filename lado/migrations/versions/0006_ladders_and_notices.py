"""Snoozed and taken-over escalations, urgent cases, and what became of notices."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
