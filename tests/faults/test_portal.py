"""A partner reads what is theirs and nothing else, at a small size. `python -m tests.faults.portal` takes a council."""

from random import Random

import pytest
from sqlalchemy import select

from lado.council.canary_facts import facts_of
from lado.council.canary_scan import Scan
from lado.council.planting import PlantingVault
from lado.db import Database
from lado.models import Referral
from lado.queries import portal, portal_messages
from lado.queries.portal_messages import PortalMessage
from lado.security.identity import SYSTEM
from tests.faults.portal import every_case_found, ids_of
from tests.faults.portal_council import about, follower
from tests.faults.portal_fields import unlisted
from tests.faults.portal_scan import read_mail, walk, walk_besides
from tests.faults.portal_swaps import Asker, swap
from tests.support.canaries import settle_canaries
from tests.support.contents import digests
from tests.support.signing import sign_in

SWAPS = 100


@pytest.fixture
def database(database_url, vault_keys, clock):
    """A database in which every word that is sealed carries a string of its own."""
    opened = Database(database_url, PlantingVault(*vault_keys), clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def world(caseload, people, clock):
    return settle_canaries(caseload, people, clock)


@pytest.fixture
def partners(database, people, world):
    with database.reading(SYSTEM) as act:
        return {name: follower(act, name, getattr(people, name)) for name in ("pat", "pol")}


@pytest.fixture
def scan(database, world):
    with database.reading(SYSTEM) as act:
        return Scan(database.vault.spots, facts_of(act))


def test_every_field_that_a_page_of_theirs_could_show_is_listed_with_a_reason():
    assert unlisted() == set()


@pytest.mark.once
def test_nothing_they_can_reach_holds_what_is_not_theirs(app, database, world, partners, scan):
    """The officers' addresses are crawled in tests/lado/security/test_canaries.py."""
    with database.reading(SYSTEM) as act:
        cases = act.session.scalars(select(Referral)).all()
        act.session.expunge_all()
    for name, who in partners.items():
        client = sign_in(app, name)
        own = [case for case in cases if case.reference in who.own]
        for case in (*own, next(case for case in cases if case not in own)):
            walk(scan, app, client, who, about(world, case), whole=False)
        walk_besides(scan, app, client, who, world, whole=False)
    with database.reading(SYSTEM) as act:
        read_mail(scan, act, partners.values())

    assert scan.findings == []
    assert scan.read_from["messages"]
    assert {"Noted.action", "Noted.reply", "MessageSent.message", "attachment.name"} <= set(scan.seen)


@pytest.mark.once
def test_a_case_that_is_found_for_everybody_is_noticed(app, world, partners, scan):
    with every_case_found():
        walk(scan, app, sign_in(app, "pol"), partners["pol"], world, whole=False)

    assert any(f"the referral {world.pats.reference}" in found for found in scan.findings)


@pytest.mark.once
def test_a_word_of_their_own_case_that_is_not_for_them_is_noticed(app, database, world, partners, scan, monkeypatch):
    """As if the page showed what the officers wrote for themselves among the messages."""
    noted = next(mark for mark, spot in scan.spots.items() if scan.facts.label(spot) == "Noted.note")
    shown = PortalMessage(is_mine=False, sent_at=database.clock.now(), words=f"{noted} seen", is_new=False)
    monkeypatch.setattr(portal_messages, "of_partner", lambda *asked: (shown,))

    walk(scan, app, sign_in(app, "pat"), partners["pat"], world, whole=False)

    assert any("Noted.note" in found for found in scan.findings)


def askers(app, database, people, partners):
    found = [Asker("nobody", app.test_client(), is_in=False)]
    for name, who in partners.items():
        with database.reading(getattr(people, name)) as act:
            own = {reference: len(portal.case(act, reference).actions) for reference in who.own}
        found.append(Asker(name, sign_in(app, name), own))
    return found


def test_a_swapped_id_answers_as_what_never_was(app, database, people, world, partners):
    with database.reading(SYSTEM) as act:
        ids = ids_of(act)
    who = askers(app, database, people, partners)
    before = digests(database)

    report = swap(app, who, ids, world.values, SWAPS, Random(3))

    assert report.findings == []
    after = digests(database)
    assert [table for table in before if before[table] != after[table] and table != "form_token"] == []


@pytest.mark.once
def test_an_id_that_answers_otherwise_is_noticed(app, database, people, world, partners):
    with database.reading(SYSTEM) as act:
        ids = ids_of(act)
    who = askers(app, database, people, partners)

    with every_case_found():
        report = swap(app, who, ids, world.values, SWAPS // 3, Random(4))

    assert report.findings
