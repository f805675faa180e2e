"""`flask authority`: the councils that this installation serves."""

import click

from lado.cli.commands import Commands, open_database, report
from lado.security.identity import SYSTEM
from lado.services import installation

authority = Commands("authority", help="Add a council.")


@authority.command("add")
@click.argument("key")
@click.option("--name", required=True, help="The council's name as pages show it.")
@click.option("--prefix", required=True, help="The letters that its references begin with, such as NB.")
@click.option("--phone", default="", help="The number that people ring.")
@click.option("--colour", default=installation.COLOUR, show_default=True, help="Its colour, as #rrggbb.")
def add_command(key: str, name: str, prefix: str, phone: str, colour: str) -> None:
    """Add the council KEY, with the national standards as its rules."""
    with open_database().work(SYSTEM) as act:
        installation.begin_if_new(act)
        added = installation.add_authority(
            act, installation.NewAuthority(key, name, prefix.upper(), colour=colour, phone=phone)
        )
        report({"authority": added.key, "name": added.name, "prefix": added.prefix})
