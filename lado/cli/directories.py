"""`flask directories`: whether the councils' own directories answer as they should."""

import click

from lado.adapters.directory import OpenIdDirectory
from lado.cli.commands import Commands, installed, open_database, report
from lado.queries import directories as queries
from lado.security.identity import SYSTEM

directories = Commands("directories", help="Look after signing in with a council's own directory.")


@directories.command("check")
def check_command() -> None:
    """Ask each directory that is set for all but a person, and say in words what is wrong (exit status 1)."""
    entered = installed().settings.directories
    with open_database().reading(SYSTEM) as act:
        known = queries.names_of(act.session, tuple(one.authority for one in entered))
    found = []
    for one in entered:
        faults = OpenIdDirectory(one).faults()
        if one.authority not in known:
            faults.insert(0, f"There is no council with the short name {one.authority}.")
        wanted = f"{one.claim} is one of {', '.join(one.strong)}"
        found.append({"council": one.authority, "issuer": one.issuer, "both_factors_where": wanted, "faults": faults})
    report(found)
    if any(one["faults"] for one in found):
        raise click.ClickException(
            "A directory does not answer as it should. Nobody can sign in with it until it does."
        )
