"""Swapping ids: whatever is not a partner's answers as what never was, byte for byte, whichever id they try.

Only what is never the same twice is blanked: the nonce, the tokens of a form, the cookie, and what was asked for.
"""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lado.domain.references import ALPHABET, new_reference, tidied
from tests.support.signing import sending

NEVER_THE_SAME = re.compile(
    r'nonce="[^"]*"|\'nonce-[^\']*\'|(?<=name="csrf_token" value=")[^"]*|(?<=name="form_token" value=")[^"]*'
    r'|(?<=data-token=")[^"]*|(?<=sign-in\?next=)[^"\s<]*'
)
NEVER = 2**31 - 1
"""A number that nothing has."""
IDS = frozenset({"reference", "number", "entry", "message", "occurrence", "stamp", "secret", "account_id"})
"""Arguments of addresses that name a thing, besides those that end in `_id`."""
PUBLIC = ("/portal", "/invited", "/feeds", "/refer/")
WEIGHT = 8
"""How much oftener an address that partners have is tried than one that only officers have."""
SENT = {"message": "A message.", "reply": "It is done.", "name": "A Name", "password": "a long enough password"}

KINDS = ("another's", "never", "neighbour", "random", "other spelling")


@dataclass(frozen=True)
class Ids:
    """What there is to be swapped in: the references of all cases, the largest numbers, and secrets that work."""

    references: Sequence[str]
    largest: int
    secrets: Sequence[str]
    dead_secrets: Sequence[str]
    """Of links that were used, were withdrawn, or have ended."""


@dataclass
class Asker:
    """Somebody who tries: signed in or not, with the references that are theirs and how many actions on each."""

    name: str
    client: FlaskClient
    own: Mapping[str, int] = field(default_factory=dict)
    is_in: bool = True
    token: str = ""

    def __post_init__(self) -> None:
        self.token = sending(self.client)["csrf_token"]


class Answer(NamedTuple):
    """An answer, with what is never the same blanked."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class Place(NamedTuple):
    """An address, a method, and a field of the form or of the query that names a thing ('' for none)."""

    rule: Rule
    method: str
    named: str = ""

    @property
    def name(self) -> str:
        """How a finding calls it."""
        return f"{self.method} {self.rule.rule}" + (f" ({self.named})" if self.named else "")


@dataclass
class Report:
    """How many ids were swapped, of which kinds and at how many places, and what answered otherwise."""

    tried: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    places: set[str] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)


def is_id(name: str) -> bool:
    """Whether an argument of an address names a thing."""
    return name in IDS or name.endswith("_id")


def places(app: Flask) -> list[Place]:
    """Every address and method with an id, those of partners oftener; and the fields that name a thing."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if any(map(is_id, rule.arguments)):
            weight = WEIGHT if rule.rule.startswith(PUBLIC) else 1
            found += [Place(rule, method) for method in sorted((rule.methods or set()) - {"OPTIONS"})] * weight
        if rule.endpoint == "portal.home":
            found += [Place(rule, "GET", "after")] * WEIGHT
        if rule.endpoint == "referring_files.take_away":
            found += [Place(rule, "POST", "number")] * WEIGHT
    return found


def swap(
    app: Flask, askers: Sequence[Asker], ids: Ids, examples: Mapping[str, Any], times: int, draw: Random
) -> Report:
    """Swap so many ids, and hold each answer against that of a thing that never was."""
    report, address = Report(), app.url_map.bind("localhost")
    known: dict[tuple[str, str], Answer] = {}
    chosen = places(app)
    while report.tried < times:
        asker, place, kind = draw.choice(askers), draw.choice(chosen), draw.choice(KINDS)
        if place.named and not asker.is_in:
            continue  # what a form says is asked of those who have the form
        tried = _values(place, kind, asker, ids, examples, draw)
        if _is_theirs(place, tried, asker):
            continue
        missing = (asker.name, place.name)
        if missing not in known:
            known[missing] = ask(asker, address, place, _values(place, "never", asker, ids, examples, draw))
        answer = ask(asker, address, place, tried)
        report.tried += 1
        report.kinds[kind] += 1
        report.statuses[answer.status] += 1
        report.places.add(place.name)
        if answer != known[missing]:
            what = ", ".join(_differences(known[missing], answer))
            report.findings.append(f"{asker.name}, {place.name}, {kind} {tried}: {what}")
    return report


def _values(
    place: Place, kind: str, asker: Asker, ids: Ids, examples: Mapping[str, Any], draw: Random
) -> dict[str, Any]:
    """What stands in the address, and in the field that names a thing."""
    found = {name: examples[name] for name in place.rule.arguments}
    named = [name for name in (*sorted(found), place.named) if name and (is_id(name) or name == place.named)]
    keeps = draw.choice(["", *named]) if kind != "never" and len(named) > 1 else ""
    for name in named:
        if name == keeps and name == "reference" and asker.own:
            found[name] = draw.choice(sorted(asker.own))  # their own referral, with somebody else's number in it
        elif name in ("reference", "after"):
            found[name] = _reference(kind if name == "reference" else "another's", ids, draw)
            if name == "after" and kind in ("never", "random"):
                found[name] = _unused(ids, draw)
        elif name == "secret":
            found[name] = _secret(kind, ids, draw)
        else:
            found[name] = _number(kind, ids, draw)
    return found


def _unused(ids: Ids, draw: Random) -> str:
    while (made := new_reference("NB", draw.randrange)) in ids.references:
        pass
    return made


def _reference(kind: str, ids: Ids, draw: Random) -> str:
    other = draw.choice(ids.references)
    if kind == "another's":
        return other
    if kind == "other spelling":
        return other.lower().replace("-", draw.choice(["", " ", "-"]))
    if kind == "neighbour":
        at = draw.randrange(3, 9)
        return other[:at] + draw.choice(ALPHABET) + other[at + 1 :]
    return _unused(ids, draw)


def _secret(kind: str, ids: Ids, draw: Random) -> str:
    if kind == "another's" and ids.dead_secrets:
        return draw.choice(ids.dead_secrets)
    if kind in ("neighbour", "other spelling") and ids.secrets:
        alive = draw.choice(ids.secrets)
        at = draw.randrange(len(alive))
        return alive[:at] + ("0" if alive[at] != "0" else "1") + alive[at + 1 :]
    return draw.randbytes(16).hex()


def _number(kind: str, ids: Ids, draw: Random) -> int:
    if kind in ("another's", "neighbour"):
        return draw.randint(0, ids.largest)
    if kind == "random":
        return draw.choice([draw.randrange(2**31), draw.randrange(2**63), 10**30])
    return NEVER


def _is_theirs(place: Place, tried: Mapping[str, Any], asker: Asker) -> bool:
    """Whether this very thing may be theirs: then it is no swap."""
    reference = tidied(str(tried.get("reference", "")))
    if place.rule.rule.startswith("/portal") and reference in asker.own:
        return "number" not in tried or 1 <= tried["number"] <= asker.own[reference]
    return place.named == "after" and tried["after"] in asker.own


def ask(asker: Asker, address: Any, place: Place, values: Mapping[str, Any]) -> Answer:
    """What somebody is answered at a place where these values stand, with what is never the same blanked."""
    in_path = {name: values[name] for name in place.rule.arguments}
    path = address.build(place.rule.endpoint, in_path, method=place.method)
    data: dict[str, Any] | None = None
    if place.method == "POST":
        data = {**SENT, "csrf_token": asker.token, "form_token": secrets.token_urlsafe(24)}
        data |= {place.named: values[place.named]} if place.named else {}
    query = {place.named: values[place.named]} if place.named and place.method == "GET" else None
    with asker.client.open(path, method=place.method, data=data, query_string=query) as answer:
        body, headers = answer.get_data(as_text=True), answer.headers
        if asker.is_in and place.method == "POST" and answer.location:  # what it says stands where it leads
            body += asker.client.get(answer.location, follow_redirects=True).text
        is_whole = place.method == "HEAD" or answer.content_length == len(answer.data)
        assert is_whole, f"{place.name} says another length than it has"
    blank = _blanker(path, [str(value) for value in values.values()])
    told = sorted((name, blank(_of_cookie(name, said))) for name, said in headers if name != "Content-Length")
    return Answer(answer.status_code, tuple(told), blank(body))


def _blanker(path: str, values: Sequence[str]) -> Callable[[str], str]:
    """Blank what is never the same: tokens, the address as it was asked for, and ids that can be told from words."""

    def blank(text: str) -> str:
        text = NEVER_THE_SAME.sub("*", text)
        for asked in (path, quote(path), quote_plus(path, safe="/"), *(value for value in values if len(value) > 6)):
            text = text.replace(asked, "*")
        return text

    return blank


def _of_cookie(name: str, said: str) -> str:
    return re.sub(r"=[^;]*", "=*", said, count=1) if name == "Set-Cookie" else said


def _differences(one: Answer, other: Answer) -> Iterator[str]:
    if one.status != other.status:
        yield f"{other.status} and not {one.status}"
    if one.headers != other.headers:
        yield f"other headers {sorted(set(one.headers) ^ set(other.headers))}"
    if one.body != other.body:
        at = next((n for n, pair in enumerate(zip(one.body, other.body, strict=False)) if pair[0] != pair[1]), -1)
        yield f"another page: {other.body[max(0, at - 40) : at + 80]!r} and not {one.body[max(0, at - 40) : at + 80]!r}"
