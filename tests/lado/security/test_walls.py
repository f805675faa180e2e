"""A case that a conflict of interest keeps somebody from: on no page of theirs, in no count, at no address."""

import json
import re
import secrets
from dataclasses import replace
from datetime import timedelta
from difflib import unified_diff

import pytest
from sqlalchemy import select

from lado.jobs import escalation
from lado.models import Certificate, Escalation, LedgerHead, Notice
from lado.queries.nights import Served
from lado.services import conflicts, corrections, duty_packs, restrictions
from lado.services.conflicts import NewConflict
from lado.services.corrections import NewCorrection
from lado.services.restrictions import NewList
from tests.support.papers import words_in
from tests.support.routes import settle_world, visits
from tests.support.signing import sending, sign_in

pytestmark = pytest.mark.database

CANARIES = ("Canary Lane", "Zebedee", "Quillfeather")
NEVER_THE_SAME = re.compile(
    r'nonce="[^"]*"|data-(?:token|passkey-options)="[^"]*"|'
    r'name="(?:csrf_token|form_token|pack_password)"[^>]*value="[^"]*"|<p class="govuk-heading-l">[^<]*'
)
OWN_WORDS = ("GET /conflicts",)
"""Where somebody reads what they declared themselves."""
OUTSIDERS = ("dana", "dee")
"""Who is on no list and declared nothing: an officer, and a leader who may restrict and ask to be let in."""
OWN_LOOKS = ("GET /referrals/<reference>/looked", "GET /my-sessions", "POST /my-sessions")
"""What shows how often somebody has looked or signed in, this test's own looks and signing in among them."""


@pytest.fixture
def world(caseload, people, clock):
    found = settle_world(caseload, people, clock)
    for who in (people.carl, people.mina):
        with caseload.database.work(who) as act:
            conflicts.declare(act, NewConflict(who.id, "school", "Canary Lane School"))
    escalation.run_pass(caseload.database)
    return found


@pytest.fixture
def canary(caseload, people, clock, world):
    """Makes a case about the school that was declared: late, lapsed, escalated, with a correction that waits."""

    def make():
        referral = caseload.referral(
            received_at=clock.now() - timedelta(days=9),
            late_reason="It lay in the post.",
            subject={"name": "Zebedee Quillfeather"},
            setting="Canary Lane School",
        )
        wanted = NewCorrection(1, "received_at", clock.now() - timedelta(days=8), "The stamp says so.")
        with caseload.database.work(people.olive) as act:
            corrections.ask(act, referral.id, wanted)
        escalation.run_pass(caseload.database)
        return referral

    return make


def pages(app, name, world):
    """Every page and form as somebody gets it, by its name, without what is never the same."""
    client = sign_in(app, name)
    token = sending(client)["csrf_token"]
    found = {}
    for visit in visits(app, world):
        if visit.endpoint not in ("sessions.sign_out", "static"):
            data = None if visit.page.method == "GET" else {"csrf_token": token}
            with client.open(visit.path, method=visit.page.method, data=data) as answer:
                found[visit.name] = (answer.status_code, NEVER_THE_SAME.sub("", words_in(answer)))
    return found


def test_no_page_of_a_manager_changes_when_such_a_case_comes(app, database, people, world, canary):
    before = pages(app, "mina", world)
    referral = canary()
    after = pages(app, "mina", world)

    assert naming(after, referral) == []
    changed = [page for page in after if after[page] != before[page] and page not in OWN_LOOKS]
    assert [difference(before[page], after[page]) for page in changed] == []


@pytest.fixture
def restricted(database, canary, people):
    """Makes such a case that is there for Olive and the head of service alone, who restricts it at once."""

    def make():
        referral = canary()
        with database.work(people.hal) as act:
            restrictions.restrict(act, referral.id, NewList([people.olive.id], "She is a cousin of an officer."))
        return referral

    return make


@pytest.mark.parametrize("name", OUTSIDERS)
def test_no_page_of_an_outsider_changes_when_a_restricted_case_comes(app, database, people, world, restricted, name):
    before = pages(app, name, world)
    referral = restricted()
    after = pages(app, name, world)

    assert naming(after, referral) == []
    changed = [page for page in after if after[page] != before[page] and page not in OWN_LOOKS]
    assert [difference(before[page], after[page]) for page in changed] == []


def naming(found, referral):
    """The pages that name the case, or anything that is said in it."""
    words = (*CANARIES, referral.reference)
    return [page for page, (_, text) in found.items() if page not in OWN_WORDS and any(word in text for word in words)]


def difference(before, after):
    """What a page says that it did not say, and the other way round."""
    return "\n".join(unified_diff(before[1].splitlines(), after[1].splitlines(), n=0))


def test_nobody_who_is_kept_from_it_is_told_or_written_to(database, people, world, canary):
    referral = canary()

    with database.reading(people.olive) as act:
        told = set(act.session.scalars(select(Escalation.told_id).where(Escalation.referral_id == referral.id)))
        written = set(act.session.scalars(select(Notice.account_id).where(Notice.referral_id == referral.id)))
    assert told
    assert not {people.carl.id, people.mina.id} & (told | written)


def test_each_of_its_addresses_answers_an_officer_as_one_of_a_case_that_is_not_there(
    app, database, people, world, canary
):
    referral = canary()
    with database.reading(people.olive) as act:
        rung = act.session.scalars(select(Escalation.id).where(Escalation.referral_id == referral.id)).first()
    missing = replace(world, pats=no_case_like(referral), escalation_id=rung + 1_000)

    there, nowhere = pages(app, "carl", replace(world, pats=referral, escalation_id=rung)), pages(app, "carl", missing)

    named = [page for page in there if "<reference>" in page or "<hidden:escalation_id>" in page]
    assert len(named) > 20
    answers = {page: (there[page][0], there[page][1].replace(referral.reference, "")) for page in named}
    assert answers == {page: (404, nowhere[page][1].replace(missing.pats.reference, "")) for page in named}
    assert naming({page: there[page] for page in there if page not in named}, referral) == []


def no_case_like(referral):
    """The example of a case that there is not."""

    class Missing:
        reference = referral.reference[:-1] + ("0" if referral.reference[-1] != "0" else "1")
        authority_id = referral.authority_id
        owner_id = referral.owner_id

    return Missing()


def test_it_is_not_found_by_its_name_its_place_or_its_reference(app, world, canary):
    referral = canary()
    client = sign_in(app, "carl")
    for words in ("Zebedee Quillfeather", "Canary Lane School", referral.reference):
        answer = client.post("/search", data={**sending(client), "words": words}).get_data(as_text=True)
        assert "/referrals/" + referral.reference not in answer
        assert "Z.Q." not in answer


def test_a_duty_pack_that_they_make_holds_no_such_case(database, people, world, canary):
    referral = canary()
    packed = []

    def write(contents):
        packed.append({case.reference for case in contents.cases})
        return b"locked"

    for who in (people.olive, people.carl):
        with database.work(who) as act:
            council = Served(who.authority, "northbrook", "Northbrook Council", "01632 960 001")
            duty_packs.make(act, council, 12, secrets.token_urlsafe(24), write)

    assert [referral.reference in references for references in packed] == [True, False]


def test_the_officer_who_may_know_of_it_sees_it(app, world, canary):
    referral = canary()

    assert sign_in(app, "olive").get(f"/referrals/{referral.reference}").status_code == 200


def test_a_page_takes_no_more_statements_for_more_cases_behind_the_wall(browser, world, canary):
    browser.sign_in("carl")
    browser.get("/")
    few = browser.queries
    for _ in range(3):
        canary()
    browser.get("/")

    assert browser.queries == few


def test_a_difference_that_a_proof_found_in_it_is_not_spelt_out(app, database, people, world, canary):
    referral, other = canary(), world.pols
    found = [
        {"reference": one.reference, "table": "referral", "field": "state", "record": "a", "screen": "b"}
        for one in (referral, other)
    ]
    with database.work(people.system) as act:
        head = act.session.scalars(select(LedgerHead)).one()
        proof = {"at": act.at, "cases": 2, "entries": head.entries, "link": head.link, "differences": 2}
        act.session.add(Certificate(authority_id=other.authority_id, body=json.dumps(found), **proof))

    page = sign_in(app, "mina").get("/record").text

    assert other.reference in page
    assert referral.reference not in page
    assert referral.reference in sign_in(app, "hal").get("/record").text
