"""`flask db`: bring the database to the shape that this version needs."""

from lado import migrations
from lado.adapters.bank_holidays import england
from lado.cli.commands import Commands, installed, open_database, report
from lado.db import make_engine
from lado.queries import privileges
from lado.security.identity import SYSTEM
from lado.services import feedback, installation, standings, subjects

db = Commands("db", help="Make or change the database's tables.")


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database up to date and keep the bank holidays that clocks are counted with.

    How cases stood that were recorded before that was kept is filled in from their records, and partners are kept from
    cases about themselves whose accounts are older than that.

    On PostgreSQL the role of LADO_OWNER_URL does it, and gives the role of DATABASE_URL what it needs and no more.
    """
    here = installed()
    database, owner_url = here.database, here.settings.owner_url
    if owner_url is None:
        migrations.upgrade(database.engine, link=database.vault.link)
    else:
        owner = make_engine(owner_url)
        migrations.upgrade(owner, link=database.vault.link, role=database.engine.url.username)
        owner.dispose()
    calendar = england()
    with open_database().work(SYSTEM) as act:
        installation.keep_holidays(act, calendar)
        standings.fill(act)
        feedback.fill(act)
        subjects.fill(act)
        warnings = privileges.too_many(act.session)
    report({"up_to_date": True, "calendar": calendar.version, "warnings": warnings})
