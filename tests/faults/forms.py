"""Malformed forms for every form there is: nothing fails with an error of the server, and nothing is half written.

`python -m tests.faults.forms` sends 10,000 to each address that takes a form (`--each`, `--only`). Each begins as a
person would fill in the form, and is then spoilt in a few places: wrong kinds, huge, NUL, lone surrogates, repeated,
missing, lists, files in place of words. `--control` makes one page fail, which has to be seen.
"""

import argparse
import io
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote_from_bytes

import structlog
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlalchemy import event

from config import Settings
from lado import create_app
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from tests.support.builders import Caseload
from tests.support.contents import MOVES_BY_READING
from tests.support.migrating import migrate
from tests.support.people import People, settle
from tests.support.routes import SIGNED_OUT, Visit, World, may, settle_world, visits
from tests.support.signing import sending, sign_in

WRITERS = ("olive", "mina", "ada", "edie", "pat", "hal", "abe", SIGNED_OUT)
"""Enough of the cast that every form is open to one of them."""

ENDING = frozenset({"sessions.sign_out"})
TOKENS = ("csrf_token", "form_token", "seen", "shown")
"""What a form carries besides what is typed. They are spoilt as well, but less often."""

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

NASTY = tuple(
    word if isinstance(word, bytes) else word.encode("utf-8", "surrogatepass")
    for word in (
        *("", " ", "\x00", "a\x00b", "\ud800", "a\udfff", b"\xff\xfe", b"\xc0\x80", "\u202eevil", "İıſK", "\r\nX: y"),
        *("0", "-1", "1e309", "NaN", "-0", "٣", "²", "9" * 19, "9" * 400, "0x10", "1.5", "null", "[]", "{}", "true"),
        *("0000", "0001", "9999", "10000", "2026-02-30", "2026-13-01T99:99", "31/12/2026", "24:00", "99:99", "29"),
        *("'\"--;", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd", "%s%n", "//evil.test", "NB-0000000-0"),
        *("x" * 20_000, "é" * 70_000, "\n" * 5_000, "a " * 9_000, "referral", "__proto__", "1", "2", "on", "other"),
    )
)
"""What is put in the place of what a person would write."""

WRITE = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.I)


@dataclass(frozen=True)
class Family:
    """One address that takes a form: who may send it, and the fields of its form with what a person would write."""

    visit: Visit
    who: str
    fields: tuple[tuple[str, bytes], ...]


@dataclass
class Report:
    """How many forms were sent, what was answered, and what was found."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0
    findings: list[str] = field(default_factory=list)


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

    def send(self, family: Family, body: bytes, kind: str, report: Report) -> None:
        """Send one form and judge the answer."""
        client = self.client(family.who)
        self.saved.clear()
        began = time.perf_counter()
        try:
            with client.post(family.visit.path, data=body, content_type=kind) as answer:
                status, text, leads_to = answer.status_code, answer.get_data(), answer.location or ""
        except Exception as problem:  # the app catches all errors: one that comes through is a finding
            status, text, leads_to = 599, repr(problem).encode(), ""
        report.slowest = max(report.slowest, time.perf_counter() - began)
        report.sent += 1
        report.statuses[status] += 1
        if status >= 500 or b"Traceback" in text:
            report.findings.append(f"{family.visit.name} as {family.who}: {status} for {kind} {body[:300]!r}")
        if status >= 400 and self.saved:
            report.findings.append(f"{family.visit.name}: {status}, and yet {sorted(self.saved)}: {body[:300]!r}")
        if leads_to.startswith("/sign-in"):  # they were signed out by it
            self.clients.pop(family.who, None)
            self.forgery.pop(family.who, None)

    def tokens(self, who: str) -> dict[str, bytes]:
        """The tokens of a form that may have an effect now."""
        client = self.client(who)
        if who not in self.forgery:
            self.forgery[who] = sending(client)["csrf_token"].encode()
        return {"csrf_token": self.forgery[who], "form_token": token_urlsafe(24).encode()}


def families(
    sender: Sender, people: People, only: str = "", *, but: frozenset[str] = ENDING, is_read: bool = True
) -> list[Family]:
    """Every address that takes a form (with this in its name), with the fields that its page shows, if it is read."""
    found = []
    for visit in visits(sender.app, sender.world):
        if visit.page.method == "POST" and visit.endpoint not in but and only in visit.name:
            identity = {name: None if name == SIGNED_OUT else people.everyone[name] for name in WRITERS}
            who = next(name for name in reversed(WRITERS) if may(identity[name], visit, sender.world))
            if visit.page.needs is None and not visit.path.startswith(("/sign-in", "/refer", "/invited")):
                who = "olive"
            text = sender.client(who).get(visit.path).text if is_read else ""
            found.append(Family(visit, who, tuple(fields_of(text, visit.path)) or GUESSED))
    return found


GUESSED = (("note", b"Words."), ("why", b"Words."), ("number", b"1"), ("reply", b"Words."))
"""What is sent to an address whose form stands on another page."""


def fields_of(text: str, path: str) -> Iterator[tuple[str, bytes]]:
    """The fields of the forms of a page that are sent to its own address, with what a person might write."""
    for form in LexborHTMLParser(text).css("form"):
        action = form.attributes.get("action") or path
        if form.attributes.get("method", "").lower() == "post" and action.split("?")[0] in (path, ""):
            for box in form.css("input, select, textarea"):
                name = box.attributes.get("name")
                if name and name not in TOKENS[:2]:
                    yield name, usual(box)


def usual(box: LexborNode) -> bytes:
    """What a person might write in a field."""
    marks = box.attributes
    if box.tag == "select":
        chosen = [option.attributes.get("value") or "" for option in box.css("option")]
        return (chosen[-1] if chosen else "").encode()
    if value := marks.get("value"):
        return value.encode()
    name = marks.get("name") or ""
    for ending, said in {"-day": b"3", "-month": b"3", "-year": b"2026", "-hour": b"9", "-minute": b"5"}.items():
        if name.endswith(ending):
            return said
    return b"Some words about it."


def spoilt(fields: Sequence[tuple[str, bytes]]) -> st.SearchStrategy[list[tuple[str, bytes, str]]]:
    """The fields, spoilt in a few places: a name, a value, and what was done (`file`: it is sent as one)."""
    values = st.sampled_from(NASTY) | st.binary(max_size=40) | st.text(max_size=40).map(str.encode)
    deeds = st.sampled_from(["value"] * 5 + ["missing", "repeated", "list", "file", "renamed"])
    spoil = st.tuples(st.integers(0, max(0, len(fields) - 1)), deeds, values)

    def done(spoils: list[tuple[int, str, bytes]]) -> list[tuple[str, bytes, str]]:
        made = [(name, value, "") for name, value in fields]
        for place, deed, value in spoils:
            if place >= len(made):
                continue
            name = made[place][0]
            changed = {
                "value": (name, value, ""),
                "missing": ("", b"", "missing"),
                "list": (f"{name}[]", value, ""),
                "file": (name, value, "file"),
                "renamed": (f"{name}-0-x", value, ""),
            }
            if deed == "repeated":
                made.append((name, value, ""))
            else:
                made[place] = changed[deed]
        return [one for one in made if one[2] != "missing"]

    return st.lists(spoil, min_size=1, max_size=4).map(done)


def encoded(fields: Sequence[tuple[str, bytes, str]], kind: str) -> tuple[bytes, str]:
    """A body with these fields and its content type."""
    if kind == "json":
        return json.dumps({name: value.decode("latin-1") for name, value, _ in fields}).encode(), "application/json"
    if kind == "text":
        return b"".join(name.encode() + b"=" + value + b"\r\n" for name, value, _ in fields), "text/plain"
    if kind == "multipart" or any(deed == "file" for *_, deed in fields):
        mark, out = token_urlsafe(12), io.BytesIO()
        for name, value, deed in fields:
            asked = '; filename="a.pdf"\r\nContent-Type: application/pdf' if deed == "file" else ""
            plain = name.encode("utf-8", "surrogatepass")
            out.write(b'--%b\r\nContent-Disposition: form-data; name="%b"' % (mark.encode(), plain))
            out.write(asked.encode() + b"\r\n\r\n" + value + b"\r\n")
        out.write(b"--" + mark.encode() + b"--\r\n")
        return out.getvalue(), f"multipart/form-data; boundary={mark}"
    pairs = (f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value, _ in fields)
    return "&".join(pairs).encode(), "application/x-www-form-urlencoded"


def attack(sender: Sender, family: Family, times: int, report: Report) -> None:
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
        fields=spoilt(family.fields),
        kind=st.sampled_from(["urlencoded"] * 6 + ["multipart", "multipart", "json"]),
        is_whole=st.sampled_from([True] * 9 + [False]),
    )
    def send(fields: list[tuple[str, bytes, str]], kind: str, is_whole: bool) -> None:
        tokens = sender.tokens(family.who) if is_whole else {}
        body, content_type = encoded([*((n, v, "") for n, v in tokens.items()), *fields], kind)
        sender.send(family, body, content_type, report)

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


BEGINS_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Rig:
    """A settled world in a folder, of which each family of forms gets a copy of its own."""

    def __init__(self, folder: Path) -> None:
        """Settle it."""
        self.folder, self.keys = folder, [os.urandom(32) for _ in range(4)]
        clock = FixedClock(BEGINS_AT)
        url = f"sqlite:///{folder / 'settled.sqlite3'}"
        migrate(url)
        database = Database(url, Vault(*self.keys), clock)
        with database.work(SYSTEM) as act:
            installation.begin(act, is_demonstration=True)
            installation.keep_holidays(act, england())
            self.people = settle(act)
        self.world = settle_world(Caseload(database, clock, self.people.olive), self.people, clock)
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
        app = create_app(asked, FixedClock(self.at))
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
        database = app.extensions["lado"].database
        yield Sender(app, database, self.world)
        database.engine.dispose()


def main() -> int:
    """Print what was found as JSON; 1 when anything was (or, spoilt on purpose, when nothing was)."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.forms", description=__doc__)
    parser.add_argument("--each", type=int, default=10_000, help="how many forms to each address")
    parser.add_argument("--only", default="", help="only addresses with this in their name")
    parser.add_argument("--control", action="store_true", help="make each page fail on purpose")
    asked = parser.parse_args()
    report, began = Report(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        rig = Rig(Path(folder))
        with rig.fresh() as sender:
            found = families(sender, rig.people, asked.only)
        for number, family in enumerate(found):
            with rig.fresh() as sender, failing(sender.app, family.visit.endpoint, is_on=asked.control):
                attack(sender, family, asked.each, report)
            print(f"{number + 1} of {len(found)}: {family.visit.name}, {len(report.findings)} found", file=sys.stderr)
    told: dict[str, Any] = {"families": len(found), "sent": report.sent, "slowest": round(report.slowest, 2)}
    told |= {"statuses": dict(sorted(report.statuses.items())), "findings": len(report.findings)}
    told |= {"found": report.findings[:20], "seconds": round(time.monotonic() - began)}
    print(json.dumps(told, indent=2))
    return int(not report.findings) if asked.control else int(bool(report.findings))


if __name__ == "__main__":
    sys.exit(main())
