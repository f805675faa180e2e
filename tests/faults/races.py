"""Taking something from somebody while they act: nothing is done by them once it was taken.

`python -m tests.faults.races` runs 1,000 races on each database; `--races` makes it fewer. In each, somebody sends a
form while another one ends their access, shuts their account or ends their session, at moments drawn at random. What
counts is whether an act was recorded after the taking had been saved.
"""

import argparse
import json
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Barrier, Event
from time import perf_counter
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import func, select, update

from config import Settings
from lado import create_app
from lado.act import Act
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.models import Account, Grant, LedgerEntry, LoginSession
from lado.security.identity import SYSTEM, Identity
from lado.services import access, accounts, installation
from lado.vault import Vault
from tests.support.browser import Browser, hidden
from tests.support.builders import Caseload
from tests.support.migrating import migrate
from tests.support.people import People, settle
from tests.support.postgres import throwaway_cluster
from tests.support.tampering import every_right

KINDS = ("access", "account", "session")
HEAD_START = 1.3
"""How far the act may be ahead of the taking at most, in times of how long it takes alone."""


class Course(NamedTuple):
    """Where the races are run."""

    app: Flask
    database: Database
    clock: FixedClock
    people: People


class Result(NamedTuple):
    """How many acts were recorded before the taking was saved, and after."""

    before: int
    after: int


def race(course: Course, kind: str, head_start: float) -> Result:
    """Let the two run against each other once, over a new case; the act begins so many seconds before the taking."""
    course.clock.advance(minutes=5)  # nobody reads quicker, nor more in a day, than people do
    who = course.people.pat if kind == "access" else course.people.dana
    referral = Caseload(course.database, course.clock, course.people.olive).referral(partner=course.people.pat.id)
    send = ready(course, who, referral.reference)
    start = Barrier(2)

    def acted() -> None:
        start.wait()
        send()

    def taken() -> int:
        start.wait()
        Event().wait(head_start)
        with course.database.work(course.people.olive if kind == "access" else SYSTEM) as act:
            TAKE[kind](act, who, referral.id)
        return recorded(course.database, who, referral.id)

    with ThreadPoolExecutor(2) as runners:
        acting, taking = runners.submit(acted), runners.submit(taken)
        acting.result()
        before = taking.result()
    result = Result(before, recorded(course.database, who, referral.id) - before)
    give_back(course.database, who)
    return result


def _alone(course: Course, kind: str) -> float:
    """The seconds that an act takes against which nobody runs."""
    who = course.people.pat if kind == "access" else course.people.dana
    times = []
    for _ in range(2):  # the first one also finds out about the tables
        referral = Caseload(course.database, course.clock, course.people.olive).referral(partner=course.people.pat.id)
        send, began = ready(course, who, referral.reference), perf_counter()
        send()
        times.append(perf_counter() - began)
    return min(times)


def ready(course: Course, who: Identity, reference: str) -> Callable[[], object]:
    """Somebody with the form open, who only has to send it."""
    name = who.name.split()[0].lower()
    browser = Browser(course.app, course.database).sign_in(name)
    path = f"/portal/{reference}/messages" if name == "pat" else f"/referrals/{reference}/moves/add_note"
    words = {"message": "We have asked him to stay away."} if name == "pat" else {"note": "The head teacher rang."}
    page = browser.get(path)
    tokens = {name: value for name in ("csrf_token", "form_token", "seen") if (value := hidden(page, name))}
    return lambda: browser.client.post(path, data=tokens | words)


def _end_access(act: Act, who: Identity, referral_id: int) -> None:
    mine = select(Grant.id).where(Grant.referral_id == referral_id, Grant.account_id == who.id)
    access.end(act, referral_id, act.session.scalars(mine).one(), "She moved on.")


def _shut(act: Act, who: Identity, referral_id: int) -> None:
    accounts.disable(act, act.session.get_one(Account, who.id))


def _end_session(act: Act, who: Identity, referral_id: int) -> None:
    mine = LoginSession.account_id == who.id, LoginSession.ended_at.is_(None)
    act.session.execute(update(LoginSession).where(*mine).values(ended_at=act.at))


TAKE: dict[str, Callable[[Act, Identity, int], None]] = {
    "access": _end_access,
    "account": _shut,
    "session": _end_session,
}


def recorded(database: Database, who: Identity, referral_id: int) -> int:
    """How many entries of the case are this person's."""
    with database.reading(SYSTEM) as act:
        mine = LedgerEntry.referral_id == referral_id, LedgerEntry.actor_id == who.id
        return act.session.scalars(select(func.count()).select_from(LedgerEntry).where(*mine)).one()


def give_back(database: Database, who: Identity) -> None:
    """Let the account be used again, for the next race."""
    with every_right(database) as connection:
        connection.execute(update(Account).where(Account.id == who.id).values(disabled_at=None))


def run(course: Course, races: int, draw: Random) -> dict[str, Any]:
    """Run so many races, and count."""
    counts: Counter[str] = Counter()
    alone = {kind: _alone(course, kind) for kind in KINDS}
    for number in range(races):
        kind = KINDS[number % len(KINDS)]
        result = race(course, kind, draw.uniform(0, HEAD_START * alone[kind]))
        counts[f"{kind}: acted first" if result.before else f"{kind}: taken first"] += 1
        counts["acts after"] += result.after
    return {"races": races, **dict(sorted(counts.items()))}


def settled(url: str, folder: Path) -> Course:
    """Both councils at this address, served."""
    keys = [secrets.token_bytes(32) for _ in range(4)]
    clock = FixedClock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    migrate(url)
    database = Database(url, Vault(*keys), clock)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    names = ("secret_key", "master_key", "index_key", "record_key", "signing_key")
    given = dict(zip(names, (secrets.token_bytes(32), *keys), strict=True))
    app = create_app(Settings(database_url=url, data_folder=folder, **given), clock)
    return Course(app, database, clock, people)


def main() -> None:
    """Run them on both databases; exit status 1 when anything was done after it was taken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--races", type=int, default=1_000)
    races: int = parser.parse_args().races
    after = 0
    with tempfile.TemporaryDirectory() as folder, throwaway_cluster() as cluster:
        places = {"PostgreSQL": cluster.create_database("races"), "SQLite": f"sqlite:///{folder}/races.sqlite3"}
        for name, url in places.items():
            course = settled(url, Path(folder))
            found = run(course, races, Random(1))
            print(json.dumps({"database": name, **found}), flush=True)
            after += found["acts after"]
            for opened in (course.database, course.app.extensions["lado"].database):
                opened.engine.dispose()
    sys.exit(1 if after else 0)


if __name__ == "__main__":
    main()
