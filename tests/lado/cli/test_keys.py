"""`flask keys`: from a new master key on file to the day on which the former one is gone."""

import dataclasses
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from config import Settings, ensure_secrets
from lado import create_app
from lado.adapters.bank_holidays import england
from lado.db import Database
from lado.models import Base
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import vault_of
from tests.support.builders import Caseload
from tests.support.commands import refused, said
from tests.support.migrating import as_role, migrate
from tests.support.people import settle
from tests.support.postgres import OWNER

WRONG = "The keys do not belong to this database"
PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def settings(untouched: Database, tmp_path: Path) -> Settings:
    """The settings of an installation whose keys are on file."""
    url = untouched.engine.url.render_as_string(hide_password=False)
    migrate(url)
    ensure_secrets(tmp_path)
    made = Settings.from_environment({"DATABASE_URL": url, "LADO_DATA": str(tmp_path)})
    return dataclasses.replace(made, owner_url=as_role(url, OWNER) if made.is_postgresql else None)


def run(settings: Settings, *words: str) -> Result:
    """What a process says that starts now, with what is on file now."""
    environ = {"DATABASE_URL": settings.database_url, "LADO_DATA": str(settings.data_folder)}
    fresh = dataclasses.replace(Settings.from_environment(environ), owner_url=settings.owner_url)
    app = create_app(fresh)
    found = app.test_cli_runner().invoke(args=list(words))
    app.extensions["lado"].database.engine.dispose()
    return found


@pytest.fixture
def database(settings, clock) -> Iterator[Database]:
    """A settled council with two cases, for a process that started before anything was changed."""
    opened = Database(settings.database_url, vault_of(settings), clock)
    with opened.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        settle(act)
    yield opened
    opened.engine.dispose()


def test_a_new_master_key_takes_the_place_of_the_former_one(settings, database, clock, people):
    caseload = Caseload(database, clock, people.olive)
    caseload.referral()
    file = settings.data_folder / "secrets.json"
    before = json.loads(file.read_text())

    made = said(run(settings, "keys", "new"))["new"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()).items() >= before.items()
    refused(run(settings, "keys", "new"), "There is a new master key already")
    assert said(run(settings, "keys", "status"))["waiting"] == made

    found = said(run(settings, "keys", "rotate", "--batch", "2"))
    former, current = found["keys"]
    assert (found["rewrapped"], found["waiting"]) == (3, None)
    assert (current["key"], current["is_current"], current["wraps"]) == (made, True, 3)
    assert (former["wraps"], former["may_be_removed"]) == (0, True)
    caseload.referral()  # by the process that started before: it finds the key on file

    assert said(run(settings, "keys", "retire"))["gone"] == [former["key"]]
    after = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(after) == set(before)
    assert after["master_key"] != before["master_key"]
    assert said(run(settings, "ledger", "verify"))["cases"] == 2
    assert [one["key"] for one in said(run(settings, "keys", "status"))["keys"]] == [made]


def test_without_a_new_key_nothing_is_begun(settings, database):
    refused(run(settings, "keys", "rotate"), "There is no new master key")
    assert len(said(run(settings, "keys", "status"))["keys"]) == 1


def test_the_former_key_alone_does_not_start_after_the_change(settings, database):
    file = settings.data_folder / "secrets.json"
    before = file.read_text()
    said(run(settings, "keys", "new"))
    said(run(settings, "keys", "rotate"))

    file.write_text(before)

    refused(run(settings, "keys", "status"), "is not at hand")


@pytest.mark.parametrize("name", ["master_key", "index_key"])
def test_another_key_stops_every_command_and_writes_nothing(settings, database, name):
    exchange(settings, name)
    before = content(settings)

    refused(run(settings, "tick", "--at", "2026-03-02T10:00"), WRONG)
    refused(run(settings, "keys", "rotate"), WRONG)
    refused(run(settings, "db", "upgrade"), WRONG)

    assert content(settings) == before


def test_another_key_ends_the_scheduler_before_it_writes(settings, database):
    """Asked of a real process: the exit status is the verdict."""
    exchange(settings, "master_key")
    before = content(settings)

    environ = {**os.environ, "DATABASE_URL": settings.database_url, "LADO_DATA": str(settings.data_folder)}
    command = [sys.executable, "-m", "lado.jobs"]
    ended = subprocess.run(command, cwd=PROJECT, env=environ, capture_output=True, text=True, timeout=60, check=False)

    assert ended.returncode == 1
    assert WRONG in ended.stderr
    assert content(settings) == before


def exchange(settings: Settings, name: str) -> None:
    """Put another installation's key in the place of this one's."""
    file = settings.data_folder / "secrets.json"
    other = json.loads(ensure_secrets(settings.data_folder / "other").read_text())
    file.write_text(json.dumps({**json.loads(file.read_text()), name: other[name]}))


def content(settings: Settings) -> str:
    """Every row of the database."""
    database = Database(settings.database_url, vault_of(settings), None)
    with database.engine.connect() as connection:
        rows = {
            table.name: [tuple(row) for row in connection.execute(table.select())]
            for table in Base.metadata.sorted_tables
        }
    database.engine.dispose()
    return repr(rows)
