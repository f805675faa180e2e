"""`flask ledger`: prove that the screen is the record."""

import click

from lado.cli.commands import Commands, open_database, report
from lado.security.identity import SYSTEM
from lado.services import verification

ledger = Commands("ledger", help="Prove the record.")


@ledger.command("verify")
def verify_command() -> None:
    """Replay every case and compare it with the tables that screens query; exit 1 when anything differs."""
    with open_database().reading(SYSTEM) as act:
        verdict = verification.verify(act)
    report(
        {
            "cases": verdict.cases,
            "entries": verdict.entries,
            "differences": [difference._asdict() for difference in verdict.differences],
        }
    )
    if verdict.differences:
        raise click.exceptions.Exit(1)
