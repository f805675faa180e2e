"""The operator's commands: JSON where they report, the exit status as the verdict, errors in words."""

from flask import Flask

from lado.cli.authority import authority
from lado.cli.calendar import calendar
from lado.cli.canaries import canaries
from lado.cli.certificate import certificate
from lado.cli.clocks import clocks
from lado.cli.council import council
from lado.cli.db import db
from lado.cli.directories import directories
from lado.cli.escalations import escalations
from lado.cli.keys import keys
from lado.cli.ledger import ledger
from lado.cli.permissions import permissions
from lado.cli.procedures import procedures
from lado.cli.reads import reads
from lado.cli.tick import tick
from lado.cli.users import users

COMMANDS = (
    authority,
    calendar,
    canaries,
    certificate,
    clocks,
    council,
    db,
    directories,
    escalations,
    keys,
    ledger,
    permissions,
    procedures,
    reads,
    tick,
    users,
)


def register(app: Flask) -> None:
    """Give the application its commands. They act on what it keeps under the name `lado`."""
    for command in COMMANDS:
        app.cli.add_command(command)
