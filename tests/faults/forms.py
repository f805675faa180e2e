"""Malformed forms for every form there is: nothing fails with an error of the server, and nothing is half written.

`python -m tests.faults.forms` sends 10,000 to each family, which is the forms of one blueprint: so many in all, spread
evenly over its addresses (`--per-family`, `--family cover`; `--each` is so many to each address, `--only` picks some).
Each begins as a person would fill in the form, and is then spoilt in a few places: wrong kinds, huge, NUL, lone
surrogates, repeated, missing, lists, files in place of words. `--control` makes one page fail, which has to be seen.
"""

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from unittest.mock import patch

import structlog
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from config import Settings
from lado import create_app, db
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from lado.web.moves.forms import MOVE_FORMS
from tests.faults.spoiling import encoded, fields_of, spoilt
from tests.support.builders import Caseload
from tests.support.contents import MOVES_BY_READING
from tests.support.migrating import migrate
from tests.support.once import CompiledTemplates
from tests.support.people import People, settle
from tests.support.routes import SIGNED_OUT, Visit, World, may, settle_world, visits
from tests.support.signing import sending, sign_in

WRITERS = ("olive", "mina", "ada", "edie", "pat", "hal", "abe", SIGNED_OUT)
"""Enough of the cast that every form is open to one of them."""

ENDING = frozenset({"sessions.sign_out"})
BESIDE = MOVES_BY_READING | {
    "form_token",
    "login_failure",
    "kept_form",
    "pace",
    "search_look",
    "sign_in_step",
    "spent_challenge",
}
"""Tables in which it is kept that something was asked or tried, whatever came of it."""

WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.I)


@dataclass(frozen=True)
class Form:
    """One address that takes a form: who may send it, and the fields of its form with what a person would write."""

    visit: Visit
    who: str
    fields: tuple[tuple[str, bytes], ...]

    @property
    def family(self) -> str:
        """The blueprint that the address belongs to."""
        return self.visit.endpoint.split(".")[0]


@dataclass
class Report:
    """How many forms were sent, what was answered, and what was found."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        """Count what another one counted."""
        self.sent += other.sent
        self.statuses += other.statuses
        self.seconds += other.seconds
        self.findings += other.findings


class Sender:
    """Sends the forms as whoever may, and sees what is saved meanwhile."""

    def __init__(self, app: Flask, database: Database, world: World) -> None:
        """Work on this app, whose database holds the world."""
        self.app, self.world = app, world
        self.clients: dict[str, FlaskClient] = {}
        self.forgery: dict[str, bytes] = {}
        self.saved: set[str] = set()
        self._written: dict[Any, set[str]] = {}
        for engine in {database.engine, app.extensions["lado"].database.engine}:
            event.listen(engine, "before_cursor_execute", self._heard)
            event.listen(engine, "commit", self._kept)
            event.listen(engine, "rollback", lambda connection: self._written.pop(id(connection), None))

    def _heard(self, connection: Any, cursor: Any, statement: str, *told: Any) -> None:
        if found := WRITE.match(statement):
            self._written.setdefault(id(connection), set()).add(found[1].lower())

    def _kept(self, connection: Any) -> None:
        self.saved |= self._written.pop(id(connection), set()) - BESIDE

    def client(self, who: str) -> FlaskClient:
        """The browser of somebody, signed in where they can be and are not any more."""
        held = self.clients.get(who)
        if held is None:
            held = self.clients[who] = self.app.test_client() if who == SIGNED_OUT else sign_in(self.app, who)
        return held

    def send(self, form: Form, body: bytes, kind: str, report: Report) -> None:
        """Send one form and judge the answer."""
        client = self.client(form.who)
        self.saved.clear()
        began = time.perf_counter()
        try:
            with client.post(form.visit.path, data=body, content_type=kind) as answer:
                status, text, leads_to = answer.status_code, answer.get_data(), answer.location or ""
        except Exception as problem:  # the app catches all errors: one that comes through is a finding
            status, text, leads_to = 599, repr(problem).encode(), ""
        report.seconds.append(time.perf_counter() - began)
        report.sent += 1
        report.statuses[status] += 1
        if status >= 500 or b"Traceback" in text:
            report.findings.append(f"{form.visit.name} as {form.who}: {status} for {kind} {body[:300]!r}")
        if status >= 400 and self.saved:
            report.findings.append(f"{form.visit.name}: {status}, and yet {sorted(self.saved)}: {body[:300]!r}")
        if leads_to.startswith("/sign-in"):  # they were signed out by it
            self.clients.pop(form.who, None)
            self.forgery.pop(form.who, None)

    def tokens(self, who: str) -> dict[str, bytes]:
        """The tokens of a form that may have an effect now."""
        client = self.client(who)
        if who not in self.forgery:
            self.forgery[who] = sending(client)["csrf_token"].encode()
        return {"csrf_token": self.forgery[who], "form_token": token_urlsafe(24).encode()}


def forms_of(
    sender: Sender, people: People, only: str = "", *, but: frozenset[str] = ENDING, is_read: bool = True
) -> list[Form]:
    """Every address that takes a form (with this in its name), with the fields that its page shows, if it is read."""
    found = []
    for visit in visits(sender.app, sender.world):
        if visit.page.method == "POST" and visit.endpoint not in but and only in visit.name:
            identity = {name: None if name == SIGNED_OUT else people.everyone[name] for name in WRITERS}
            who = next(name for name in reversed(WRITERS) if may(identity[name], visit, sender.world))
            if visit.page.needs is None and not visit.path.startswith(("/sign-in", "/refer", "/invited")):
                who = "olive"
            text = sender.client(who).get(visit.path).text if is_read else ""
            found.append(Form(visit, who, tuple(fields_of(text, visit.path)) or GUESSED))
    return found


def with_moves(sender: Sender, forms: Sequence[Form]) -> Iterator[Form]:
    """These, and the form of each move at the cases at which it is open, whose addresses have its name in them."""
    yield from forms
    cases = (sender.world.pats, sender.world.pols, sender.world.nobodys)
    for form in forms:
        if form.visit.endpoint == "moves.make":
            for move, case in product(MOVE_FORMS, cases):
                path = f"/referrals/{case.reference}/moves/{move}"
                page = sender.client(form.who).get(path)
                if (
                    page.status_code == 200
                    and path != form.visit.path
                    and (fields := tuple(fields_of(page.text, path)))
                ):
                    yield Form(replace(form.visit, path=path), form.who, fields)


GUESSED = (("note", b"Words."), ("why", b"Words."), ("number", b"1"), ("reply", b"Words."))
"""What is sent to an address whose form stands on another page."""


def attack(sender: Sender, form: Form, times: int, report: Report) -> None:
    """Send so many malformed forms to one address, most of them with tokens that are right."""

    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        fields=spoilt(form.fields),
        kind=st.sampled_from(["urlencoded"] * 6 + ["multipart", "multipart", "json"]),
        is_whole=st.sampled_from([True] * 9 + [False]),
    )
    def send(fields: list[tuple[str, bytes, str]], kind: str, is_whole: bool) -> None:
        tokens = sender.tokens(form.who) if is_whole else {}
        body, content_type = encoded([*((n, v, "") for n, v in tokens.items()), *fields], kind)
        sender.send(form, body, content_type, report)

    send()


@contextmanager
def failing(app: Flask, endpoint: str, *, is_on: bool = True) -> Iterator[None]:
    """Spoil one page: it fails on an odd field, as a view would that trusts what it is sent."""
    before = app.view_functions[endpoint]

    def fails(**given: Any) -> Any:
        raise ValueError("trusted what it was sent")

    if is_on:
        app.view_functions[endpoint] = fails
    try:
        yield
    finally:
        app.view_functions[endpoint] = before


NOT_WAITING = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in db.PRAGMAS)
"""Nobody switches the machine off meanwhile, so that no form waits for the disk."""

BEGINS_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


Settle = Callable[[Caseload, People, FixedClock], World]


class Rig:
    """A settled world in a folder, of which each family of forms gets a copy of its own."""

    def __init__(self, folder: Path, vault: Callable[..., Vault] = Vault, settle_all: Settle = settle_world) -> None:
        """Settle it: how its words are sealed and what is in it may be another's."""
        self.folder, self.keys = folder, [os.urandom(32) for _ in range(4)]
        self.compiled = CompiledTemplates(folder)
        clock = FixedClock(BEGINS_AT)
        url = f"sqlite:///{folder / 'settled.sqlite3'}"
        migrate(url)
        database = Database(url, vault(*self.keys), clock)
        with database.work(SYSTEM) as act:
            installation.begin(act, is_demonstration=True)
            installation.keep_holidays(act, england())
            self.people = settle(act)
        self.world = settle_all(Caseload(database, clock, self.people.olive), self.people, clock)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.engine.dispose()
        self.at = clock.now()

    @contextmanager
    def fresh(self) -> Iterator[Sender]:
        """A sender on a copy of it."""
        file = self.folder / "attacked.sqlite3"
        for old in self.folder.glob("attacked*"):
            old.unlink()
        shutil.copyfile(self.folder / "settled.sqlite3", file)
        master, index, record, signing = self.keys
        asked = Settings(f"sqlite:///{file}", self.folder, os.urandom(32), master, index, record, signing)
        self.clock = FixedClock(self.at)
        app = create_app(asked, self.clock)
        app.jinja_env.bytecode_cache = self.compiled
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        database = app.extensions["lado"].database
        yield Sender(app, database, self.world)
        database.engine.dispose()


def shares(forms: Sequence[Form], each: int, per_family: int) -> Iterator[tuple[str, list[tuple[Form, int]]]]:
    """The families by name, each with its addresses and how many forms each of them is sent."""
    for name in sorted({form.family for form in forms}):
        own = [form for form in forms if form.family == name]
        yield name, [(form, each or -(-per_family // len(own))) for form in own]


def figures(report: Report) -> dict[str, Any]:
    """What a report comes to. Seconds are those of one form; one in a hundred took longer than `p99`."""
    took = sorted(report.seconds) or [0.0]
    told: dict[str, Any] = {"sent": report.sent, "statuses": dict(sorted(report.statuses.items()))}
    told |= {"p99": round(took[int(0.99 * (len(took) - 1))], 3), "slowest": round(took[-1], 2)}
    return {**told, "findings": len(report.findings)}


def asked_for() -> argparse.Namespace:
    """What the command is asked to do."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.forms", description=__doc__)
    parser.add_argument("--per-family", type=int, default=10_000, help="how many forms to each family")
    parser.add_argument("--each", type=int, default=0, help="how many forms to each address, in place of that")
    parser.add_argument("--family", action="append", default=[], help="only this family; may be said again")
    parser.add_argument("--only", default="", help="only addresses with this in their name")
    parser.add_argument("--control", action="store_true", help="make each page fail on purpose")
    return parser.parse_args()


def main() -> int:
    """Print a line for each family and one for all; 1 when anything was found (with `--control`: when nothing was)."""
    asked, everything, began = asked_for(), Report(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder, patch.object(db, "PRAGMAS", NOT_WAITING):
        rig = Rig(Path(folder))
        with rig.fresh() as sender:
            every = list(with_moves(sender, forms_of(sender, rig.people, asked.only)))
        found = [form for form in every if form.family in asked.family or not asked.family]
        for name, own in shares(found, asked.each, asked.per_family):
            report = Report()
            for form, times in own:
                with rig.fresh() as sender, failing(sender.app, form.visit.endpoint, is_on=asked.control):
                    attack(sender, form, times, report)
            print(json.dumps({"family": name, "addresses": len(own), **figures(report)}), flush=True)
            everything.add(report)
    told = {"addresses": len(found), **figures(everything), "found": everything.findings[:20]}
    print(json.dumps({**told, "seconds": round(time.monotonic() - began)}, indent=2))
    return int(not everything.findings) if asked.control else int(bool(everything.findings))


if __name__ == "__main__":
    sys.exit(main())
