"""A second lock on PostgreSQL: rows that the application's role may not see.

No table changes. The policies are put on by `lado.migrations.row_security` after the last step of every migration, and
taken off before its first, so that they always speak of the tables as they are; SQLite has none.
"""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Go up: nothing to do."""


def downgrade() -> None:
    """Go down: the policies are off already."""
