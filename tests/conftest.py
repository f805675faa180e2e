"""What every test can ask for: a settled database of its own, a clock that stands still, the cast and the builders."""

import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from config import Settings
from lado import create_app, db
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database, make_engine
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from tests.support.browser import Browser
from tests.support.builders import Caseload
from tests.support.crawl import Crawl
from tests.support.crawl import settle as settle_crawled
from tests.support.crawl import walk as walk_through
from tests.support.engines import Engines
from tests.support.migrating import as_role, migrate
from tests.support.once import CompiledTemplates, compiled_once, parsed_once, verified_once
from tests.support.people import People, settle
from tests.support.postgres import APPLICATION, SUPERUSER, Cluster, throwaway_cluster
from tests.support.reset import Rows, kept_rows, put_back
from tests.support.tampering import every_right

MONDAY_MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ON_POSTGRESQL = os.environ.get("LADO_TEST_DATABASE") == "postgresql"


def pytest_configure() -> None:
    """Look for garbage less often than a program does that runs for weeks: it took a sixth of the time of all tests."""
    gc.set_threshold(20_000, 20, 100)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end, and need not be looked through again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def nobody_gives_way() -> Iterator[None]:
    """A command that lets others go first does so for the rest of its process, which here has other tests to run."""
    with patch.object(os, "setpriority"):
        yield


@pytest.fixture(scope="session", autouse=True)
def worked_out_once() -> Iterator[None]:
    """Every test has an app of its own, but not its own addresses, and the cast has the same passwords in all."""
    with (
        patch.object(Rule, "_parse_rule", parsed_once(Rule._parse_rule)),
        patch.object(Rule, "_compile_builder", compiled_once(Rule._compile_builder)),
        patch.object(PasswordHasher, "verify", verified_once(PasswordHasher.verify)),
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def not_waiting_for_the_disk() -> Iterator[None]:
    """No test in this process switches the machine off; those that kill a process have one of their own."""
    with patch.object(
        db, "PRAGMAS", tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in db.PRAGMAS)
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def engines() -> Iterator[Engines]:
    """What makes the engines of this run: what one of them has compiled, the next one need not."""
    made = Engines(db.create_engine)
    with patch.object(db, "create_engine", made):
        yield made
    made.close_all()


@pytest.fixture(scope="session")
def vault_keys() -> tuple[bytes, bytes, bytes, bytes]:
    """Keys that exist for one run of the tests: for wrapping, for the index, for the record and for signing."""
    return os.urandom(32), os.urandom(32), os.urandom(32), os.urandom(32)


@pytest.fixture(scope="session")
def vault(vault_keys: tuple[bytes, bytes, bytes, bytes]) -> Vault:
    """Seals with the keys of this run."""
    return Vault(*vault_keys)


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at half past nine on a Monday in March until a test moves it."""
    return FixedClock(MONDAY_MORNING)


@dataclass(frozen=True)
class Template:
    """A settled database to copy (or its rows, to put back), and its people."""

    place: str
    people: People
    rows: Rows


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster | None]:
    """A PostgreSQL server of the tests' own, when this run is for PostgreSQL."""
    if not ON_POSTGRESQL:
        yield None
        return
    with throwaway_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, vault: Vault, cluster: Cluster | None) -> Template:
    """A migrated database with both councils in it, made once and copied for each test."""
    name = f"template_{uuid.uuid4().hex}"
    if cluster is not None:
        place, url = name, cluster.create_database(name)
    else:
        place = str(tmp_path_factory.mktemp("template") / "settled.sqlite3")
        url = f"sqlite:///{place}"
    database = Database(url, vault, FixedClock(datetime(2017, 1, 2, tzinfo=UTC)))
    migrate(url)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    with every_right(database) as connection:
        rows = kept_rows(connection) if cluster else {}
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1" if cluster else "PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return Template(place, people, rows)


@pytest.fixture(scope="session")
def reused(template: Template, cluster: Cluster | None, engines: Engines) -> Iterator[Engine | None]:
    """On PostgreSQL one database serves all tests of a run, put back before each."""
    if cluster is None:
        yield None
        return
    url = cluster.create_database(f"reused_{uuid.uuid4().hex}", template=template.place)
    engines.keep(url)
    engine = make_engine(as_role(url, SUPERUSER))
    yield engine
    engine.dispose()


@pytest.fixture
def database_url(template: Template, reused: Engine | None, tmp_path: Path) -> str:
    """The address of a settled database for this test alone."""
    if reused is not None:
        put_back(reused, template.rows)
        return as_role(reused.url.render_as_string(hide_password=False), APPLICATION)
    copy = tmp_path / "lado.sqlite3"
    shutil.copyfile(template.place, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def new_council(
    template: Template, cluster: Cluster | None, tmp_path: Path, vault: Vault
) -> Iterator[Callable[[], tuple[Database, FixedClock, People]]]:
    """Make one fresh settled council after another, each with a clock of its own: for tests that begin many times."""
    opened: list[tuple[Database, str]] = []

    def begin() -> tuple[Database, FixedClock, People]:
        name = f"council_{uuid.uuid4().hex}"
        if cluster is None:
            shutil.copyfile(template.place, tmp_path / name)
            url = f"sqlite:///{tmp_path / name}"
        else:
            url = cluster.create_database(name, template=template.place)
        clock = FixedClock(MONDAY_MORNING)
        opened.append((Database(url, vault, clock), name))
        return opened[-1][0], clock, template.people

    yield begin
    for database, name in opened:
        database.engine.dispose()
        if cluster is not None:
            cluster.drop_database(name)


@pytest.fixture
def database(database_url: str, vault: Vault, clock: FixedClock, engines: Engines) -> Iterator[Database]:
    """A settled database for this test alone."""
    opened = Database(database_url, vault, clock)
    yield opened
    engines.close(opened.engine)


@pytest.fixture
def people(template: Template) -> People:
    """The cast, by name."""
    return template.people


@pytest.fixture
def caseload(database: Database, clock: FixedClock, people: People) -> Caseload:
    """Makes referrals and moves them on, as Olive."""
    return Caseload(database, clock, people.olive)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever touches a database: it is run again on PostgreSQL.

    What judges the recorded walk comes first: the first of several workers is given all of it, and walks once.
    """
    for item in items:
        if "template" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)
    items.sort(key=lambda item: "crawl" not in getattr(item, "fixturenames", ()))


@pytest.fixture
def settings(database_url: str, tmp_path: Path, vault_keys: tuple[bytes, bytes, bytes, bytes]) -> Settings:
    """Settings of a demonstration on this test's database."""
    master_key, index_key, record_key, signing_key = vault_keys
    return Settings(
        database_url=database_url,
        data_folder=tmp_path,
        secret_key=os.urandom(32),
        master_key=master_key,
        index_key=index_key,
        record_key=record_key,
        signing_key=signing_key,
        mail_catcher=tmp_path / "mail",
    )


@pytest.fixture(scope="session")
def folder_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the workers of one run share."""
    of_worker = tmp_path_factory.getbasetemp()
    return of_worker.parent if "PYTEST_XDIST_WORKER" in os.environ else of_worker


@pytest.fixture(scope="session")
def compiled(folder_of_all: Path) -> CompiledTemplates:
    """Templates compiled once for one run of the tests: every test has an app of its own, but not its own pages."""
    folder = folder_of_all / "compiled"
    folder.mkdir(exist_ok=True)
    return CompiledTemplates(folder)


@pytest.fixture
def app(settings: Settings, clock: FixedClock, compiled: CompiledTemplates, engines: Engines) -> Iterator[Flask]:
    """The app on this test's database, with the clock of the test."""
    made = create_app(settings, clock)
    made.jinja_env.bytecode_cache = compiled
    made.testing = False
    yield made
    engines.close(made.extensions["lado"].database.engine)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser without scripts that judges every page."""
    return Browser(app, app.extensions["lado"].database)


@pytest.fixture(scope="session")
def crawl(
    template: Template,
    cluster: Cluster | None,
    tmp_path_factory: pytest.TempPathFactory,
    vault: Vault,
    vault_keys: tuple[bytes, bytes, bytes, bytes],
    compiled: CompiledTemplates,
) -> Crawl:
    """Everybody's walk through every page and form of the canary's world, made once for all tests that judge it.

    It takes half a minute, so tests that ask for it come first: see `pytest_collection_modifyitems`.
    """
    folder, clock = tmp_path_factory.mktemp("crawl"), FixedClock(MONDAY_MORNING)
    url = f"sqlite:///{folder / 'lado.sqlite3'}"
    if cluster is None:
        shutil.copyfile(template.place, folder / "lado.sqlite3")
    else:
        url = cluster.create_database(f"crawl_{uuid.uuid4().hex}", template=template.place)
    settings = Settings(url, folder, os.urandom(32), *vault_keys, mail_catcher=folder / "mail")
    app = create_app(settings, clock)
    app.jinja_env.bytecode_cache, app.testing = compiled, False
    database = app.extensions["lado"].database
    world = settle_crawled(Caseload(database, clock, template.people.olive), template.people, clock)
    made = walk_through(app, database, template.people, world, clock)
    database.engine.dispose()
    return made
