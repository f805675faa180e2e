"""What forms may do: nothing without their token, nothing by a GET, nothing to a field that they do not declare."""

import re
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lado.models import Base
from lado.security.identity import Identity
from tests.support.contents import digests, values
from tests.support.people import CAST
from tests.support.routes import SIGNED_OUT, Visit, World, may, settle_world, visits
from tests.support.signing import sending, sign_in

FORGERIES = ({}, {"csrf_token": ""}, {"csrf_token": "x" * 91}, {"csrf_token": "IjEi.aaaaaa.bbbb"})
KINDS = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "application/json")
PLANTED = 8_675_309
TAKEN_WITHOUT = {"policy_reports.report": 204}
"""What browsers send by themselves, without a token: it is written into the log and nowhere else."""
COLUMNS = sorted({column.name for table in Base.metadata.sorted_tables for column in table.columns})


@pytest.fixture
def world(caseload, people, clock):
    return settle_world(caseload, people, clock)


@pytest.fixture
def clients(app, people) -> dict[str, tuple[Identity | None, FlaskClient]]:
    """Enough of the cast that every page is open to one of them."""
    chosen = {name: (people.everyone[name], sign_in(app, name)) for name in ("olive", "mina", "ada", "edie", "pat")}
    return {**chosen, SIGNED_OUT: (None, app.test_client())}


def posts(
    app: Flask, world: World, clients: dict[str, tuple[Identity | None, FlaskClient]]
) -> list[tuple[Visit, FlaskClient]]:
    """Each page that takes a form, with somebody who may send it; signing in is for somebody who has not."""
    found = []
    for visit in visits(app, world):
        if visit.page.method == "GET":
            continue
        allowed = [client for who, client in clients.values() if may(who, visit, world)]
        assert allowed, f"nobody of {sorted(clients)} may send {visit.name}"
        found.append((visit, clients[SIGNED_OUT][1] if visit.endpoint == "sessions.sign_in" else allowed[0]))
    return found


@pytest.mark.once  # no view runs, and on either database the next test sends each form with a token that is not theirs
def test_a_forged_form_is_refused_everywhere_and_nothing_is_written(app, database, world, clients):
    before = digests(database)

    for visit, client in posts(app, world, clients):
        for forgery, kind in product(FORGERIES, KINDS):
            answer = client.post(visit.path, data=forgery or None, content_type=kind)
            refused = {TAKEN_WITHOUT[visit.endpoint]} if visit.endpoint in TAKEN_WITHOUT else {400, 415}
            assert answer.status_code in refused, f"{visit.name}: {answer.status_code}"

    assert digests(database) == before


def test_a_token_of_somebody_else_is_refused(app, database, world, clients):
    stolen = sending(sign_in(app, "bea"))
    before = digests(database)

    for visit, client in posts(app, world, clients):
        assert client.post(visit.path, data=stolen).status_code == TAKEN_WITHOUT.get(visit.endpoint, 400), visit.name

    assert digests(database) == before


KEPT_AS_SEEN = {"seen_sentence", "shown_sentence"}
"""What a partner was shown is kept with the look, as the log of reads is; nobody else’s look writes there."""


def test_reading_changes_nothing(app, database, world):
    for name in (*(name for name, *_ in CAST), SIGNED_OUT):
        client = app.test_client() if name == SIGNED_OUT else sign_in(app, name)
        before = digests(database)

        for visit in visits(app, world):
            if visit.page.method == "GET":
                client.get(f"{visit.path}?after=x&next=//evil.test&id=1&state=closed&show=everyone").close()

        after, kept = digests(database), KEPT_AS_SEEN if name in ("pat", "pol") else set()
        assert [table for table in before if before[table] != after[table] and table not in kept] == [], name


def test_signing_out_is_never_done_by_a_link(app):
    client = sign_in(app, "pat")

    assert client.get("/sign-out").status_code == 405
    assert client.get("/portal").status_code == 200


def test_no_form_changes_a_field_that_it_does_not_declare(app, database, world, clients):
    for visit, client in posts(app, world, clients):
        shown = client.get(visit.path)
        declared = set(re.findall(r'name="([^"]+)"', shown.text)) if shown.status_code == 200 else set()
        extra = {name: str(PLANTED) for name in COLUMNS if name not in declared}
        client.post(visit.path, data={**extra, **sending(client)})

    planted = [place for place, value in values(database) if value in (PLANTED, str(PLANTED))]
    assert planted == []


def test_a_form_that_is_taken_changes_only_what_it_declares(app, database, world, clients):
    extra = {name: str(PLANTED) for name in COLUMNS}
    taken = {
        "olive": (f"/referrals/{world.pats.reference}/moves/add_note", {"note": "The head teacher rang."}),
        "pat": (f"/portal/{world.pats.reference}/actions/1", {"reply": "It is in the post."}),
    }
    for name, (path, data) in taken.items():
        client = clients[name][1]
        seen = re.search(r'name="seen" value="([^"]*)"', client.get(path).text)
        tokens = {**sending(client), **({"seen": seen[1]} if seen else {})}
        assert client.post(path, data={**extra, **data, **tokens}).status_code == 302, path

    planted = [place for place, value in values(database) if value in (PLANTED, str(PLANTED))]
    assert planted == []


def test_a_field_that_comes_twice_is_refused(app, database, world):
    client = sign_in(app, "pat")
    before = digests(database)

    answer = client.post(
        f"/portal/{world.pats.reference}/actions/1", data={**sending(client), "reply": ["It is done.", "It is not."]}
    )

    assert answer.status_code == 400
    assert "sent twice" in answer.text
    assert digests(database) == before
