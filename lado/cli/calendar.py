"""`flask calendar`: the bank holidays that clocks are counted with."""

from pathlib import Path

import click

from lado.adapters import bank_holidays
from lado.cli.changes import rehearsal
from lado.cli.commands import Commands, open_database, report
from lado.security.identity import SYSTEM
from lado.services import installation
from workflows.calendar import Calendar

calendar = Commands("calendar", help="Keep and rehearse lists of bank holidays.")

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@calendar.command("rehearse")
@FILE
@click.argument("key")
def rehearse_command(file: Path, key: str) -> None:
    """Say case by case what the list in FILE would do to the cases of the council KEY; write nothing."""
    found = _read(file)
    with open_database().reading(SYSTEM) as act:
        report({"calendar": found.version, **rehearsal(act, key, "calendar", found)})


@calendar.command("keep")
@FILE
def keep_command(file: Path) -> None:
    """Keep the list in FILE (bank-holidays.json of GOV.UK); running cases are brought under it one by one."""
    found = _read(file)
    with open_database().work(SYSTEM) as act:
        is_new = installation.keep_holidays(act, found)
    report({"calendar": found.version, "new": is_new, "known_to": found.known_to.isoformat()})


def _read(file: Path) -> Calendar:
    try:
        return bank_holidays.read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise click.ClickException(f"{file} cannot be read.") from problem
