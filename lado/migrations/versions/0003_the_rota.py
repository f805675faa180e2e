"""Working patterns, duty, changes to it and swaps, who covers second, and who really covered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

AT = sa.DateTime(timezone=True)
NOW = sa.text("until_at IS NULL")
RANKS = "rank IN (1, 2)"
TABLES = ("feed_entry", "feed", "cover_history", "duty_swap", "duty_change", "duty_rule", "working_pattern")
"""In the order in which they can be dropped."""

SECOND = """ALTER TABLE absence ADD COLUMN second_id INTEGER
    CONSTRAINT fk_absence_second_id_account REFERENCES account (id)
    CONSTRAINT ck_absence_second_is_another
    CHECK (second_id IS NULL OR (cover_id IS NOT NULL AND second_id <> account_id AND second_id <> cover_id))"""


def upgrade() -> None:
    """Go up."""
    op.execute(SECOND)
    _patterns()
    _duty()
    _changes()
    _swaps()
    _history()
    _feeds()


def downgrade() -> None:
    """Go down."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("ALTER TABLE absence DROP COLUMN second_id")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _patterns() -> None:
    op.create_table(
        "working_pattern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("week", sa.String(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        _to("working_pattern", "authority_id", "authority"),
        _to("working_pattern", "account_id", "account"),
        _to("working_pattern", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_pattern")),
    )
    op.create_index(op.f("ix_working_pattern_authority_id"), "working_pattern", ["authority_id"])


def _duty() -> None:
    op.create_table(
        "duty_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        _check("duty_rule", "known_rank", RANKS),
        _check("duty_rule", "known_weekday", "weekday BETWEEN 0 AND 6"),
        _to("duty_rule", "authority_id", "authority"),
        _to("duty_rule", "account_id", "account"),
        _to("duty_rule", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_rule")),
    )
    op.create_index(op.f("ix_duty_rule_authority_id"), "duty_rule", ["authority_id"])


def _changes() -> None:
    op.create_table(
        "duty_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("cancelled_at", AT, nullable=True),
        _check("duty_change", "known_rank", RANKS),
        _check("duty_change", "known_kind", "kind IN ('add', 'remove', 'replace')"),
        _check("duty_change", "replaced_by_somebody", "(kind = 'replace') = (by_id IS NOT NULL)"),
        _check("duty_change", "not_by_themselves", "by_id IS NULL OR by_id <> account_id"),
        _check("duty_change", "ends_after_start", "from_at < until_at"),
        _to("duty_change", "authority_id", "authority"),
        _to("duty_change", "account_id", "account"),
        _to("duty_change", "by_id", "account"),
        _to("duty_change", "recorded_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_change")),
    )
    op.create_index("ix_duty_change_until", "duty_change", ["authority_id", "until_at"])


def _swaps() -> None:
    op.create_table(
        "duty_swap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", AT, nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        _check("duty_swap", "known_rank", RANKS),
        _check("duty_swap", "known_state", "state IN ('open', 'taken', 'withdrawn', 'past')"),
        _check("duty_swap", "open_until_settled", "(state = 'open') = (settled_at IS NULL)"),
        _check("duty_swap", "taken_is_a_change", "(state = 'taken') = (change_id IS NOT NULL)"),
        _check("duty_swap", "ends_after_start", "from_at < until_at"),
        _to("duty_swap", "authority_id", "authority"),
        _to("duty_swap", "account_id", "account"),
        _to("duty_swap", "change_id", "duty_change"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_swap")),
    )
    op.create_index("ix_duty_swap_state", "duty_swap", ["authority_id", "state", "until_at"])


def _history() -> None:
    op.create_table(
        "cover_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("found_id", sa.Integer(), nullable=True),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("passed", sa.String(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=True),
        _check("cover_history", "ends_after_start", "until_at IS NULL OR from_at < until_at"),
        _to("cover_history", "authority_id", "authority"),
        _to("cover_history", "account_id", "account"),
        _to("cover_history", "found_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover_history")),
    )
    op.create_index(
        "uq_cover_history_now",
        "cover_history",
        ["authority_id", "subject"],
        unique=True,
        sqlite_where=NOW,
        postgresql_where=NOW,
    )
    op.create_index("ix_cover_history_then", "cover_history", ["authority_id", "until_at"])


def _feeds() -> None:
    """The calendars that telephones read, and what was sent of them."""
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", AT, nullable=False),
        _check("feed", "own_or_team", "scope IN ('own', 'team')"),
        _to("feed", "authority_id", "authority"),
        _to("feed", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.create_index("uq_feed_account_scope", "feed", ["account_id", "scope"], unique=True)
    op.create_index("uq_feed_digest", "feed", ["digest"], unique=True)
    op.create_table(
        "feed_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", AT, nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        _check("feed_entry", "ends_after_start", "from_at < until_at"),
        _to("feed_entry", "feed_id", "feed"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_entry")),
    )
    op.create_index("uq_feed_entry_key", "feed_entry", ["feed_id", "key"], unique=True)
