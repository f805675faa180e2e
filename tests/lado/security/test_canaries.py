"""Words that stand nowhere else are put into every sensitive field, and looked for wherever they must not be."""

import base64
import re
import zlib
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.support.canaries import canary, found, settle_canaries
from tests.support.contents import values
from tests.support.people import CAST, PASSWORD, email_of
from tests.support.routes import visits
from tests.support.signing import sending, sign_in

NAMES = [name for name, *_ in CAST]
OWN_WORDS = {"zqcanarypatsactionqz", "zqcanarypatsreplyqz"}
"""What Pat was asked to do, and answered: theirs to see."""


@pytest.fixture
def world(caseload, people, clock):
    return settle_canaries(caseload, people, clock)


def test_those_who_work_on_the_case_see_its_words(crawl):
    path = f"/referrals/{crawl.world.pats.reference}"
    (page,) = (answer.text for answer in crawl.of("olive", method="GET") if answer.visit.path == path)

    assert {"zqcanarysubjectqz", "zqcanarysettingqz"} <= found(page)


def test_another_council_and_the_administrator_see_no_word_of_it(crawl):
    for answer in crawl.of("sam", "ada"):
        assert found(f"{answer.text}{answer.headers}") == set(), (answer.name, answer.visit.name)


@pytest.mark.parametrize(("name", "own"), [("pat", OWN_WORDS), ("pol", {canary("polsaction")})])
def test_a_partner_sees_the_words_of_their_own_action_and_no_other(crawl, name, own):
    seen = set()
    for answer in crawl.of(name):
        assert found(answer.text) <= own, answer.visit.name
        assert found(str(answer.headers)) == set(), answer.visit.name
        seen |= found(answer.text)

    assert seen == (own if name == "pat" else set())


def test_no_list_title_or_address_holds_a_name(crawl):
    for answer in crawl.of():
        text, visit = answer.text, answer.visit
        title = re.search(r"<title>(.*?)</title>", text, re.S)
        addresses = re.findall(r'(?:href|action|src|data-[a-z-]+)="([^"]*)"', text)
        assert found(" ".join([title[1] if title else "", *addresses, str(answer.headers)])) == set(), (
            answer.name,
            visit.name,
        )
        if not visit.page.finds:
            own_draft = {canary("draft"), canary("draft2")} if answer.name == "mina" else set()
            assert found(text) <= own_draft | {canary("setting")}, (answer.name, visit.name)


def test_searching_leaves_the_name_in_no_address_and_opens_none(app, world):
    client = sign_in(app, "olive")

    answer = client.post("/search", data={**sending(client), "words": canary("subject")})

    assert world.pats.reference in answer.text
    assert found(re.sub(r'value="[^"]*"', "", answer.text)) <= {"zqcanarysettingqz"}
    assert found(str(answer.headers)) == set()


def is_clean(heard: str) -> bool:
    """Whether no word of a case, no name, no address and nothing of a form stands in what was logged."""
    people = "|".join([PASSWORD, *(full_name for _, full_name, *_ in CAST), *map(email_of, NAMES)])
    return not found(heard) and not re.search(rf"{people}|csrf|cookie", heard, re.I)


def test_no_log_line_of_everybodys_walk_holds_a_word_of_a_case_or_a_person(crawl):
    assert "changes" in crawl.heard
    assert is_clean(crawl.heard)


@pytest.mark.once  # no such page and no such token: these never come to a view, and the walk is on either database
def test_no_log_line_holds_what_somebody_put_in_an_address_or_a_form(app, world, capsys):
    for name in ("olive", "ada", "pat", "sam"):
        client = sign_in(app, name)
        for visit in visits(app, world):
            if visit.page.method == "GET" and visit.endpoint != "static":
                client.get(f"{visit.path}/{canary('path')}?q={canary('query')}")
                client.post(visit.path, data={"subject": canary("forged"), "csrf_token": canary("token")})
    stranger = app.test_client()
    stranger.post("/sign-in", data={**sending(stranger), "email": canary("email"), "password": canary("password")})

    heard = capsys.readouterr()
    assert is_clean(heard.out)
    assert is_clean(heard.err)


def test_no_cookie_of_a_page_holds_a_word(crawl):
    held = [answer for answer in crawl.of() if answer.cookie]

    assert len({answer.name for answer in held}) == len(CAST) + 1
    assert [answer.visit.name for answer in held if found(opened(answer.cookie))] == []


@pytest.mark.parametrize("name", ["olive", "pat"])
def test_the_cookie_after_a_form_holds_a_reference_and_no_word(crawl, name):
    held = [answer for answer in crawl.sent if answer.name == name and answer.visit.endpoint != "sessions.sign_out"]

    assert any(answer.status == 302 for answer in held)
    assert [answer.visit.name for answer in held if found(opened(answer.cookie))] == []


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
