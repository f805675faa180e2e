"""Reading every page that a partner can reach for what is not theirs: pages, headers, error pages and mail."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lado.act import Act
from lado.domain.codes import OUTCOMES
from lado.domain.online import PARTS
from lado.models import Notice
from lado.services import notices, rerouting
from tests.faults.portal_fields import Facts, Partner
from tests.support.planting import Spot, planted_in
from tests.support.routes import Visit, World, visits
from tests.support.signing import sending

REFERENCE = re.compile(r"\b[A-Z]{2}-[0-9A-Z]{6}-[0-9A-Z]\b")
PORTAL = re.compile(r"/(portal|refer|invited|feeds|sign-in)(/|$)")
URL = "https://lado.council.example"
NEVER = frozenset({"sessions.sign_out", "static"})
"""Signing out ends the walk, and a style sheet is the same for everybody."""

Rule = Callable[[Facts, Spot, Partner], bool]


def _own_account(facts: Facts, spot: Spot, who: Partner) -> bool:
    return spot.where == f"account/{who.token}"


def _own_draft(facts: Facts, spot: Spot, who: Partner) -> bool:
    return facts.drafts.get(int(spot.where.partition("/")[2])) == who.id


def _own_file(facts: Facts, spot: Spot, who: Partner) -> bool:
    return facts.files.get(spot.where.partition("/")[2]) == who.id


def _on_own_case(rule: Rule, facts: Facts, spot: Spot, who: Partner) -> bool:
    case = int(spot.where.split("/")[1])
    return case in who.own.values() and rule(facts, spot, who)


def _asked_of_them(facts: Facts, spot: Spot, who: Partner) -> bool:
    """The words of an action stand on the note just before it."""
    following = facts.entry(spot.where.partition("/")[2], after=1)
    return following.kind == "ActionSet" and following.data["user"] == who.id


def _said_by_them(facts: Facts, spot: Spot, who: Partner) -> bool:
    return facts.entry(spot.where.partition("/")[2]).actor == who.id


def _to_or_from_them(facts: Facts, spot: Spot, who: Partner) -> bool:
    return bool(facts.entry(spot.where.partition("/")[2]).data["partner"] == who.id)


ALLOWED: Mapping[str, tuple[str, Rule]] = {
    "account.name": ("their own name, so that they see who is signed in", _own_account),
    "account.email": ("their own address, which goes with what they refer", _own_account),
    "account.phone": ("their own telephone number, which the form begins with", _own_account),
    "Noted.action": ("what they are asked to do", partial(_on_own_case, _asked_of_them)),
    "Noted.reply": ("what they answered", partial(_on_own_case, _said_by_them)),
    "MessageSent.message": ("what was written between them and the officers", partial(_on_own_case, _to_or_from_them)),
    "attachment.name": ("the files that they have added to what they are writing", _own_file),
    **{
        f"online_draft.parts.{part}.fields.{name}": ("what they have written and not sent", _own_draft)
        for part, names in {
            "you": ("role", "phone", "reach", "organisation"),
            "adult": ("subject_name", "subject_role", "setting"),
            "what": ("summary",),
            "children": ("safety_steps", "children-0-name"),
            "told": ("told_more",),
        }.items()
        for name in names
    },
}
"""The sealed fields that a partner may read, why, and which of them are theirs. Nothing else is."""


@dataclass
class Scan:
    """What was read, what was found, and which fields were seen where they may be."""

    spots: Mapping[str, Spot]
    facts: Facts
    pages: int = 0
    letters: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    def read(self, who: Partner, place: str, text: str, references: Iterable[str]) -> None:
        """Find in a text what is not this partner's; `references` are those of the referrals that it may name."""
        self.findings += [f"{who.name}, {place}: {what}" for what in self._not_theirs(who, text, set(references))]

    def _not_theirs(self, who: Partner, text: str, references: set[str]) -> Iterator[str]:
        for mark in sorted(planted_in(text)):
            spot = self.spots[mark]
            label = self.facts.label(spot)
            _, rule = ALLOWED.get(label, ("", None))
            if rule is None or not rule(self.facts, spot, who):
                yield f"{label} of {spot.where}"
            else:
                self.seen[label] += 1
        for reference in sorted(set(REFERENCE.findall(text)) - references):
            yield f"the referral {reference}"
        yield from (f"the name {name}" for name in sorted(who.strangers) if name in text)


def walk(scan: Scan, app: Flask, client: FlaskClient, who: Partner, world: World, *, whole: bool) -> None:
    """Read what stands at every address with a reference in it, of the case that the world is about.

    `whole` takes the officers' addresses too. Then each form of the portal is sent, without its token and with it.
    """
    reference = world.pats.reference
    chosen = [visit for visit in visits(app, world) if "<reference>" in visit.page.path]
    chosen = [visit for visit in chosen if whole or PORTAL.match(visit.path)]
    _read_all(scan, client, who, chosen, reference)
    for path in (f"/portal?after={reference}", f"/portal/{reference}/nothing", f"/portal/{reference.lower()}"):
        _read(scan, who, f"GET {path.replace(reference, '<reference>')}", client, path)


def walk_besides(scan: Scan, app: Flask, client: FlaskClient, who: Partner, world: World, *, whole: bool) -> None:
    """Read what stands at every other address."""
    chosen = [visit for visit in visits(app, world) if "<reference>" not in visit.page.path]
    chosen = [visit for visit in chosen if whole or PORTAL.match(visit.path)]
    for part in PARTS:
        _read(scan, who, f"GET /portal/refer/{part}", client, f"/portal/refer/{part}")
    _read_all(scan, client, who, [visit for visit in chosen if visit.endpoint not in NEVER], "")


def _read_all(scan: Scan, client: FlaskClient, who: Partner, chosen: list[Visit], reference: str) -> None:
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
    who: Partner,
    name: str,
    client: FlaskClient,
    path: str,
    reference: str = "",
    data: Mapping[str, str] | None = None,
) -> None:
    """Ask once and read the answer with its headers."""
    with client.open(path, method="GET" if data is None else "POST", data=data) as answer:
        body = answer.get_data().decode("utf-8", "replace")
    scan.pages += 1
    scan.read(who, name, unescape(f"{body}\n{answer.headers}"), who.own)
    if reference in who.own and name.startswith("GET /portal"):
        _read_own(scan, who, name, body, reference)


def _read_own(scan: Scan, who: Partner, name: str, body: str, reference: str) -> None:
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


def read_mail(scan: Scan, act: Act, partners: Iterable[Partner]) -> None:
    """Read every message to these partners as it is sent now: no word of any case, and no referral but their own."""
    by_id = {who.id: who for who in partners}
    query = select(Notice.id, Notice.account_id).where(Notice.account_id.in_(by_id)).order_by(Notice.id)
    for row in act.session.execute(query).all():
        letter, who = notices.letter(act, row.id, URL), by_id[row.account_id]
        text = f"{letter.subject}\n{letter.text}\n{letter.message_id}"
        scan.findings += [f"{who.name}, mail: {scan.facts.label(scan.spots[mark])}" for mark in planted_in(text)]
        if not rerouting.withheld(act, row.id):
            scan.letters += 1
            scan.read(who, "mail", text, who.own)
