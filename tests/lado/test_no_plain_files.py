"""What is sealed in the database stands in no file beside it: no core dump, no temporary file, no log of a statement.

The files that a request opens are watched with Python's own audit events, which `open` and `tempfile` raise too.
"""

import os
import resource
import runpy
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
from flask import url_for

from lado import no_dumps
from lado.db import make_engine
from lado.jobs import __main__ as jobs
from tests.support.routes import settle_world
from tests.support.signing import sending, sign_in

PROJECT = Path(__file__).resolve().parents[2]
WRITING = os.O_WRONLY | os.O_RDWR
HOLD_NO_WORDS = ("/dev/", "compiled", "__pycache__", ".sqlite3", "lado-fonts-")
"""What may be written to: the database, compiled templates, fonts of a letter: none holds a word of a case."""

FILES = frozenset({"attachments.one", "clocks.export", "feeds.read", "letters.docx", "letters.pdf"})
"""The pages that are files to be saved."""

opened: list[str] | None = None


def _listen(event: str, told: tuple[object, ...]) -> None:
    if opened is not None and event == "open" and isinstance(told[2], int) and told[2] & WRITING:
        opened.append(str(told[0]))


sys.addaudithook(_listen)


@pytest.fixture
def written() -> Iterator[list[str]]:
    """The files that are opened for writing while a test asks for pages."""
    global opened
    opened = []
    yield opened
    opened = None


def strange(written: list[str]) -> list[str]:
    return [file for file in written if not any(place in file for place in HOLD_NO_WORDS)]


def test_no_export_passes_through_a_file(app, caseload, people, clock, written):
    world = settle_world(caseload, people, clock)
    client = sign_in(app, "olive")
    written.clear()

    files = set()
    with app.test_request_context():
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in FILES]
        paths = {url_for(rule.endpoint, **{name: world.values[name] for name in rule.arguments}) for rule in rules}
    for path in paths:
        with client.open(path) as answer:
            assert answer.get_data()
            files |= {answer.mimetype} if answer.status_code == 200 else set()

    assert len(files - {"text/html"}) >= 3
    assert strange(written) == []


def test_the_watch_sees_a_temporary_file(written, tmp_path):
    (tmp_path / "plain.txt").write_text("a word of a case")

    assert len(strange(written)) == 1


def test_a_large_upload_is_held_in_memory(app, caseload, people, written):
    case = caseload.referral(partner=people.pat.id)
    client = sign_in(app, "pat")
    parts = [
        *((name, b"", value.encode()) for name, value in {**sending(client), "message": "Here it is."}.items()),
        ("file", b'; filename="large.pdf"', b"%PDF-1.7 " + b"a word of a case " * 100_000),
    ]
    body = b"".join(
        b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name.encode(), file, value)
        for name, file, value in parts
    )  # put together by hand: the test client itself would go through a file
    written.clear()

    answer = client.post(
        f"/portal/{case.reference}/messages",
        data=body + b"--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )

    assert answer.status_code in (302, 400)
    assert strange(written) == []


def test_sqlite_keeps_what_it_sorts_in_memory(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'any.sqlite3'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar_one() == 2
    engine.dispose()


@pytest.mark.database
def test_an_error_of_the_database_holds_no_parameter(database, caseload):
    assert database.engine.hide_parameters


def test_no_process_of_ours_can_write_a_core_dump():
    before = resource.getrlimit(resource.RLIMIT_CORE)
    here, there = get_context("fork").Pipe()

    def child() -> None:
        no_dumps.refuse()
        there.send(resource.getrlimit(resource.RLIMIT_CORE))

    process = get_context("fork").Process(target=child)
    process.start()

    assert here.recv() == (0, 0)
    process.join()
    assert resource.getrlimit(resource.RLIMIT_CORE) == before


class Asked(Exception):
    """The process asked for no dumps, before it did anything else."""


@pytest.mark.parametrize("start", [jobs.main, lambda: runpy.run_path(str(PROJECT / "wsgi.py"))], ids=["jobs", "web"])
def test_every_process_refuses_dumps_before_it_reads_a_key(start, monkeypatch):
    def refuse() -> None:
        raise Asked

    monkeypatch.setattr(no_dumps, "refuse", refuse)
    monkeypatch.setenv("LADO_DATA", "/nowhere/that/could/be/read")

    with pytest.raises(Asked):
        start()
