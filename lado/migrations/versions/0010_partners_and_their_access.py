"""Agencies, settings and contacts; invitations; access that ends by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

AT = sa.DateTime(timezone=True)
SINCE_THIS = ("sealed", "ended_by_id", "given_by_id", "ends_at", "agency_id")
"""What a grant of access says since this version."""

GRANT_TO = (("agency_id", "agency"), ("given_by_id", "account"), ("ended_by_id", "account"))
ENDED = "(ended_at IS NULL) = (ended_by_id IS NULL)"


def upgrade() -> None:
    """Go up."""
    op.add_column("account", sa.Column("ends_at", AT, nullable=True))
    _grants()
    _places()
    _contacts()
    _invitations()


def downgrade() -> None:
    """Go down. What ended by itself is kept as ended, so that nobody sees more than before."""
    for table in ("invitation", "agency_contact", "agency_setting"):
        op.drop_table(table)
    op.execute("UPDATE grant_of_access SET ended_at = ends_at WHERE ended_at IS NULL AND ends_at IS NOT NULL")
    op.execute("UPDATE account SET disabled_at = ends_at WHERE disabled_at IS NULL AND ends_at IS NOT NULL")
    with op.batch_alter_table("grant_of_access") as grant:
        for name in ("ends_after_granted", "ended_by_somebody"):
            grant.drop_constraint(op.f(f"ck_grant_of_access_{name}"), type_="check")
        for column, table in GRANT_TO:
            grant.drop_constraint(op.f(f"fk_grant_of_access_{column}_{table}"), type_="foreignkey")
        for column in SINCE_THIS:
            grant.drop_column(column)
    op.execute("ALTER TABLE account DROP COLUMN ends_at")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _grants() -> None:
    """Say of each grant for which agency it is: that of the account. One that was given before has no reason."""
    with op.batch_alter_table("grant_of_access") as grant:
        grant.add_column(sa.Column("agency_id", sa.Integer(), nullable=True))
        grant.add_column(sa.Column("ends_at", AT, nullable=True))
        grant.add_column(sa.Column("given_by_id", sa.Integer(), nullable=True))
        grant.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        grant.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        for column, table in GRANT_TO:
            grant.create_foreign_key(op.f(f"fk_grant_of_access_{column}_{table}"), table, [column], ["id"])
        grant.create_check_constraint(
            op.f("ck_grant_of_access_ends_after_granted"), "ends_at IS NULL OR ends_at > granted_at"
        )
        grant.create_check_constraint(
            op.f("ck_grant_of_access_ended_by_somebody"), "ended_by_id IS NULL OR ended_at IS NOT NULL"
        )
    op.execute(
        "UPDATE grant_of_access SET agency_id ="
        " (SELECT account.agency_id FROM account WHERE account.id = grant_of_access.account_id)"
    )
    with op.batch_alter_table("grant_of_access") as grant:
        grant.alter_column("agency_id", existing_type=sa.Integer(), nullable=False)


def _places() -> None:
    op.create_table(
        "agency_setting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", AT, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(ENDED, name=op.f("ck_agency_setting_ended_by_somebody")),
        _to("agency_setting", "agency_id", "agency"),
        _to("agency_setting", "added_by_id", "account"),
        _to("agency_setting", "ended_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_setting")),
    )
    op.create_index(op.f("ix_agency_setting_agency_id"), "agency_setting", ["agency_id"])


def _contacts() -> None:
    op.create_table(
        "agency_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("setting_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", AT, nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(ENDED, name=op.f("ck_agency_contact_ended_by_somebody")),
        _to("agency_contact", "agency_id", "agency"),
        _to("agency_contact", "setting_id", "agency_setting"),
        _to("agency_contact", "changed_by_id", "account"),
        _to("agency_contact", "ended_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_contact")),
    )
    op.create_index(op.f("ix_agency_contact_agency_id"), "agency_contact", ["agency_id"])


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("accepted_at", AT, nullable=True),
        sa.Column("withdrawn_at", AT, nullable=True),
        sa.CheckConstraint("made_at < ends_at", name=op.f("ck_invitation_ends_after_made")),
        sa.CheckConstraint(
            "accepted_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_invitation_accepted_or_withdrawn")
        ),
        _to("invitation", "account_id", "account"),
        _to("invitation", "made_by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_index(op.f("ix_invitation_account_id"), "invitation", ["account_id"])
