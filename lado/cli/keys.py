"""`flask keys`: put one master key in the place of another while people work, and say how far that has come."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from config import SettingsRefused, add_master_key, keep_master_key
from lado.cli.commands import Commands, give_way, installed, open_database, report
from lado.db import Database
from lado.errors import Refused
from lado.queries import sealing as reading
from lado.security.identity import SYSTEM
from lado.services import sealing
from lado.vault import name_of

keys = Commands("keys", help="Change the master key while people work.")

NONE_WAITING = (
    "There is no new master key. Make one with: flask keys new. "
    "Where keys are set in the environment, make one with: python3 bootstrap.py key, and put it into "
    'LADO_OTHER_MASTER_KEYS=["..."] on every machine.'
)


@keys.command("status")
def status_command() -> None:
    """Print each master key that the database names, how many keys it wraps, and whether it may be taken away."""
    report(_status(open_database()))


@keys.command("new")
def new_command() -> None:
    """Make a further master key in the file of secrets. Nothing is sealed with it before `flask keys rotate`."""
    database = open_database()
    if waiting := _waiting(database):
        raise Refused(f"There is a new master key already: {waiting.hex()}. Go on with: flask keys rotate")
    with _in_words():
        made = add_master_key(installed().settings.data_folder)
    report({"new": name_of(made).hex(), "next": "copy secrets.json to every other machine, then: flask keys rotate"})


@keys.command("rotate")
@click.option("--batch", default=sealing.BATCH, show_default=True, help="Keys in one transaction.")
def rotate_command(batch: int) -> None:
    """Wrap every key anew by the new master key. It may be stopped at any time, and goes on where it stopped."""
    give_way()
    with _owned(open_database()) as database:
        with database.work(SYSTEM) as act:
            is_under_way = any(one.wraps for one in reading.standings(act) if not one.is_current)
            waiting = None if is_under_way else _waiting(database)
            if waiting is not None:
                sealing.begin_rotation(act, waiting)
            elif not is_under_way:
                raise Refused(NONE_WAITING)
        rewrapped = 0
        while done := _rewrap(database, batch):
            rewrapped += done
        report({"rewrapped": rewrapped, **_status(database)})


@keys.command("retire")
def retire_command() -> None:
    """Forget the former master key: the database refuses it from now on, and it goes out of the file of secrets."""
    with _owned(open_database()) as database:
        with database.work(SYSTEM) as act:
            gone = sealing.retire(act)
            current = reading.in_use(act.session)[-1].name
        settings = installed().settings
        kept = {name_of(key): key for key in settings.master_keys_on_file()}
        if current in kept:
            keep_master_key(settings.data_folder, kept[current])
        advice = "take it out of secrets.json, or of LADO_MASTER_KEY, on every other machine"
        report({"gone": [name.hex() for name in gone], "next": advice})


def _rewrap(database: Database, batch: int) -> int:
    with database.work(SYSTEM) as act:
        return sealing.rewrap(act, batch)


def _status(database: Database) -> dict[str, object]:
    with database.reading(SYSTEM) as act:
        found = reading.standings(act)
    waiting = _waiting(database)
    return {
        "keys": [
            {"key": one.name.hex(), "is_current": one.is_current, "wraps": one.wraps, "may_be_removed": one.may_go}
            for one in found
        ],
        "waiting": waiting.hex() if waiting else None,
    }


def _waiting(database: Database) -> bytes | None:
    """The newest master key that is at hand and that the database does not name yet."""
    with database.reading(SYSTEM) as act:
        named = {one.name for one in reading.in_use(act.session)}
        first = reading.first_fingerprint(act.session)
        unnamed = [one for one in database.vault.masters if one not in named]
        return next((one for one in reversed(unnamed) if database.vault.fingerprint_of(one) != first), None)


@contextmanager
def _owned(database: Database) -> Iterator[Database]:
    """The database as its owner reaches it, where LADO_OWNER_URL names one: only they may change a wrapped key."""
    url = installed().settings.owner_url
    if url is None:
        yield database
        return
    owned = Database(url, database.vault, database.clock)
    try:
        yield owned
    finally:
        owned.engine.dispose()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except SettingsRefused as refusal:
        raise Refused(str(refusal)) from refusal
