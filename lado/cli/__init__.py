"""The operator's commands."""

from click import Command
from flask import Flask

COMMANDS: tuple[Command, ...] = ()


def register(app: Flask) -> None:
    """Give the app its commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
