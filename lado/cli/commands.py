"""What all commands share: the installation they act on, how they report, and errors in words, not tracebacks."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from config import Settings
from lado.clock import Clock
from lado.db import Database
from lado.errors import LadoError
from lado.security.identity import SYSTEM
from lado.services import installation
from workflows.calendar import BeyondCalendar

GENTLE = 15
"""How nice such a command is, as the system counts it (0 usual, 19 nicest)."""


class Installed(Protocol):
    """What the application keeps under the name `lado`."""

    settings: Settings
    database: Database
    another: Callable[[Settings, Clock | None], Flask]


class Commands(AppGroup):
    """A group of commands in which what a person can mend is said in words, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with in_words():
            return super().invoke(ctx)


@contextmanager
def in_words() -> Iterator[None]:
    """Turn an error that a person can mend into its words on standard error and exit status 1."""
    try:
        yield
    except (LadoError, BeyondCalendar) as problem:
        raise click.ClickException(str(problem)) from problem
    except DBAPIError as problem:
        raise click.ClickException(
            f"The database did not answer as expected: {problem.orig}. "
            "Check DATABASE_URL, and bring the database up to date with: flask db upgrade"
        ) from problem


def give_way() -> None:
    """Let whatever else the machine does go first: for a command that computes for long while people work."""
    os.setpriority(os.PRIO_PROCESS, 0, max(GENTLE, os.getpriority(os.PRIO_PROCESS, 0)))


def installed() -> Installed:
    """The installation that this command acts on. Nothing is opened yet."""
    found: Installed = current_app.extensions["lado"]
    return found


def open_database() -> Database:
    """The database at DATABASE_URL, sealed with the keys at hand, and fit for the setting. Raises Refused."""
    here = installed()
    with here.database.reading(SYSTEM) as act:
        installation.ensure_keys(act)
        installation.refuse_demonstration_in_production(act, production=here.settings.production)
    return here.database


def report(found: Any) -> None:
    """Print what was found or done as JSON on standard output."""
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
