"""Every event of the log is on the list of docs/security-events.md, is one line of JSON, and names nobody."""

import ast
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lado import logs
from lado.jobs import looks
from lado.services import unusual
from tests.support.signing import sending, sign_in

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = (PROJECT / "docs" / "security-events.md").read_text(encoding="utf-8")
TABLE = re.findall(r"^\| `([^`]+)` \| ([a-z -]+) \|", DOCUMENT, re.MULTILINE)
WORK = re.findall(r"`([^`]+)`", DOCUMENT.split("## Lines of the scheduler")[1])
KINDS = {"sign-in", "refusal", "step-up", "export", "administration", "key use", "scheduler", "fault"}
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}


def written() -> Iterator[str]:
    """The words of every line that the product writes."""
    for file in sorted((PROJECT / "lado").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and is_line(call.func) and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value


def is_line(called: ast.expr) -> bool:
    """Whether this is `log.info` or the like."""
    is_log = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "log"
    return is_log and called.attr in LEVELS


def test_every_line_is_listed_and_what_is_listed_is_written():
    assert set(written()) == {event for event, _ in TABLE} | set(WORK)


def test_each_kind_of_event_is_on_the_list():
    assert {kind for _, kind in TABLE} == KINDS


@pytest.fixture
def in_production(monkeypatch: pytest.MonkeyPatch, app) -> Iterator[None]:
    """Lines as production writes them; the app that the test talks to is there already."""
    monkeypatch.setattr(logging, "basicConfig", lambda **settings: None)
    logs.configure(production=True)
    yield
    logs.configure(production=False)


@pytest.fixture
def heard(capsys):
    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return read


def said(lines, event):
    (line,) = [line for line in lines if line["event"] == event]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("at")), "in UTC"
    return {name: value for name, value in line.items() if name not in ("event", "level")}


def test_a_refusal_a_fault_an_export_and_administration_are_one_line_each(
    app, caseload, people, in_production, heard, monkeypatch
):
    case = caseload.referral()
    olive, mina = sign_in(app, "olive"), sign_in(app, "mina")
    heard()

    olive.get("/manage")
    assert said(heard(), "refused") == {"account": people.olive.id, "endpoint": "manage.home", "kind": "NotAllowed"}

    with olive.get(f"/referrals/{case.reference}/clocks/evaluation_decision/1/working.csv") as answer:
        assert answer.status_code == 200
    assert said(heard(), "export") == {"account": people.olive.id, "endpoint": "clocks.export"}

    with caseload.database.work(people.carl) as act:
        unusual.tell_of_bulk(act)
    mina.post("/looks/1", data={**sending(mina), "answer": "work", "note": "Robin Sample"})
    assert said(heard(), "administration") == {"account": people.mina.id, "endpoint": "looks.answer"}

    olive.post("/search", data={"words": "Robin"})
    assert said(heard(), "form without its token") == {"endpoint": "search.find"}

    monkeypatch.setattr("lado.queries.reads.of_case", lambda *told: 1 / 0)
    assert olive.get(f"/referrals/{case.reference}/looked").status_code == 500
    fault = said(heard(), "fault")
    assert (fault["endpoint"], fault["kind"]) == ("reads.home", "ZeroDivisionError")


def test_the_scheduler_says_when_a_job_fails(database, in_production, heard, monkeypatch, people):
    monkeypatch.setattr(unusual, "go_through", lambda *told: 1 / 0)

    looks.tick(database)

    assert {line["event"] for line in heard()} == {"looks not gone through"}
