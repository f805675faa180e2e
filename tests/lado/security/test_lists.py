"""Lists and policy agree, for everyone about everything: what a list shows is what may be opened, no more, no less."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lado.models import Grant
from lado.queries import portal
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from tests.support.crawl import cases_for
from tests.support.people import CAST
from tests.support.routes import settle_world
from tests.support.signing import sending, sign_in

REFERENCE = re.compile(r"\b(?:NB|SM)-[2-9A-Y]{6}-[2-9A-Y]\b")
EXAMPLE = "NB-7K3Q9M-4"
"""Stands in the hint of the search, and is nobody's."""

NAMED_ALIKE = "Robin Sample"


@pytest.fixture
def world(caseload, people, clock):
    """Open and closed cases in two councils, some granted, one grant ended, all about people who are named alike."""
    made = settle_world(caseload, people, clock)
    caseload.referral(("advise",), partner=people.pat.id)
    caseload.referral(("advise",), who=people.sam)
    caseload.referral(("meet_threshold",), who=people.sam, partner=people.pat.id)
    ended = caseload.referral(partner=people.pat.id)
    with caseload.database.work(people.olive) as act:
        act.session.scalars(select(Grant).where(Grant.referral_id == ended.id)).one().ended_at = act.at
    return made


@pytest.fixture
def everything(database, world, people):
    return cases_for(database, people)


def permitted(who, permission, things, *, open_only=False):
    return {row.reference for row, thing in things if can(who, permission, thing) and (row.is_open or not open_only)}


def shown(text: str) -> set[str]:
    return set(REFERENCE.findall(text)) - {EXAMPLE}


def test_the_queue_shows_what_may_be_read(app, people, everything):
    for name, who in cast(people):
        page = sign_in(app, name).get("/?show=everyone")

        is_open_to_them = can(who, Permission.REFERRAL_LIST)
        allowed = permitted(who, Permission.REFERRAL_READ, everything[name], open_only=True)
        assert page.status_code == (200 if is_open_to_them else 403), name
        assert shown(page.text) == (allowed if is_open_to_them else set()), name


def test_the_search_finds_what_may_be_read(app, people, everything):
    for name, who in cast(people):
        client = sign_in(app, name)

        assert search(client, NAMED_ALIKE) == permitted(who, Permission.REFERRAL_READ, everything[name]), name
        for row, thing in everything[name]:
            may_read = can(who, Permission.REFERRAL_READ, thing)
            assert search(client, row.reference) == ({row.reference} if may_read else set()), name


def search(client: FlaskClient, words: str) -> set[str]:
    """What a search shows, but for the words that were typed."""
    answer = client.post("/search", data={**sending(client), "words": words})
    return shown(re.sub(r'value="[^"]*"', "", answer.text)) if answer.status_code == 200 else set()


def test_the_partners_list_shows_what_was_granted_to_them(app, database, people, everything):
    for name, who in cast(people):
        allowed = permitted(who, Permission.PORTAL_READ, everything[name])

        with database.reading(who) as act:
            assert {row.reference for row in portal.rows(act)} == allowed, name
        assert shown(sign_in(app, name).get("/portal").text) == allowed, name


def test_each_address_opens_for_those_whose_lists_show_it(app, people, everything):
    for name, who in cast(people):
        client = sign_in(app, name)
        for row, thing in everything[name]:
            for address, permission in (("/referrals", Permission.REFERRAL_READ), ("/portal", Permission.PORTAL_READ)):
                expected = 200 if can(who, permission, thing) else 404
                assert client.get(f"{address}/{row.reference}").status_code == expected, (name, address, row.reference)


def test_no_page_names_a_case_that_may_not_be_read(crawl, people):
    for name, who in cast(people):
        cases = crawl.cases[name]
        allowed = permitted(who, Permission.REFERRAL_READ, cases)
        allowed |= permitted(who, Permission.PORTAL_READ, cases)
        allowed |= permitted(who, Permission.NIGHT_READ, cases, open_only=True)
        for answer in crawl.of(name, method="GET"):
            assert shown(answer.text) <= allowed, (name, answer.visit.name)


def cast(people) -> list[tuple[str, Identity]]:
    return [(name, people.everyone[name]) for name, *_ in CAST]
