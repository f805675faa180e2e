"""A synthetic council whose every word carries a string of its own, with partners who have something to read."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Settings
from lado import create_app, migrations
from lado.act import Act
from lado.adapters.bank_holidays import england
from lado.cli.council import span_of
from lado.clock import FixedClock
from lado.council import cast
from lado.council.canary_facts import Reader
from lado.council.planting import PlantingVault
from lado.council.profiles import PROFILES
from lado.council.simulation import simulate
from lado.db import Database, make_engine
from lado.domain.self_check import Check
from lado.models import Account, Grant, Invitation, Referral
from lado.queries.grants import may_follow
from lado.queries.invitations import secret_of
from lado.security.identity import SYSTEM, Identity, Role
from lado.services import (
    access,
    installation,
    invitations,
    moves,
    online_beginnings,
    online_drafts,
    partner_messages,
    partners,
)
from lado.services.access import NewAccess
from lado.services.invitations import NewPerson
from lado.services.online_beginnings import NewBeginning
from tests.faults.portal_fields import partner_of
from tests.support import online
from tests.support.routes import LateDay, World
from tests.support.signing import sending

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
NEW = {"nell": "nell@oak-tree.example", "neve": "neve@bramble-house.example"}
ADDRESSES = {member.key: cast.email_of(member) for member in cast.CAST} | NEW
"""With which address each of them signs in; the password is the same."""

GIVEN_EACH = 8
"""How many cases each partner is let follow besides those that they have; every fourth is taken away again."""


@dataclass
class Council:
    """The council, served, and who signs in to it."""

    database: Database
    vault: PlantingVault
    app: Flask
    clock: FixedClock
    partners: dict[str, Identity]


def council(folder: Path, first_on: date, last_on: date) -> Council:
    """Let the demonstration's council live through these days, and give its partners more to read."""
    keys = [secrets.token_bytes(32) for _ in range(4)]
    url = f"sqlite:///{folder / 'council.sqlite3'}"
    migrations.upgrade(make_engine(url))
    vault, clock = PlantingVault(*keys), FixedClock(NOW)
    database = Database(url, vault, clock)
    with database.work(SYSTEM) as act:
        installation.keep_holidays(act, england())
    simulate(database, PROFILES["demonstration"], 1, span_of(first_on, last_on, NOW), lambda words: None)
    people = {member.key: _identity(database, ADDRESSES[member.key]) for member in cast.CAST}
    found = {key: who for key, who in people.items() if who.role is Role.PARTNER}
    _give_more(database, people["olive"], list(found.values()))
    found["nell"] = _newcomer(database, people["olive"].authority or 0)
    found["neve"] = _invited(database, people["olive"], people["carys"].agency or 0)
    names = ("secret_key", "master_key", "index_key", "record_key", "signing_key")
    settings = Settings(
        database_url=url, data_folder=folder, **dict(zip(names, (secrets.token_bytes(32), *keys), strict=True))
    )
    return Council(database, vault, create_app(settings, clock), clock, found)


def _newcomer(database: Database, authority: int) -> Identity:
    """Let somebody begin to refer without an account, choose a password with the link, and write all of it."""
    said = NewBeginning(
        authority=authority,
        name="Nell Nettlecombe",
        email=NEW["nell"],
        organisation="Oak Tree Nursery",
        source="early_years",
        role="Manager",
        phone="01632 960 300",
        check=Check("no", "yes", ("1",), "yes"),
    )
    with database.work(SYSTEM) as act:
        online_beginnings.begin(act, said)
        _accept(act, said.name)
    who = _identity(database, said.email)
    online.write(database, who, you={"organisation": said.organisation}, adult={"setting": said.organisation})
    return who


def _invited(database: Database, officer: Identity, agency: int) -> Identity:
    """Invite somebody whose telephone number is known, and let them begin to refer."""
    with database.work(officer) as act:
        invitations.invite(act, NewPerson(agency, "Neve Nightingale", NEW["neve"], "01632 960 310", is_checked=True))
    with database.work(SYSTEM) as act:
        _accept(act, "Neve Nightingale")
    who = _identity(database, NEW["neve"])
    with database.work(who) as act:
        online_drafts.begin(act, Check("no", "yes", ("1",), "yes"))
    return who


def _accept(act: Act, name: str) -> None:
    nonce = act.session.scalars(select(Invitation.nonce).order_by(Invitation.id.desc()).limit(1)).one()
    invitations.accept(act, secret_of(act.vault, nonce), name, cast.PASSWORD)


def _identity(database: Database, address: str) -> Identity:
    with database.reading(SYSTEM) as act:
        token = act.vault.token("email", address)
        account = act.session.scalars(select(Account).where(Account.email_token == token)).one()
        return Identity(account.id, Role(account.role), account.authority_id, address, account.agency_id)


def _give_more(database: Database, officer: Identity, partners_: Sequence[Identity]) -> None:
    """Let each partner follow some more cases, with an action, an answer and messages on them."""
    with database.reading(officer) as act:
        cases = act.session.execute(
            select(Referral.id, Referral.reference)
            .where(Referral.authority_id == officer.authority, Referral.is_open)
            .order_by(Referral.id)
        ).all()
    for index, who in enumerate(partners_):
        for number, case in enumerate(cases[index :: len(partners_)][:GIVEN_EACH]):
            _let_follow(database, officer, who, case.id, case.reference, is_ended=number % 4 == 3)


def _let_follow(
    database: Database, officer: Identity, who: Identity, case: int, reference: str, *, is_ended: bool
) -> None:
    with database.work(officer) as act:
        if may_follow(act.session, who.id or 0, case, act.at):
            return
        access.give(act, case, NewAccess(who.id or 0, "They look after the child at school."))
        for what in ("Send the rota of that week.", "Keep the camera pictures."):
            answers = {"due_on": act.today + timedelta(days=4), "holder": "partner", "user": who.id}
            moves.make(act, case, "set_action", answers, {"action": what})
        partner_messages.answer(act, case, who.id or 0, "Please ring us before you speak to anybody.")
    with database.work(who) as act:
        partners.complete(act, reference, 1, "The rota went by secure mail.")
        partner_messages.write(act, reference, "Nobody but the head knows of it.")
    if is_ended:
        with database.work(officer) as act:
            query = select(Grant.id).where(Grant.referral_id == case, Grant.account_id == who.id)
            access.end(act, case, act.session.scalars(query).one(), "They have left the school.")


def follower(act: Act, name: str, who: Identity) -> Reader:
    """A partner with what they may follow now."""
    account_id = who.id or 0
    rows = act.session.execute(select(Referral.id, Referral.reference)).all()
    own = {row.reference: row.id for row in rows if may_follow(act.session, account_id, row.id, act.at)}
    return partner_of(act, name, who, own)


def signed_in(app: Flask, address: str, password: str) -> FlaskClient:
    """A browser that is signed in."""
    client = app.test_client()
    data = {"email": address, "password": password, **sending(client)}
    asks = client.post("/sign-in", data=data, follow_redirects=True)
    shown = re.search(r'one-time-code">(\d{6})<', asks.text)
    assert shown, asks.text
    data = {"code": shown[1], **sending(client)}
    assert client.post("/sign-in/code?next=/health/live", data=data).status_code == 302
    return client


def world_of(case: Referral, partner_id: int) -> World:
    """Examples of all that an address may name, about one case of a council: whatever has a number has the first."""
    examples: dict[str, Any] = dict.fromkeys((one.name for one in fields(World)), 1)
    examples |= dict.fromkeys(("pats", "pols", "nobodys", "southmeres"), case)
    examples |= {"late_day": LateDay(1, 1), "partner_id": partner_id}
    examples["partners"] = dict.fromkeys(("agency_id", "setting_id", "agency_contact_id", "grant_id"), 1)
    return World(**examples)


def about(world: World, case: Referral) -> World:
    """The same examples about another case."""
    return replace(world, pats=case)
