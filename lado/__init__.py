"""The LADO referral tracker: allegations against people who work with children, from referral to outcome."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from config import Settings
from lado import cli, logs, web
from lado.clock import Clock, SystemClock
from lado.db import Database
from lado.vault import vault_of


@dataclass(frozen=True, slots=True)
class Lado:
    """What an app carries: its settings and its database, and how another app is made as it was."""

    settings: Settings
    database: Database
    another: Callable[[Settings, Clock | None], Flask]


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Wire the product together. Raises RouteNotGuarded when a page declares no permission."""
    logs.configure(production=settings.production)
    app = Flask(__name__, template_folder=None)
    vault = vault_of(settings)
    app.extensions["lado"] = Lado(settings, Database(settings.database_url, vault, clock or SystemClock()), create_app)
    web.install(app, settings)
    cli.register(app)
    return app
