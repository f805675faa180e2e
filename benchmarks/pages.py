"""How long the queue, a case and logging a referral take at few and at many cases, beside a bare page of one row.

Run it with `python -m benchmarks.pages`: 1,000 and 100,000 cases, a tenth of them open, in one run, since only ratios
within one run mean anything on a shared machine. `--small` takes 600 and 3,000, for CI; its ratios are rough. The
status is 0 when a page makes the same number of statements at both sizes and its median grows no more than the limit.
"""

import argparse
import secrets
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, NamedTuple

from flask import Flask, render_template_string
from sqlalchemy import event

from benchmarks.copies import multiply
from config import Settings
from lado import create_app, migrations
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database, make_engine
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from tests.support.browser import Browser, hidden
from tests.support.builders import Caseload
from tests.support.people import People, settle

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FEWEST_OPEN = 2
ORIGINALS = 20
"""Really logged cases in each database, a tenth of them open; all others are copies."""

TO_CLOSURE = ("meet_threshold", "hold_meeting", "decide_outcome", "close")

FLOOR = "floor: a bare page of one row"
ROW_PAGE = "<!DOCTYPE html><title>{{ row[0] }}</title><h1>{{ row[0] }}</h1><p>{{ row[1] }}</p>"
CALL = {
    "source": "education",
    "caller_name": "Jo Head",
    "subject_name": "Robin Sample",
    "setting": "Willow Lane Primary School",
    "category": "physical",
    "summary": "Is said to have pulled a child by the arm.",
    "received-day": "2",
    "received-month": "3",
    "received-year": "2026",
    "received-time": "09:10",
    "channel": "call",
    "evidence": "call_note",
    "children_safe": "yes",
}


class Size(NamedTuple):
    """How many cases, how many rounds of how many requests, and by how much a median may grow."""

    few: int
    many: int
    rounds: int
    requests: int
    most: float


FULL, SMALL = Size(1_000, 100_000, 12, 10, 1.2), Size(600, 3_000, 4, 5, 2.0)


@dataclass
class Site:
    """The product on a database of so many cases, the floor on the same database, and what was measured."""

    cases: int
    browser: Browser
    floor: Any
    reference: str
    clock: FixedClock
    seconds: dict[str, list[float]] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)

    def pages(self) -> dict[str, Callable[[], Any]]:
        """What is asked for, by name. Each answers 200."""
        client = self.browser.client
        return {
            FLOOR: lambda: self.floor.get(f"/{self.reference}"),
            "queue, for me": lambda: client.get("/"),
            "queue, everyone’s": lambda: client.get("/?show=everyone"),
            "a case": lambda: client.get(f"/referrals/{self.reference}"),
            "log a referral": self.log,
        }

    def log(self) -> Any:
        """Send the form of a telephone call; the page that it stands on is not measured."""
        page = self.browser.client.get("/referrals/new")
        tokens = {name: hidden(page, name) for name in ("csrf_token", "form_token")}
        names = {"subject_name": f"Robin {secrets.token_hex(6)}", "setting": f"School {secrets.token_hex(6)}"}
        began = perf_counter()
        answer = self.browser.client.post("/referrals/new", data={**CALL, **tokens, **names})
        self.seconds.setdefault("log a referral", []).append(perf_counter() - began)
        return answer

    def ask(self, name: str) -> None:
        """Ask once, and keep the seconds."""
        began = perf_counter()
        answer = self.pages()[name]()
        if name != "log a referral":
            self.seconds.setdefault(name, []).append(perf_counter() - began)
        assert answer.status_code in (200, 302), f"{name}: {answer.status_code}"

    def count(self, name: str) -> None:
        """Ask once, and keep the number of statements."""
        made: list[str] = []

        def listen(*told: Any) -> None:
            made.append(told[2])

        event.listen(self.browser.database.engine, "before_cursor_execute", listen)
        self.ask(name)
        event.remove(self.browser.database.engine, "before_cursor_execute", listen)
        self.statements[name] = len(made)


class Begun(NamedTuple):
    """A settled council on an empty database, and what serves it."""

    database: Database
    clock: FixedClock
    people: People
    settings: Settings


def begun(folder: Path, name: str) -> Begun:
    """Settle a council in a database of this name."""
    url = f"sqlite:///{folder / name}"
    keys = tuple(secrets.token_bytes(32) for _ in range(4))
    migrations.upgrade(make_engine(url))
    clock = FixedClock(NOW)
    database = Database(url, Vault(*keys), clock)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    settings = Settings(
        database_url=url,
        data_folder=folder,
        secret_key=secrets.token_bytes(32),
        master_key=keys[0],
        index_key=keys[1],
        record_key=keys[2],
        signing_key=keys[3],
    )
    return Begun(database, clock, people, settings)


def site(folder: Path, cases: int) -> Site:
    """Make a database of so many cases and serve it in this process."""
    name = f"{cases}.sqlite3"
    database, clock, people, settings = begun(folder, name)
    caseload = Caseload(database, clock, people.olive)
    for number in range(ORIGINALS - FEWEST_OPEN):
        caseload.referral(("return_to_employer",) if number % 2 else TO_CLOSURE)
    reference = caseload.referral(("meet_threshold", "arrange_meeting", "hold_meeting", "investigate")).reference
    caseload.referral(who=people.dana)
    multiply(database, cases // ORIGINALS - 1)
    return Site(cases, signed_in(settings, clock, "olive"), bare(folder / name).test_client(), reference, clock)


def signed_in(settings: Settings, clock: FixedClock, name: str) -> Browser:
    """Serve the product in this process, to somebody of the cast."""
    app = create_app(settings, clock)
    return Browser(app, app.extensions["lado"].database).sign_in(name)


def bare(place: Path) -> Flask:
    """The least that a page can be: one row by its key, in a template."""
    app = Flask("bare")
    connection = sqlite3.connect(place)

    @app.get("/<reference>")
    def row(reference: str) -> str:
        found = connection.execute("SELECT reference, state FROM referral WHERE reference = ?", (reference,)).fetchone()
        return render_template_string(ROW_PAGE, row=found)

    return app


def measure(few: Site, many: Site, size: Size) -> dict[str, float]:
    """Ask both by turns, so that what else the machine does falls on both, and return the growth of each page.

    The growth is the median, over rounds, of the ratio of the two medians of one round.
    """
    growth: dict[str, list[float]] = {}
    for name in few.pages():
        for one in (few, many):
            one.count(name)
            one.seconds[name].clear()  # the first requests warm up
    for _ in range(size.rounds):
        for name in few.pages():
            for _ in range(size.requests):
                few.ask(name)
                many.ask(name)
            last = [median(one.seconds[name][-size.requests :]) for one in (few, many)]
            growth.setdefault(name, []).append(last[1] / last[0])
    return {name: median(ratios) for name, ratios in growth.items()}


def compare(few: Site, many: Site, size: Size) -> list[str]:
    """Measure, print the table, and return what misses the goal."""
    grown = measure(few, many, size)
    print(f"{'page':32}{'cases':>9}{'p50 ms':>9}{'p95 ms':>9}{'x floor':>9}{'statements':>12}{'growth':>8}{'p95':>7}")
    misses = []
    for name in few.pages():
        growth = (grown[name], p95(many, name) / p95(few, name))
        for one in (few, many):
            ends = f"{growth[0]:8.2f}{growth[1]:7.2f}" if one is many else ""
            times = f"{p50(one, name) * 1000:9.2f}{p95(one, name) * 1000:9.2f}{p50(one, name) / p50(one, FLOOR):9.1f}"
            print(f"{name:32}{one.cases:9,}{times}{one.statements[name]:12}{ends}")
        if name != FLOOR and growth[0] > size.most:
            misses.append(f"{name}: the median grows {growth[0]:.2f} times, more than {size.most}")
        if few.statements[name] != many.statements[name]:
            misses.append(f"{name}: {few.statements[name]} statements at few cases, {many.statements[name]} at many")
    return misses


def p50(one: Site, name: str) -> float:
    """The median of the seconds."""
    return median(one.seconds[name])


def p95(one: Site, name: str) -> float:
    """The time within which nineteen of twenty requests were answered."""
    return quantiles(one.seconds[name], n=20)[-1]


def main() -> int:
    """Make both databases, compare, and say what misses the goal."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--small", action="store_true", help="few cases and requests, for CI")
    size = SMALL if asked.parse_args().small else FULL
    folder = Path(tempfile.mkdtemp(prefix="lado-pages-"))
    try:
        misses = compare(site(folder, size.few), site(folder, size.many), size)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for miss in misses:
        print(f"MISSED  {miss}")
    return int(bool(misses))


if __name__ == "__main__":
    sys.exit(main())
