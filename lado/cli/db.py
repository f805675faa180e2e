"""`flask db`: bring the database to the shape that this version needs."""

from lado import migrations
from lado.adapters.bank_holidays import england
from lado.cli.commands import Commands, installed, open_database, report
from lado.security.identity import SYSTEM
from lado.services import installation

db = Commands("db", help="Make or change the database's tables.")


@db.command("upgrade")
def upgrade_command() -> None:
    """Bring the database up to date and keep the bank holidays that clocks are counted with."""
    database = installed().database
    migrations.upgrade(database.engine, link=database.vault.link)
    calendar = england()
    with open_database().work(SYSTEM) as act:
        installation.keep_holidays(act, calendar)
    report({"up_to_date": True, "calendar": calendar.version})
