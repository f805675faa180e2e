"""What an attacker writes stays text. `python -m tests.faults.payloads` plants some 300 and opens a real browser."""

import pytest

from lado.db import Database
from tests.faults.payload_list import EVALUATED, TWELVE, of
from tests.faults.payloads import Report, Round, read_files, read_mail, reading, spoilt_pages
from tests.faults.planted import PayloadVault, broken_out, shown
from tests.support.builders import Caseload
from tests.support.crawl import settle
from tests.support.routes import SIGNED_OUT
from tests.support.signing import sign_in

PLANTED = tuple(dict.fromkeys((*TWELVE, *of("template"))))
"""A few of every family, and whatever any template would work out."""


@pytest.fixture
def made(app, database_url, vault_keys, people, clock, engines):
    vault = PayloadVault(*vault_keys, payloads=PLANTED)
    database = Database(database_url, vault, clock)
    world = settle(Caseload(database, clock, people.olive), people, clock)
    assert len(vault.fields) > 40
    yield Round(app, database, world, people, clock, PLANTED)
    engines.close(database.engine)


def test_what_was_written_stands_to_the_letter_and_is_nothing_else(made):
    report, clients, found = Report(), {}, []
    read_mail(made.database, report, PLANTED)
    read_files(made.app, made.world, report, PLANTED)

    for who, visit in reading(made.app, made.world, made.people):
        made.clock.advance(seconds=2.1)
        if who not in clients:
            clients[who] = made.app.test_client() if who == SIGNED_OUT else sign_in(made.app, who)
        with clients[who].get(visit.path) as answer:
            assert answer.status_code < 500 or visit.endpoint.startswith("health."), visit.name
            if answer.mimetype == "text/html":
                found += [f"{visit.name}: {one}" for one in broken_out(answer.text)]
                report.seen |= shown(answer.text, set(PLANTED) - report.seen)
            else:
                assert EVALUATED.encode() not in answer.get_data(), visit.name

    assert found == []
    assert report.findings == []
    assert report.seen == set(PLANTED)
    assert report.files == 2
    assert report.mails > 0


@pytest.mark.once
def test_a_page_that_takes_words_for_markup_is_noticed(made):
    client = sign_in(made.app, "olive")

    with spoilt_pages(made.app):
        page = client.get(f"/referrals/{made.world.pats.reference}")

    assert any("data-planted" in one for one in broken_out(page.text))
