"""Passkeys, authenticator apps and how an account is recovered."""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Go up."""


def downgrade() -> None:
    """Go down."""
