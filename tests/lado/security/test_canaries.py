"""Words that stand nowhere else are put into every sensitive field, and looked for wherever they must not be."""

import base64
import re
import zlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from tests.support.canaries import canary, found, settle_canaries
from tests.support.contents import values
from tests.support.papers import words_in
from tests.support.people import CAST, PASSWORD, email_of
from tests.support.routes import visits
from tests.support.signing import sending, sign_in

NAMES = [name for name, *_ in CAST]
OWN_WORDS = {"zqcanarypatsactionqz", "zqcanarypatsreplyqz"}
"""What Pat was asked to do, and answered: theirs to see."""


@pytest.fixture
def world(caseload, people, clock):
    return settle_canaries(caseload, people, clock)


def crawl(client: FlaskClient, app, world):
    """Every page of this person, with its text and its headers as one text."""
    for visit in visits(app, world):
        if visit.page.method == "GET" and visit.endpoint != "static":
            answer = client.get(visit.path)
            yield visit, words_in(answer), str(answer.headers)


def test_those_who_work_on_the_case_see_its_words(app, world):
    page = sign_in(app, "olive").get(f"/referrals/{world.pats.reference}").text

    assert {"zqcanarysubjectqz", "zqcanarysettingqz"} <= found(page)


def test_another_council_and_the_administrator_see_no_word_of_it(app, world):
    for name in ("sam", "ada"):
        for visit, text, headers in crawl(sign_in(app, name), app, world):
            assert found(text + headers) == set(), (name, visit.name)


@pytest.mark.parametrize(("name", "own"), [("pat", OWN_WORDS), ("pol", set())])
def test_a_partner_sees_the_words_of_their_own_action_and_no_other(app, world, name, own):
    seen = set()
    for visit, text, headers in crawl(sign_in(app, name), app, world):
        assert found(text) <= own, visit.name
        assert found(headers) == set(), visit.name
        seen |= found(text)

    assert seen == own


def test_no_list_title_or_address_holds_a_name(app, world):
    for name in NAMES:
        own_draft = {canary("draft"), canary("draft2")} if name == "mina" else set()
        for visit, text, headers in crawl(sign_in(app, name), app, world):
            title = re.search(r"<title>(.*?)</title>", text, re.S)
            addresses = re.findall(r'(?:href|action|src|data-[a-z-]+)="([^"]*)"', text)
            assert found(" ".join([title[1] if title else "", *addresses, headers])) == set(), (name, visit.name)
            if not visit.page.finds:
                assert found(text) <= own_draft | {canary("setting")}, (name, visit.name)


def test_searching_leaves_the_name_in_no_address_and_opens_none(app, world):
    client = sign_in(app, "olive")

    answer = client.post("/search", data={**sending(client), "words": canary("subject")})

    assert world.pats.reference in answer.text
    assert found(re.sub(r'value="[^"]*"', "", answer.text)) <= {"zqcanarysettingqz"}
    assert found(str(answer.headers)) == set()


def test_no_log_line_holds_a_word_of_a_case_or_a_person(app, world, capsys):
    for name in ("olive", "ada", "pat", "sam"):
        client = sign_in(app, name)
        for visit, _, _ in crawl(client, app, world):
            client.get(f"{visit.path}/{canary('path')}?q={canary('query')}")
            client.post(visit.path, data={"subject": canary("forged"), "csrf_token": canary("token")})
    stranger = app.test_client()
    stranger.post("/sign-in", data={**sending(stranger), "email": canary("email"), "password": canary("password")})

    heard = capsys.readouterr()
    people = "|".join([PASSWORD, *(full_name for _, full_name, *_ in CAST), *map(email_of, NAMES)])
    for text in (heard.out, heard.err):
        assert found(text) == set()
        assert not re.search(rf"{people}|csrf|cookie", text, re.I)


@pytest.mark.parametrize("name", ["olive", "pat"])
def test_the_cookie_holds_a_reference_and_no_word(app, world, name):
    client = sign_in(app, name)
    for visit in visits(app, world):
        if visit.endpoint != "sessions.sign_out":
            data = None if visit.page.method == "GET" else sending(client)
            client.open(visit.path, method=visit.page.method, data=data).close()
            assert found(opened(client.get_cookie("lado").value)) == set(), visit.name


def opened(cookie: str) -> str:
    """What a signed cookie says to anybody who holds it."""
    payload = cookie.lstrip(".").split(".")[0]
    plain = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return (zlib.decompress(plain) if cookie.startswith(".") else plain).decode()


def test_nothing_in_the_database_stands_in_clear(app, database, database_url, world):
    sensitive = [*(full_name for _, full_name, *_ in CAST), *(email_of(name) for name in NAMES), PASSWORD]

    for place, value in values(database):
        text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
        assert found(text) == set(), place
        assert not any(word in text for word in sensitive), place

    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        files = [file for file in Path(url.database or "").parent.glob("lado.sqlite3*") if file.stat().st_size]
        assert files
        for file in files:
            kept = file.read_bytes().decode("latin-1")
            assert found(kept) == set(), file.name
            assert not any(word in kept for word in sensitive), file.name
