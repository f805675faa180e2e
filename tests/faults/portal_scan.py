"""Reading every page that a partner can reach for what is not theirs: pages, headers, error pages and mail."""

import re
from collections.abc import Iterable, Mapping
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lado.act import Act
from lado.council.canary_facts import Reader
from lado.council.canary_scan import Scan
from lado.council.planting import planted_in
from lado.domain.codes import OUTCOMES
from lado.domain.online import PARTS
from lado.models import Notice
from lado.services import notices, rerouting
from tests.support.routes import Visit, World, visits
from tests.support.signing import sending

PORTAL = re.compile(r"/(portal|refer|invited|feeds|sign-in)(/|$)")
URL = "https://lado.council.example"
NEVER = frozenset({"sessions.sign_out", "static"})
"""Signing out ends the walk, and a style sheet is the same for everybody."""


def walk(scan: Scan, app: Flask, client: FlaskClient, who: Reader, world: World, *, whole: bool) -> None:
    """Read what stands at every address with a reference in it, of the case that the world is about.

    `whole` takes the officers' addresses too. Then each form of the portal is sent, without its token and with it.
    """
    reference = world.pats.reference
    chosen = [visit for visit in visits(app, world) if "<reference>" in visit.page.path]
    chosen = [visit for visit in chosen if whole or PORTAL.match(visit.path)]
    _read_all(scan, client, who, chosen, reference)
    for path in (f"/portal?after={reference}", f"/portal/{reference}/nothing", f"/portal/{reference.lower()}"):
        _read(scan, who, f"GET {path.replace(reference, '<reference>')}", client, path)


def walk_besides(scan: Scan, app: Flask, client: FlaskClient, who: Reader, world: World, *, whole: bool) -> None:
    """Read what stands at every other address."""
    chosen = [visit for visit in visits(app, world) if "<reference>" not in visit.page.path]
    chosen = [visit for visit in chosen if whole or PORTAL.match(visit.path)]
    for part in PARTS:
        _read(scan, who, f"GET /portal/refer/{part}", client, f"/portal/refer/{part}")
    _read_all(scan, client, who, [visit for visit in chosen if visit.endpoint not in NEVER], "")


def _read_all(scan: Scan, client: FlaskClient, who: Reader, chosen: list[Visit], reference: str) -> None:
    for visit in chosen:
        if visit.page.method == "GET":
            _read(scan, who, visit.name, client, visit.path, reference)
    token = sending(client)["csrf_token"]
    for visit in chosen:
        if visit.page.method == "POST" and PORTAL.match(visit.path):
            for data in ({}, {"csrf_token": token, "form_token": "", "message": "", "reply": ""}):
                _read(scan, who, visit.name, client, visit.path, reference, data)


def _read(
    scan: Scan,
    who: Reader,
    name: str,
    client: FlaskClient,
    path: str,
    reference: str = "",
    data: Mapping[str, str] | None = None,
) -> None:
    """Ask once and read the answer with its headers."""
    with client.open(path, method="GET" if data is None else "POST", data=data) as answer:
        body = answer.get_data().decode("utf-8", "replace")
    scan.read_from["pages"] += 1
    scan.read(who, name, unescape(f"{body}\n{answer.headers}"), who.own)
    if reference in who.own and name.startswith("GET /portal"):
        _read_own(scan, who, name, body, reference)


def _read_own(scan: Scan, who: Reader, name: str, body: str, reference: str) -> None:
    """Of their own referral: no outcome before it was released to them."""
    case = who.own[reference]
    entries = [entry for (about, _), entry in scan.facts.entries.items() if about == case]
    is_released = any(
        entry.kind == "OutcomeReleased" or (entry.kind == "OutcomeReleasedTo" and entry.data["partner"] == who.id)
        for entry in entries
    )
    if not is_released:
        scan.findings += [
            f"{who.name}, {name}: {outcome}, which was not released" for outcome in OUTCOMES.values() if outcome in body
        ]


def read_mail(scan: Scan, act: Act, partners: Iterable[Reader]) -> None:
    """Read every message to these partners as it is sent now: no word of any case, and no referral but their own."""
    by_id = {who.id: who for who in partners}
    query = select(Notice.id, Notice.account_id).where(Notice.account_id.in_(by_id)).order_by(Notice.id)
    for row in act.session.execute(query).all():
        letter, who = notices.letter(act, row.id, URL), by_id[row.account_id]
        text = f"{letter.subject}\n{letter.text}\n{letter.message_id}"
        scan.findings += [f"{who.name}, mail: {scan.facts.label(scan.spots[mark])}" for mark in planted_in(text)]
        if not rerouting.withheld(act, row.id):
            scan.read_from["messages"] += 1
            scan.read(who, "mail", text, who.own)
