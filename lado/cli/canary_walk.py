"""Everybody of the canary world opens every address there is, about cases that are theirs and cases that are not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import product
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from lado.act import Act
from lado.clock import FixedClock
from lado.council.canary_facts import Reader
from lado.council.canary_scan import Scan, words_of
from lado.db import Database
from lado.models import Account, Base, ReadEntry, Referral
from lado.security.identity import SYSTEM, Role
from lado.services import look_reasons, sessions
from lado.services.look_reasons import Said

Value = str | int

TABLES: Mapping[str, str] = {
    "account_id": "account",
    "change_id": "change",
    "contact_id": "night_contact",
    "finding_id": "unusual_look",
    "glass_id": "broken_glass",
    "grant_id": "grant_of_access",
    "kept_id": "kept_form",
    "partner_id": "account",
    "person_id": "account",
    "published_id": "rule_set",
    "review_id": "holiday_review",
    "setting_id": "agency_setting",
    "shift_id": "on_call",
    "swap_id": "duty_swap",
}
"""What a number in an address counts, where its name does not say it."""

WORDS: Mapping[str, tuple[Value, ...]] = {
    "adjustment": ("extend",),
    "audience": ("parents",),
    "clock": ("threshold", "conclusion"),
    "council": ("northbrook", "southmere"),
    "entry": (1, 4),
    "filename": ("app.css",),
    "form": ("referral",),
    "ladder": ("after_meeting",),
    "message": (1, 14),
    "move": ("add_note", "assign"),
    "name": ("received_at",),
    "number": (1, 2),
    "occasion": ("outcome",),
    "part": ("you", "adult", "what", "children", "told"),
    "procedure": ("allegation_v2",),
    "rule": ("evaluation_decision",),
    "secret": ("nobody-was-given-this-one",),
    "state": ("received",),
}
"""Examples of what stands in an address besides numbers of things; whatever is not here is tried with 1."""

NEVER = frozenset({"sessions.sign_out", "static"})
"""Signing out ends the walk, and a style sheet is the same for everybody."""

REFERENCE = "REFERENCE"
"""Stands in an address for that of a case."""

PAUSE = 3
"""Seconds between two pages: no quicker than pages may be read."""
APART = 11
"""Minutes between two people."""

ANEW = 60
"""After how many pages somebody signs in anew: a second factor counts as fresh for 100 of them."""

REASON = Said("other", "A parent rang about it.")
"""What somebody says why they open a case that is not theirs."""

TURNED_AWAY = ("/sign-in", "/confirm-it-is-you")
"""Where somebody is sent whose session or whose second factor is not taken any more: then nothing was read."""


@dataclass(frozen=True)
class Address:
    """One address to open, and how a finding calls it."""

    name: str
    path: str


def examples(act: Act, *, is_whole: bool) -> dict[str, tuple[Value, ...]]:
    """Of each thing that an address may name by its number the first, one in the middle, and the last; or the first."""
    found: dict[str, tuple[Value, ...]] = dict(WORDS)
    for name in {*TABLES, *(f"{table}_id" for table in Base.metadata.tables)}:
        table = Base.metadata.tables.get(TABLES.get(name, name.removesuffix("_id")))
        if table is not None and "id" in table.columns:
            most = act.session.scalar(select(func.max(table.c.id))) or 1
            found[name] = tuple(sorted({1, (most + 1) // 2, most}))
    return found if is_whole else {name: values[:1] for name, values in found.items()}


def addresses(app: Flask, given: Mapping[str, tuple[Value, ...]], method: str = "GET") -> Iterator[tuple[Rule, str]]:
    """Every address of the app with each of its examples; a reference stands in it as `REFERENCE`."""
    bound = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if method not in (rule.methods or ()) or rule.endpoint in NEVER:
            continue
        names = sorted(rule.arguments)
        several = ((REFERENCE,) if name == "reference" else given.get(name, (1,)) for name in names)
        for values in product(*several):
            yield rule, bound.build(rule.endpoint, dict(zip(names, values, strict=True)), method=method)


def relations(act: Act, who: Reader, depth: int) -> dict[str, list[str]]:
    """Some cases in each relation that somebody may stand in to one: their references, by the relation.

    They are taken from all over the list, and other ones for each person.
    """
    cases = act.session.execute(
        select(Referral.reference, Referral.authority_id, Referral.owner_id).order_by(Referral.id)
    ).all()
    found: dict[str, list[str]] = {}
    for case in cases:
        here = "here" if case.authority_id == who.who.authority else "elsewhere"
        if case.reference in who.own:
            relation = "their own" if case.owner_id == who.id or not who.councils else "a colleague’s"
        else:
            relation = f"kept from them, {here}" if who.councils else f"another’s, {here}"
        found.setdefault(relation, []).append(case.reference)
    return {relation: _spread(references, depth, who.id) for relation, references in found.items()}


def _spread(references: Sequence[str], most: int, first: int) -> list[str]:
    every = len(references)
    return [references[(first + at * every // most) % every] for at in range(min(most, every))]


def walk(app: Flask, database: Database, clock: FixedClock, scan: Scan, who: Reader, depth: int) -> None:
    """Let one person open every address about so many cases of each relation; from two on, every form is sent too.

    A form goes without what lets it have an effect: what it says to that is read.
    """
    is_whole = depth > 1
    with database.reading(SYSTEM) as act:
        given, related = examples(act, is_whole=is_whole), relations(act, who, depth)
    client = signed_in(app, database, who)
    walker = Walker(app, database, clock, scan, who, client, _token(client))
    walker.explain(related)
    for method in ("GET", "POST") if is_whole else ("GET",):
        for rule, path in addresses(app, given, method):
            for name, reference in _about(path, related, 1 if method == "POST" else depth):
                walker.open(Address(f"{method} {rule.rule}{name}", path.replace(REFERENCE, reference)), method)
    _search(client, scan, who, [references[0] for references in related.values()])
    clock.advance(minutes=APART)


@dataclass
class Walker:
    """Somebody who goes from page to page: signed in anew when it is time, and with a reason for what is not theirs."""

    app: Flask
    database: Database
    clock: FixedClock
    scan: Scan
    who: Reader
    client: FlaskClient
    token: str
    opened: int = 0

    def explain(self, related: Mapping[str, Sequence[str]]) -> None:
        """Say why, of each case that they may read and that is not their own."""
        if self.who.who.role is Role.PARTNER:
            return
        known = {self.who.own[one] for references in related.values() for one in references if one in self.who.own}
        for case in sorted(known):
            with self.database.work(self.who.who) as act:
                look_reasons.give(act, act.session.get_one(Referral, case), REASON)

    def open(self, address: Address, method: str) -> None:
        """Open an address, and see what was written down of it."""
        self.opened += 1
        if self.opened % ANEW == 0:
            self._anew()
        data = {"csrf_token": self.token} if method == "POST" else None
        named = look(self.client, self.scan, self.who, address, data)
        if named:
            self._ensure_logged(address, named)
        self.clock.advance(seconds=PAUSE)

    def _anew(self) -> None:
        with self.client.session_transaction() as cookie:
            before = cookie["_user_id"]
        with self.database.work(SYSTEM) as act:
            sessions.end(act, before)
        sign_in(self.client, self.database, self.who)

    def _ensure_logged(self, address: Address, named: set[int]) -> None:
        """Whoever reads a whole name reads it of one case, and that they looked at it is written down."""
        with self.database.reading(SYSTEM) as act:
            query = select(ReadEntry.referral_id).where(ReadEntry.account_id == self.who.id, ReadEntry.at == act.at)
            logged = set(act.session.scalars(query))
        self.scan.read_from["looks at names"] += 1
        if len(named) > 1:
            self.scan.findings.append(f"{self.who.name}, {address.name}: the names of {len(named)} cases in one list")
        if named - logged:
            self.scan.findings.append(f"{self.who.name}, {address.name}: names, and no look was written down")


def _about(path: str, related: Mapping[str, list[str]], depth: int) -> Iterator[tuple[str, str]]:
    """Which cases an address is opened about, each with its relation in words; none where it names no case."""
    if REFERENCE not in path:
        yield "", ""
        return
    for relation, references in related.items():
        yield from ((f" ({relation})", reference) for reference in references[:depth])


def signed_in(app: Flask, database: Database, who: Reader) -> FlaskClient:
    """A browser in which this person is signed in."""
    client = app.test_client()
    sign_in(client, database, who)
    return client


def sign_in(client: FlaskClient, database: Database, who: Reader) -> None:
    """Let this browser go on with a session that has just begun."""
    with database.work(SYSTEM) as act:
        reference = sessions.begin(act, act.session.get_one(Account, who.id))
    with client.session_transaction() as cookie:
        cookie.update(_user_id=reference, _fresh=True)


def look(client: FlaskClient, scan: Scan, who: Reader, address: Address, data: dict[str, Any] | None) -> set[int]:
    """Ask once, and read the answer with its headers; returns the cases whose people it calls by their whole name."""
    with client.open(address.path, method="GET" if data is None else "POST", data=data) as answer:
        words = words_of(answer.get_data(), answer.mimetype or "")
        text = f"{words}\n{answer.headers}"
    scan.read_from["pages" if answer.mimetype == "text/html" else "files and others"] += 1
    scan.read_from[f"answers {answer.status_code}"] += 1
    if answer.status_code >= 500 and "health" not in address.path:
        scan.findings.append(f"{who.name}, {address.name}: {answer.status_code}")
    if _is_turned_away(answer, address):
        scan.findings.append(f"{who.name}, {address.name}: turned away ({answer.status_code}), and nothing was read")
    return scan.read(who, address.name, unescape(text.replace(address.path, "")), {*who.own, *who.nights})


def _is_turned_away(answer: Response, address: Address) -> bool:
    is_sent = answer.status_code in (302, 303) and answer.headers["Location"].startswith(TURNED_AWAY)
    return answer.status_code == 429 or (is_sent and not address.path.startswith(TURNED_AWAY))


def _search(client: FlaskClient, scan: Scan, who: Reader, references: list[str]) -> None:
    """Look for each of these by its reference, and for the name that the cases share."""
    token = _token(client)
    for words in (*references, "Kim Example"):
        data = {"csrf_token": token, "words": words}
        with client.post("/search", data=data) as answer:
            text = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
        scan.read_from["searches"] += 1
        scan.read(who, f"a search for {words}", unescape(text), {*who.own, *who.nights})


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/no-such-page").get_data(as_text=True))
    return found[1] if found else ""
