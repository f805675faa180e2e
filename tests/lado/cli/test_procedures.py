"""`flask procedures`: the check is clean, a fault ends it with status 1, and the drawings are files."""

import json
from dataclasses import replace

import pytest

from lado.db import Database
from tests.support.commands import Run, refused, runner, said
from workflows.registry import CURRENT, PROCEDURES


@pytest.fixture
def closed_door(vault, clock, tmp_path) -> Run:
    """Runs a command beside a database that cannot be opened."""
    return runner(Database(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.sqlite3'}", vault, clock))


def test_every_procedure_is_without_a_fault(closed_door: Run) -> None:
    found = said(closed_door("procedures", "check"))["procedures"]

    assert [(procedure["key"], procedure["version"]) for procedure in found] == list(PROCEDURES)
    assert all(procedure["faults"] == [] for procedure in found)


def test_a_fault_is_said_in_words_and_is_the_verdict(closed_door: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(CURRENT, states=(*CURRENT.states, CURRENT.states[0]))
    monkeypatch.setitem(PROCEDURES, (CURRENT.key, CURRENT.version), broken)

    result = closed_door("procedures", "check")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["procedures"][0]["faults"]


@pytest.mark.parametrize("missing", ["partner_happening", "partner_do", "partner_by"])
def test_a_state_without_its_sentence_for_partners_is_a_fault(
    closed_door: Run, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    silent = replace(CURRENT.states[0], **{missing: ""})
    broken = replace(CURRENT, states=(silent, *CURRENT.states[1:]))
    monkeypatch.setitem(PROCEDURES, (CURRENT.key, CURRENT.version), broken)

    result = closed_door("procedures", "check")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["procedures"][0]["faults"] == [
        f"state “{silent.key}” does not tell partners what is happening, what to do and by when"
    ]


def test_each_procedure_is_drawn_as_a_picture_and_a_table(closed_door: Run, tmp_path) -> None:
    folder = tmp_path / "docs" / "procedures"

    said(closed_door("procedures", "draw", "--to", folder))

    assert (folder / "allegation_v1.svg").read_text().startswith("<svg")
    assert "## States" in (folder / "allegation_v1.md").read_text()


def test_a_folder_that_cannot_be_made_is_refused_in_words(closed_door: Run, tmp_path) -> None:
    (tmp_path / "file").write_text("here")

    refused(closed_door("procedures", "draw", "--to", tmp_path / "file" / "below"), "cannot be written to")
