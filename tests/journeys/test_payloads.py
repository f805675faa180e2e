"""Payloads in every field, and a real browser that opens what shows them: nothing of it is carried out.

`python -m tests.faults.payloads` does so with some 300 of them and with every page and form.
"""

import pytest

from lado.db import Database
from tests.faults.payload_list import TWELVE
from tests.faults.payloads import Report, Round, Watcher, reading, spoilt_pages
from tests.faults.planted import PayloadVault
from tests.support.builders import Caseload
from tests.support.crawl import settle

OPENED = frozenset(
    {"agencies.show", "letters.show", "people.show", "portal.action", "portal.case", "queue.home", "referrals.show"}
)


@pytest.fixture
def made(app, database_url, vault_keys, people, clock, engines):
    database = Database(database_url, PayloadVault(*vault_keys, payloads=TWELVE), clock)
    world = settle(Caseload(database, clock, people.olive), people, clock)
    yield Round(app, database, world, people, clock, TWELVE)
    engines.close(database.engine)


@pytest.fixture
def watcher(chromium, address, made):
    return Watcher(chromium, address, made.app, made.clock, Report())


def test_no_payload_is_carried_out_and_none_is_left_to_the_content_policy(watcher, made):
    for who, visit in reading(made.app, made.world, made.people):
        if visit.endpoint in OPENED and watcher.open(who, visit):
            watcher.send(who, visit, 0, TWELVE)
    watcher.close()

    assert watcher.report.findings == []
    assert watcher.report.pages >= len(OPENED)
    assert watcher.report.forms
    assert watcher.report.seen >= set(TWELVE)


def test_a_payload_that_would_be_carried_out_is_heard(watcher, made):
    (case,) = (one for one in reading(made.app, made.world, made.people) if one[1].endpoint == "referrals.show")

    with spoilt_pages(made.app):
        watcher.open(*case)
    watcher.close()

    assert watcher.report.blocked, "the content policy has stopped it"
    assert any("data-planted" in one for one in watcher.report.findings)
