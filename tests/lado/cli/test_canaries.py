"""The canary world at a small size: nothing is found where it must not be, and a leak of every kind is."""

import base64
import json
import sys
from types import SimpleNamespace

import pytest

import lado
from lado.cli.canaries import URL, IntoFolder, look_into_stores, ready, settled
from lado.cli.canary_walk import Address, examples, look, relations, signed_in, walk
from lado.council import canary_world
from lado.council.canary_scan import Scan, in_clear
from lado.council.canary_world import SMALL
from lado.jobs import notices as post
from lado.models import Notice, Referral
from lado.security.identity import SYSTEM
from lado.services import notices

WALKERS = ("dana of northbrook", "edie of northbrook", "pat of southmere")
"""An officer from whom cases are kept, a team that serves two councils, a partner: all walk in `flask canaries`."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The world, with a fresh scan for each test and the people by how they are called."""
    place = settled(tmp_path_factory.mktemp("canaries"))
    world = canary_world.make(place.database, place.clock, SMALL, lambda words: None)
    scan, readers = ready(place, world)
    app = lado.create_app(place.settings, place.clock)
    yield SimpleNamespace(
        place=place, world=world, app=app, readers={reader.name: reader for reader in readers}, facts=scan.facts
    )
    place.database.engine.dispose()
    app.extensions["lado"].database.engine.dispose()


@pytest.fixture
def scan(made):
    return Scan(made.place.vault.spots, made.facts, made.world.people.names)


def mark_of(made, label, council="northbrook"):
    """A string that stands in this field of a case of a council that exists for everybody there."""
    cases = set(made.world.cases[council]) - set(made.world.restricted[council])
    spots = made.place.vault.spots.items()
    return next(
        mark
        for mark, spot in spots
        if made.facts.label(spot) == label and getattr(made.facts.belongs(spot), "case", None) in cases
    )


def test_nobody_finds_what_is_not_theirs(made, scan):
    for name in WALKERS:
        walk(made.app, made.place.database, made.place.clock, scan, made.readers[name], 1)

    assert scan.findings == []
    assert {"PersonAdded.name", "referral.subject", "Moved.rationale", "Noted.action", "MessageSent.message"} <= set(
        scan.seen
    )


def test_restricted_cases_are_kept_from_some_and_read_by_others(made):
    restricted = {case for cases in made.world.restricted.values() for case in cases}
    own = {name: set(reader.own.values()) & restricted for name, reader in made.readers.items()}

    assert len(restricted) == SMALL.restricted
    assert len(own["olive of northbrook"]) == 3
    assert own["dana of northbrook"] < own["olive of northbrook"]
    with made.place.database.reading(SYSTEM) as act:
        assert "kept from them, here" in relations(act, made.readers["dana of northbrook"], 1)


def test_nothing_that_was_written_holds_a_word_in_clear(made, scan):
    post.tick(made.place.database, IntoFolder(made.place.folder / "mail", made.place.clock), URL)

    look_into_stores(made.place, scan)

    assert scan.findings == []
    assert scan.read_from["messages"] > 10
    assert scan.read_from["bytes of files"] > 500_000


@pytest.mark.parametrize("where", ["page", "header"])
def test_a_word_that_stands_on_a_page_or_in_a_header_is_found(made, scan, where):
    mark = mark_of(made, "Moved.rationale")

    def leak(answer):
        if where == "header":
            answer.headers["X-Why"] = mark
        elif answer.mimetype == "text/html":
            answer.set_data(answer.get_data() + mark.encode())
        return answer

    made.app.after_request_funcs.setdefault(None, []).append(leak)
    try:
        reader = made.readers["pat of southmere"]
        client = signed_in(made.app, made.place.database, reader)
        look(client, scan, reader, Address("GET /portal", "/portal"), None)
    finally:
        made.app.after_request_funcs[None].remove(leak)

    assert any("Moved.rationale" in found for found in scan.findings)


def test_the_name_of_a_user_and_a_reference_are_found_as_well(made, scan):
    reader = made.readers["pat of southmere"]
    (case,) = made.world.cases["northbrook"][:1]
    with made.place.database.reading(SYSTEM) as act:
        reference = act.session.get_one(Referral, case).reference

    scan.read(reader, "a page", f"{next(iter(made.world.people.names))} {reference}", reader.own)

    assert len(scan.findings) == 2


def test_a_word_in_a_message_is_found(made, scan):
    mark = mark_of(made, "Noted.note")
    with made.place.database.work(SYSTEM) as act:
        olive = made.readers["olive of northbrook"]
        notices.queue(act, olive.id, None, "A message", f"It says {mark}.", key="leak")
        assert act.session.query(Notice).filter_by(message_id="leak").count() == 1
    post.tick(made.place.database, IntoFolder(made.place.folder / "mail", made.place.clock), URL)

    look_into_stores(made.place, scan)

    assert any(".eml" in found for found in scan.findings)
    for file in (made.place.folder / "mail").glob("*.eml"):
        file.unlink()
    with made.place.database.work(SYSTEM) as act:
        act.session.query(Notice).filter_by(message_id="leak").delete()


WRITINGS = {
    "as it is": lambda mark: mark,
    "in capitals": bytes.upper,
    "in hexadecimal": lambda mark: mark.hex().encode(),
    "in UTF-16": lambda mark: mark.decode().encode("utf-16-le"),
    "in base64": lambda mark: base64.b64encode(b"xy" + mark),
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("file", ["log.old", "dump.sql", "canaries.sqlite3-wal.old"])
def test_a_word_in_a_log_a_dump_or_a_file_is_found(made, scan, writing, file):
    mark = mark_of(made, "referral.subject").encode()
    kept = made.place.folder / file
    kept.write_bytes(b"INSERT INTO x VALUES ('" + WRITINGS[writing](mark) + b"')")
    try:
        look_into_stores(made.place, scan)
    finally:
        kept.unlink()

    assert [found for found in scan.findings if found.startswith(file)]


def test_what_nobody_saw_is_said(scan):
    assert "Moved.rationale" in scan.never_seen()


def test_bytes_without_a_planted_word_are_clear():
    assert in_clear(b"zqplant but no string, and the zebra") == set()


def test_every_number_in_an_address_has_an_example(made):
    with made.place.database.reading(SYSTEM) as act:
        found = examples(act, is_whole=True)

    names = {name for rule in made.app.url_map.iter_rules() for name in rule.arguments if name.endswith("_id")}
    assert names <= set(found)


def test_the_command_says_what_it_read_and_fails_on_a_finding(monkeypatch, app):
    found = {"findings": 1, "never_seen": [], "found": ["a leak"]}
    monkeypatch.setattr(sys.modules["lado.cli.canaries"], "trial", lambda *asked: found)

    answer = app.test_cli_runner().invoke(args=["canaries"])

    assert answer.exit_code == 1, answer.exception
    assert json.loads(answer.stdout)["found"] == ["a leak"]


@pytest.mark.parametrize(("never_seen", "status"), [(["draft.summary"], 1), ([], 0)])
def test_the_command_fails_where_a_field_was_seen_by_nobody_who_may(monkeypatch, app, never_seen, status):
    found = {"findings": 0, "never_seen": never_seen, "found": []}
    monkeypatch.setattr(sys.modules["lado.cli.canaries"], "trial", lambda *asked: found)

    assert app.test_cli_runner().invoke(args=["canaries"]).exit_code == status
