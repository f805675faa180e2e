"""What proves the record, corrections, changes, and how cases stood; entries recorded before are linked."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from lado.domain.chain import GENESIS, Linked, canonical, digest_of

revision = "0002"
down_revision = "0001"

AT = sa.DateTime(timezone=True)

TABLES = (
    "holiday_review",
    "changed_case",
    "change",
    "correction",
    "standing",
    "read_entry",
    "certificate",
    "witness",
    "checkpoint",
    "ledger_head",
)
"""In the order in which they can be dropped."""

NEVER_CHANGED = ("checkpoint", "read_entry", "certificate")
"""Written once, as ledger entries are."""

COLUMNS = ("sequence", "role", "login", "link")
"""What a ledger entry has had since."""

SAME_ENTRY = "id = NEW.id OR sequence = NEW.sequence OR (referral_id = NEW.referral_id AND number = NEW.number)"
"""Each way in which an entry could stand in another one's place. A connection that fires no triggers for the rows that
REPLACE deletes is met before it comes to that."""

CORRECTED_AT = "corrected_received_at {instant} CONSTRAINT ck_referral_corrected_before_recorded CHECK ({order})"
CORRECTED_ORDER = "corrected_received_at IS NULL OR corrected_received_at <= recorded_at"

NEVER_REPLACED = """CREATE TRIGGER ledger_entry_is_never_replaced BEFORE INSERT ON ledger_entry
    WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE {same})
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never replaced'); END"""

REPLACED = """CREATE TRIGGER {table}_is_never_replaced BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'what is in {table} is never replaced'); END"""

NEVER_CHANGED_OR_DELETED = (
    """CREATE TRIGGER ledger_entry_is_never_changed BEFORE UPDATE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never changed'); END""",
    """CREATE TRIGGER ledger_entry_is_never_deleted BEFORE DELETE ON ledger_entry
    BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END""",
)
"""SQLite's, which go when the table is made anew."""

REFERRAL_SQLITE = (
    "DROP TRIGGER referral_dates_are_never_changed",
    # Without a list of columns: SQLite compares such a list with the names in the statement, and an id has others too.
    """CREATE TRIGGER referral_dates_are_never_changed BEFORE UPDATE ON referral
    WHEN OLD.received_at IS NOT NEW.received_at OR OLD.recorded_at IS NOT NEW.recorded_at
    BEGIN SELECT RAISE(ABORT, 'a received or recorded date is never overwritten'); END""",
    """CREATE TRIGGER referral_is_never_another BEFORE UPDATE ON referral
    WHEN OLD.id IS NOT NEW.id OR OLD.reference IS NOT NEW.reference OR OLD.authority_id IS NOT NEW.authority_id
    BEGIN SELECT RAISE(ABORT, 'a referral never becomes another one'); END""",
    """CREATE TRIGGER referral_is_never_replaced BEFORE INSERT ON referral
    WHEN EXISTS (SELECT 1 FROM referral WHERE id = NEW.id OR reference = NEW.reference)
    BEGIN SELECT RAISE(ABORT, 'a referral is never replaced'); END""",
)

REFERRAL_POSTGRESQL = (
    """CREATE TRIGGER referral_is_never_another BEFORE UPDATE ON referral
    FOR EACH ROW WHEN (OLD.id <> NEW.id OR OLD.reference <> NEW.reference OR OLD.authority_id <> NEW.authority_id)
    EXECUTE FUNCTION refuse_change()""",
)

REFERRAL_BEFORE = """CREATE TRIGGER referral_dates_are_never_changed BEFORE UPDATE OF received_at, recorded_at ON referral
    WHEN OLD.received_at IS NOT NEW.received_at OR OLD.recorded_at IS NOT NEW.recorded_at
    BEGIN SELECT RAISE(ABORT, 'a received or recorded date is never overwritten'); END"""
"""What stood on SQLite before this version."""

HEAD_SQLITE = (
    """CREATE TRIGGER ledger_head_never_goes_back BEFORE UPDATE ON ledger_head
    WHEN NEW.entries < OLD.entries OR (NEW.entries = OLD.entries AND NEW.link IS NOT OLD.link)
    BEGIN SELECT RAISE(ABORT, 'the head of the record never goes back'); END""",
    """CREATE TRIGGER ledger_head_is_never_deleted BEFORE DELETE ON ledger_head
    BEGIN SELECT RAISE(ABORT, 'the head of the record is never deleted'); END""",
    """CREATE TRIGGER ledger_head_is_never_replaced BEFORE INSERT ON ledger_head
    WHEN EXISTS (SELECT 1 FROM ledger_head)
    BEGIN SELECT RAISE(ABORT, 'the head of the record is never replaced'); END""",
)

HEAD_POSTGRESQL = (
    """CREATE TRIGGER ledger_head_never_goes_back BEFORE UPDATE ON ledger_head
    FOR EACH ROW WHEN (NEW.entries < OLD.entries OR (NEW.entries = OLD.entries AND NEW.link <> OLD.link))
    EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_head_is_never_deleted BEFORE DELETE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_head_is_never_emptied BEFORE TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    """Go up."""
    _link_entries()
    _guard_referrals()
    _calendar_of_each_case()
    op.add_column("rule_set", sa.Column("why", sa.String(), server_default="", nullable=False))
    _what_proves()
    _who_looked()
    _how_cases_stood()
    _corrections()
    _changes()
    for table in NEVER_CHANGED:
        _protect(table)


def downgrade() -> None:
    """Go down."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("ALTER TABLE rule_set DROP COLUMN why")
    op.execute("ALTER TABLE referral DROP COLUMN calendar")
    op.drop_index("ix_referral_recorded", "referral")
    op.execute("ALTER TABLE referral DROP COLUMN corrected_received_at")
    if _is_sqlite():
        for name in ("referral_is_never_replaced", "referral_dates_are_never_changed", "referral_is_never_another"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute(REFERRAL_BEFORE)
        op.execute("DROP TRIGGER ledger_entry_is_never_replaced")
    op.drop_index("uq_ledger_entry_sequence", "ledger_entry")
    for name in COLUMNS:
        op.execute(f"ALTER TABLE ledger_entry DROP COLUMN {name}")
    if _is_sqlite():
        op.execute(NEVER_REPLACED.format(same="id = NEW.id"))
    else:
        op.execute("DROP TRIGGER referral_is_never_another ON referral")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _link_entries() -> None:
    """Number and link the entries that were recorded before entries were linked, in the order of their ids."""
    types: tuple[sa.types.TypeEngine[Any], ...] = (sa.Integer(), sa.String(), sa.String(), sa.LargeBinary())
    for name, kind in zip(COLUMNS, types, strict=True):
        op.add_column("ledger_entry", sa.Column(name, kind, nullable=True))
    if _is_sqlite():
        op.execute("DROP TRIGGER ledger_entry_is_never_changed")
    else:
        op.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
    entries, link = _linked()
    with op.batch_alter_table("ledger_entry") as entry:
        for name, kind in zip(COLUMNS, types, strict=True):
            entry.alter_column(name, existing_type=kind, nullable=False)
    op.create_index("uq_ledger_entry_sequence", "ledger_entry", ["sequence"], unique=True)
    if _is_sqlite():
        for statement in NEVER_CHANGED_OR_DELETED:
            op.execute(statement)
        op.execute(NEVER_REPLACED.format(same=SAME_ENTRY))
    else:
        op.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    head = op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_ledger_head_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_head")),
    )
    op.bulk_insert(head, [{"id": 1, "entries": entries, "link": link}])
    for statement in HEAD_SQLITE if _is_sqlite() else HEAD_POSTGRESQL:
        op.execute(statement)


def _guard_referrals() -> None:
    """Add the corrected date, never after the day of recording, and close the ways round the triggers of 0001."""
    instant = "DATETIME" if _is_sqlite() else "TIMESTAMP WITH TIME ZONE"
    op.execute(f"ALTER TABLE referral ADD COLUMN {CORRECTED_AT.format(instant=instant, order=CORRECTED_ORDER)}")
    for statement in REFERRAL_SQLITE if _is_sqlite() else REFERRAL_POSTGRESQL:
        op.execute(statement)


def _linked() -> tuple[int, bytes]:
    """How many entries there are, and the link of the last."""
    entry = sa.table(
        "ledger_entry",
        *(sa.column(name) for name in ("id", "referral_id", "number", "kind", "data", "sealed", "actor_id", *COLUMNS)),
        sa.column("recorded_at", AT),
    )
    sequence, link = 0, GENESIS
    linker = context.config.attributes.get("link")
    for row in op.get_bind().execute(sa.select(entry).order_by(entry.c.id)).all():
        if linker is None:
            raise RuntimeError(
                "the entries of this database have to be linked: bring it up to date with flask db upgrade"
            )
        sequence, role = sequence + 1, "system" if row.actor_id is None else ""
        recorded_at: datetime = row.recorded_at
        if recorded_at.tzinfo is None:
            recorded_at = recorded_at.replace(tzinfo=UTC)
        said = Linked(
            sequence,
            row.referral_id,
            row.number,
            row.kind,
            row.data,
            digest_of(row.sealed),
            row.actor_id,
            role,
            "",
            recorded_at,
        )
        link = linker(link, canonical(said))
        op.get_bind().execute(
            sa.update(entry).where(entry.c.id == row.id).values(sequence=sequence, role=role, login="", link=link)
        )
    return sequence, link


def _protect(table: str) -> None:
    """Let the database itself refuse to change or delete a row of this table."""
    if not _is_sqlite():
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


def _calendar_of_each_case() -> None:
    """Say beside each case which calendar it counts with: the one that its first entry names."""
    op.add_column("referral", sa.Column("calendar", sa.String(), nullable=False, server_default=""))
    named = "json_extract(data, '$.calendar')" if _is_sqlite() else "data::json->>'calendar'"
    op.execute(
        f"UPDATE referral SET calendar = (SELECT {named} FROM ledger_entry "  # noqa: S608 - no value of anybody's
        "WHERE referral_id = referral.id AND number = 1)"
    )


def _what_proves() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("reads_digest", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "witness",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("checkpoint_id", sa.Integer(), nullable=True),
        sa.Column("arrived_at", AT, nullable=True),
        sa.Column("failing_since_at", AT, nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_witness")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_certificate_authority_id_authority")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    op.create_index("ix_certificate_authority", "certificate", ["authority_id", "id"])


def _who_looked() -> None:
    op.create_table(
        "read_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("right", sa.String(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_read_entry_account_id_account")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_read_entry_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_entry")),
    )
    op.create_index("ix_read_entry_referral", "read_entry", ["referral_id", "id"])
    op.create_index("ix_read_entry_account", "read_entry", ["account_id", "id"])


def _how_cases_stood() -> None:
    op.create_table(
        "standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("from_at", AT, nullable=False),
        sa.Column("until_at", AT, nullable=True),
        sa.Column("node", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("next_clock", sa.String(), nullable=True),
        sa.Column("next_due_at", AT, nullable=True),
        sa.CheckConstraint("until_at IS NULL OR from_at <= until_at", name=op.f("ck_standing_ends_after_start")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_standing_referral_id_referral")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_standing_authority_id_authority")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_standing_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing")),
    )
    op.create_index("uq_standing_referral_from", "standing", ["referral_id", "from_at"], unique=True)
    op.create_index(
        "ix_standing_open",
        "standing",
        ["authority_id", "node"],
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("ix_referral_recorded", "referral", ["authority_id", "recorded_at"])


def _corrections() -> None:
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", AT, nullable=True),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_correction_two_people")
        ),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_correction_decided_has_time")),
        sa.CheckConstraint(
            "decided_at IS NULL OR asked_at <= decided_at", name=op.f("ck_correction_decided_after_asked")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_correction_referral_id_referral")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_correction_authority_id_authority")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_correction_asked_by_id_account")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_correction_decided_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("uq_correction_number", "correction", ["referral_id", "number"], unique=True)
    op.create_index(
        "ix_correction_waiting",
        "correction",
        ["authority_id", "asked_at"],
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )


def _changes() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("done_at", AT, nullable=True),
        sa.Column("reverts_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('rules', 'calendar', 'procedure')", name=op.f("ck_change_known_kind")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_change_authority_id_authority")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_change_asked_by_id_account")),
        sa.ForeignKeyConstraint(["reverts_id"], ["change.id"], name=op.f("fk_change_reverts_id_change")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_authority_id"), "change", ["authority_id"])
    op.create_index(
        "ix_change_open",
        "change",
        ["id"],
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "changed_case",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("done_at", AT, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_changed_case_change_id_change")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_changed_case_referral_id_referral")),
        sa.PrimaryKeyConstraint("change_id", "referral_id", name=op.f("pk_changed_case")),
    )
    op.create_table(
        "holiday_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("would_be_due_at", AT, nullable=False),
        sa.Column("reviewed_at", AT, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name=op.f("fk_holiday_review_change_id_change")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_holiday_review_referral_id_referral")),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_holiday_review_authority_id_authority")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_holiday_review_reviewed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_review")),
    )
    op.create_index(op.f("ix_holiday_review_authority_id"), "holiday_review", ["authority_id"])
    op.create_index(
        "uq_holiday_review", "holiday_review", ["change_id", "referral_id", "clock", "occurrence"], unique=True
    )
