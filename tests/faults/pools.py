"""Several people's requests over one connection, some of which break off in the middle: nobody is shown another's.

`python -m tests.faults.pools` sends 10,000 requests on each database; `--requests` makes it fewer. Two partners and two
councils' officers take turns at random, and one request in twenty fails at some statement. Every page is read for what
is another's, and after each failure the connection is asked what it would let anybody have.
"""

import argparse
import json
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, func, select

from config import Settings
from lado import create_app, db
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.models import Referral
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from tests.support.builders import Caseload
from tests.support.migrating import migrate
from tests.support.people import People, settle
from tests.support.postgres import throwaway_cluster
from tests.support.signing import sign_in

FAILS = 0.05
"""The share of requests that break off."""
PAUSE = 2.1
"""Seconds between two requests: no partner reads quicker than they may."""


class BrokenOff(Exception):
    """What a request fails with."""


@dataclass
class Seen:
    """How many requests were answered and how many broke off, and what was shown to somebody whose it is not."""

    answered: int = 0
    broken_off: int = 0
    shown: int = 0
    foreign: list[str] = field(default_factory=list)


@contextmanager
def one_connection() -> Iterator[None]:
    """Let every engine that is made have one connection, and nobody wait long for it."""
    with patch.object(db, "create_engine", partial(create_engine, pool_size=1, max_overflow=0, pool_timeout=5)):
        yield


def settle_cases(caseload: Caseload, people: People) -> Mapping[str, set[str]]:
    """Cases of both councils and both partners: which references each of the four may be shown."""
    pats = {caseload.referral(partner=people.pat.id).reference for _ in range(3)}
    pols = {caseload.referral(partner=people.pol.id).reference for _ in range(3)}
    ours = {caseload.referral().reference for _ in range(2)} | pats | pols
    theirs = {caseload.referral(who=people.sam).reference for _ in range(2)}
    return {"pat": pats, "pol": pols, "olive": ours, "sam": theirs}


def interleave(app: Flask, clock: FixedClock, own: Mapping[str, set[str]], times: int, draw: Random) -> Seen:
    """Send so many requests, and read every answer."""
    database: Database = app.extensions["lado"].database
    everything = sorted(set().union(*own.values()))
    clients: dict[str, FlaskClient] = {}
    seen = Seen()
    while seen.answered + seen.broken_off < times:
        clock.advance(seconds=PAUSE)
        name = draw.choice(sorted(own))
        if name not in clients:
            clients[name] = sign_in(app, name)
        path = draw.choice(pages(name, everything))
        if draw.random() < FAILS:
            seen.broken_off += _break_off(database, clients[name], path, draw.randrange(8))
            seen.foreign += left_behind(database)
            continue
        with clients[name].get(path) as answer:
            if answer.status_code == 302:  # the session is over: they sign in again, and the request does not count
                del clients[name]
                continue
            text = answer.get_data(as_text=True)
        seen.answered += 1
        asked = {reference for reference in everything if reference in path}
        shown = {reference for reference in everything if reference in text}
        seen.shown += len(shown & own[name])
        seen.foreign += [f"{name} at {path}: {reference}" for reference in shown - own[name] - asked]
        if asked - own[name] and answer.status_code != 404:
            seen.foreign.append(f"{name} at {path}: {answer.status_code}")
    return seen


def pages(name: str, references: Sequence[str]) -> list[str]:
    """Lists, oftener than each case of anybody's by its address."""
    is_partner = name in ("pat", "pol")
    lists = ["/portal"] if is_partner else ["/?show=everyone", "/escalations"]
    return lists * len(references) + [f"/{'portal' if is_partner else 'referrals'}/{one}" for one in references]


def _break_off(database: Database, client: FlaskClient, path: str, after: int) -> bool:
    """Ask for a page, and fail at the statement after so many. Says whether it came so far."""
    left = after

    def fail(*told: Any) -> None:
        nonlocal left
        left -= 1
        if left == -1:  # once: the page that says so has statements of its own
            raise BrokenOff

    event.listen(database.engine, "before_cursor_execute", fail)
    try:
        with client.get(path) as answer:
            return answer.status_code == 500
    finally:
        event.remove(database.engine, "before_cursor_execute", fail)


def left_behind(database: Database) -> list[str]:
    """What the connection would let somebody have who says nothing: on PostgreSQL no case; SQLite has no such lock."""
    if database.engine.dialect.name != "postgresql":
        return []
    with database.engine.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(Referral))
    return [f"{found} cases for nobody"] if found else []


def trial(url: str, folder: Path, times: int) -> Seen:
    """Make the councils at this address and send so many requests."""
    keys = [secrets.token_bytes(32) for _ in range(4)]
    clock = FixedClock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    migrate(url)
    with one_connection():
        database = Database(url, Vault(*keys), clock)
        with database.work(SYSTEM) as act:
            installation.begin(act, is_demonstration=True)
            installation.keep_holidays(act, england())
            people = settle(act)
        own = settle_cases(Caseload(database, clock, people.olive), people)
        names = ("secret_key", "master_key", "index_key", "record_key", "signing_key")
        given = dict(zip(names, (secrets.token_bytes(32), *keys), strict=True))
        app = create_app(Settings(database_url=url, data_folder=folder, **given), clock)
    seen = interleave(app, clock, own, times, Random(1))
    for opened in (database, app.extensions["lado"].database):
        opened.engine.dispose()
    return seen


def main() -> None:
    """Send them on both databases; exit status 1 when anything was shown that should not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    times: int = parser.parse_args().requests
    foreign = 0
    with tempfile.TemporaryDirectory() as folder, throwaway_cluster() as cluster:
        places = {"PostgreSQL": cluster.create_database("pools"), "SQLite": f"sqlite:///{folder}/pools.sqlite3"}
        for name, url in places.items():
            seen = trial(url, Path(folder), times)
            print(json.dumps({"database": name, **vars(seen), "foreign": seen.foreign[:20]}), flush=True)
            foreign += len(seen.foreign)
    sys.exit(1 if foreign else 0)


if __name__ == "__main__":
    main()
