"""Two councils that differ in restricted cases alone: whoever is on no list is answered alike in both, byte for byte.

`python -m tests.faults.twins` lets two councils live through the same days, from one seed and under one clock. In one
of them there are restricted cases, some of them about people who sign in. Then everybody who is on no list reads every
page of both and sends every form, and the mail of both is held against each other (`twin_pages`). What takes how long
is measured by requests that take turns (`twin_times`): `--requests` of each of the two kinds, 0 for none. `--plain`
says how many cases both have, `--days` through how many days they live, `--database` on which database.
"""

import argparse
import json
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from config import Settings
from lado import create_app
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from tests.faults import twin_pages, twin_times
from tests.faults.twin_life import Council, grow
from tests.support.migrating import migrate
from tests.support.people import settle
from tests.support.postgres import throwaway_cluster

KEYS = ("secret_key", "master_key", "index_key", "record_key", "signing_key")


def settled(url: str, folder: Path, keys: Mapping[str, bytes]) -> Council:
    """An empty council at this address, served."""
    clock = FixedClock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    migrate(url)
    database = Database(url, Vault(*(keys[name] for name in KEYS[1:])), clock)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    app = create_app(Settings(database_url=url, data_folder=folder, **keys), clock)
    app.testing = False
    return Council(app, database, clock, people)


def trial(place: Callable[[str], str], folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Let both live on one database, and compare them; what differed, and the figures of time."""
    keys = {name: secrets.token_bytes(32) for name in KEYS}
    twins = [
        grow(settled(place(name), folder, keys), is_restricted=name == "with", plain=asked.plain, days=asked.days)
        for name in ("without", "with")
    ]
    found = twin_pages.compare(*twins)
    times = twin_times.measure(*twins, asked.requests, Random(asked.seed)) if asked.requests else []
    for twin in twins:
        for opened in (twin.database, twin.app.extensions["lado"].database):
            opened.engine.dispose()
    return {**found, "times": times, "told apart": [each["what"] for each in times if each["is_told"]]}


def main() -> None:
    """Compare them on one database or on both; exit status 1 when anything tells them apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("both", "postgresql", "sqlite"), default="both")
    for name, usual in (("plain", 120), ("days", 15), ("requests", 2_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    is_bad = False
    with tempfile.TemporaryDirectory() as folder, throwaway_cluster() as cluster:
        places: dict[str, Callable[[str], str]] = {
            "sqlite": lambda name: f"sqlite:///{folder}/{name}.sqlite3",
            "postgresql": lambda name: cluster.create_database(f"twin_{name}"),
        }
        for name, place in places.items():
            if asked.database in ("both", name):
                found = trial(place, Path(folder), asked)
                print(json.dumps({"database": name, **found}, indent=1), flush=True)
                is_bad = is_bad or bool(found["findings"] or found["told apart"])
    sys.exit(1 if is_bad else 0)


if __name__ == "__main__":
    main()
