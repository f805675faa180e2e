"""How many open cases an officer may have, and the decisions to bring in second cover when demand is above its level."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

AT = sa.DateTime(timezone=True)
COUNCIL = sa.text("account_id IS NULL")
OFFICER = sa.text("account_id IS NOT NULL")

NEVER_CHANGED = ("demand_limit", "demand_alarm")
"""Decisions: written once."""

REPLACED = """CREATE TRIGGER {table}_is_never_replaced BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'what is in {table} is never replaced'); END"""
"""On SQLite a row that replaces another one deletes it without a trigger of its own."""


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "demand_limit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("most_open", sa.Integer(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", AT, nullable=False),
        sa.CheckConstraint("most_open > 0", name=op.f("ck_demand_limit_some_cases")),
        _to("demand_limit", "authority_id", "authority"),
        _to("demand_limit", "set_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_limit")),
    )
    op.create_index("ix_demand_limit_authority", "demand_limit", ["authority_id", "id"])
    _alarms()
    for table in NEVER_CHANGED:
        _protect(table)


def downgrade() -> None:
    """Go down."""
    op.drop_table("demand_alarm")
    op.drop_table("demand_limit")


def _alarms() -> None:
    op.create_table(
        "demand_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=False),
        sa.CheckConstraint("kind IN ('arrivals', 'open_cases')", name=op.f("ck_demand_alarm_known_kind")),
        sa.CheckConstraint(
            "(kind = 'open_cases') = (account_id IS NOT NULL)", name=op.f("ck_demand_alarm_officer_where_open_cases")
        ),
        sa.CheckConstraint("counted > most", name=op.f("ck_demand_alarm_above_limit")),
        _to("demand_alarm", "authority_id", "authority"),
        _to("demand_alarm", "account_id", "account"),
        _to("demand_alarm", "second_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_alarm")),
    )
    op.create_index("ix_demand_alarm_until", "demand_alarm", ["authority_id", "until_at"])
    _once("uq_demand_alarm_council", ["authority_id", "week_on"], COUNCIL)
    _once("uq_demand_alarm_officer", ["account_id", "week_on"], OFFICER)


def _once(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "demand_alarm", columns, unique=True, sqlite_where=where, postgresql_where=where)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _protect(table: str) -> None:
    """Let the database itself refuse to change or delete a row of this table."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb, what in (("UPDATE", "changed"), ("DELETE", "deleted")):
        op.execute(
            f"CREATE TRIGGER {table}_is_never_{what} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'what is in {table} is never {what}'); END"
        )
    op.execute(REPLACED.format(table=table))
