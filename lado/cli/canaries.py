"""`flask canaries`: make a world in which every sensitive word can be told from every other, and look for each of them
wherever it must not be. Nothing of this installation is touched: the world has a database of its own for the while.
"""

import io
import json
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.engine import make_url

from config import Settings
from lado import migrations
from lado.adapters.bank_holidays import england
from lado.adapters.mail import Fate, Letter, as_message
from lado.adapters.mail_catcher import Keeping
from lado.cli.canary_walk import walk
from lado.cli.commands import in_words, installed
from lado.clock import FixedClock
from lado.council import canary_world
from lado.council.canary_facts import Reader, facts_of, reader_of
from lado.council.canary_scan import SHOWN, Scan, in_file
from lado.council.canary_world import FULL, MIDDLE, SMALL, CanaryWorld, Size, Tell
from lado.council.planting import PlantingVault
from lado.db import Database, make_engine
from lado.jobs import notices
from lado.models import Account
from lado.security.identity import SYSTEM
from lado.services import installation

MakeApp = Callable[[Settings, FixedClock], Flask]

SIZES = {"small": SMALL, "middle": MIDDLE, "full": FULL}
DEPTHS = {SMALL: 1, MIDDLE: 4, FULL: 9}
"""About how many cases of each relation everybody opens every address."""
BEGINS_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
URL = "https://lado.council.example"


@dataclass(frozen=True)
class Place:
    """Where one canary world lives: its folder, its database, its vault, its clock and its settings."""

    folder: Path
    database: Database
    vault: PlantingVault
    clock: FixedClock
    settings: Settings


class IntoFolder:
    """Mail that is kept as files, as the demonstration's mail server keeps it."""

    is_followed = False

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        """Keep it in this folder."""
        self._keeping = Keeping(folder, clock)

    def send(self, letter: Letter) -> None:
        """Keep one message."""
        self._keeping.keep(as_message(letter, "lado@council.example").as_bytes(policy=SMTP))

    def fate(self, message_id: str) -> Fate:
        """Nothing is known later."""
        return Fate.NEVER_SEEN


@click.command("canaries")
@click.option("--size", type=click.Choice(list(SIZES)), default="small", show_default=True, help="How many cases.")
@click.option("--full", is_flag=True, help="The same as --size full: 2,000 cases of three councils. Takes an hour.")
@click.option("--database", "url", help="An empty PostgreSQL database to use in place of a SQLite file.")
@with_appcontext
def canaries(size: str, full: bool, url: str | None) -> None:
    """Look for planted words wherever they must not be; exit status 1 where one was found."""
    out, make_app = sys.stderr, installed().another
    with in_words(), tempfile.TemporaryDirectory(prefix="lado-canaries-") as folder:
        found = trial(
            Path(folder), FULL if full else SIZES[size], lambda words: click.echo(words, file=out), make_app, url
        )
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    if found["findings"] or found["never_seen"]:
        raise click.exceptions.Exit(1)


def trial(folder: Path, size: Size, tell: Tell, make_app: MakeApp, url: str | None = None) -> dict[str, Any]:
    """Make the world, let everybody walk, look into whatever was written; the figures and what was found."""
    began = time.monotonic()
    place = settled(folder, url)
    with _logged(folder / "log"):
        world = canary_world.make(place.database, place.clock, size, tell)
        tell("the world is made")
        scan, readers = ready(place, world)
        app = make_app(place.settings, place.clock)
        for reader in readers:
            walk(app, place.database, place.clock, scan, reader, DEPTHS[size])
            tell(f"{reader.name}: {scan.read_from.total()} read, {len(scan.findings)} found")
        notices.tick(place.database, IntoFolder(folder / "mail", place.clock), URL)
        app.extensions["lado"].database.engine.dispose()
    look_into_stores(place, scan)
    place.database.engine.dispose()
    return {
        "cases": size.cases,
        "people": len(readers),
        "strings": len(place.vault.spots),
        "read": dict(sorted(scan.read_from.items())),
        "findings": len(scan.findings),
        "found": scan.findings[:SHOWN],
        "never_seen": scan.never_seen() if size != SMALL else [],
        "seconds": round(time.monotonic() - began),
    }


def settled(folder: Path, url: str | None = None) -> Place:
    """Keys and a migrated database for one world."""
    keys = [secrets.token_bytes(32) for _ in range(4)]
    url = url or f"sqlite:///{folder / 'canaries.sqlite3'}"
    clock, vault = FixedClock(BEGINS_AT), PlantingVault(*keys)
    engine = make_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    database = Database(url, vault, clock)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
    master, index, record, signing = keys
    settings = Settings(
        url, folder, secrets.token_bytes(32), master, index, record, signing, mail_catcher=folder / "mail"
    )
    return Place(folder, database, vault, clock, settings)


def ready(place: Place, world: CanaryWorld) -> tuple[Scan, list[Reader]]:
    """What is looked for, and by whom it may be seen."""
    with place.database.reading(SYSTEM) as act:
        scan = Scan(place.vault.spots, facts_of(act), world.people.names)
        readers = [
            reader_of(act, f"{key} of {council}", account)
            for (council, key), who in world.people.everyone.items()
            for account in act.session.scalars(select(Account).where(Account.id == who.id))
        ]
    return scan, readers


def look_into_stores(place: Place, scan: Scan) -> None:
    """Whatever was written: the files of the database, its dump, the logs, the mail. No planted word is in clear."""
    if place.settings.is_postgresql:
        _dump(place)
    for file in sorted(file for file in place.folder.rglob("*") if file.is_file()):
        name = str(file.relative_to(place.folder))
        scan.read_from["bytes of files"] += file.stat().st_size
        if file.suffix == ".eml":
            scan.read_from["messages"] += 1
            scan.read_for_nobody(name, _letter(file.read_bytes()))
        else:
            scan.findings += [f"{name}: {what}" for what in sorted(in_file(file, scan.seeds))]


TO = re.compile(rb"(?im)^to:.*(\r?\n[ \t].*)*")


def _letter(content: bytes) -> bytes:
    """A message as it was sent and as it is read, without the address of its one reader."""
    plain = TO.sub(b"", content, count=1)
    message: Any = message_from_bytes(plain, policy=SMTP)
    parts = [part.get_payload(decode=True) or b"" for part in message.walk() if not part.is_multipart()]
    return b"\n".join([plain, str(message.items()).encode(), *parts])


def _dump(place: Place) -> None:
    """Write the dump of a PostgreSQL database beside the log."""
    url = make_url(place.settings.database_url).set(drivername="postgresql")
    command = ["pg_dump", "--file", str(place.folder / "dump.sql"), url.render_as_string(hide_password=False)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - the address that was given
    if done.returncode:
        raise click.ClickException(f"pg_dump: {done.stderr.decode(errors='replace')}")


@contextmanager
def _logged(file: Path) -> Iterator[None]:
    """Keep in a file what is logged and printed meanwhile."""
    heard = io.StringIO()
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            yield
    finally:
        file.write_text(heard.getvalue(), encoding="utf-8")
