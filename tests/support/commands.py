"""Running the operator's commands as the terminal does, and reading what they report."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from click.testing import Result
from flask import Flask

from lado import cli
from lado.db import Database
from tests.support.migrating import as_role
from tests.support.postgres import OWNER

Run = Callable[..., Result]


def runner(database: Database, *, production: bool = False) -> Run:
    """Runs a command on this database: the words of the command, then what goes to its standard input."""
    url = database.engine.url.render_as_string(hide_password=False)
    owner_url = as_role(url, OWNER) if url.startswith("postgresql") else None
    settings = SimpleNamespace(production=production, owner_url=owner_url, public_url="http://localhost:8000")
    app = Flask("lado")
    app.extensions["lado"] = SimpleNamespace(settings=settings, database=database)
    cli.register(app)
    return lambda *words, **more: app.test_cli_runner().invoke(args=[str(word) for word in words], **more)


def said(result: Result) -> Any:
    """What a command that went well reported."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(result: Result, words: str) -> None:
    """Hold that the command ended with status 1 and these words on standard error, and no traceback."""
    assert result.exit_code == 1, result.output
    assert words in result.stderr
    assert "Traceback" not in result.stderr
