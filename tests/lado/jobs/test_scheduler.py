"""The process that ticks: every job at once and then at its interval, and an end when it is asked for."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config import Settings, ensure_secrets
from lado import migrations
from lado.clock import SystemClock
from lado.db import Database, make_engine
from lado.jobs.__main__ import refuse_wrong_database, scheduled
from lado.queries import heartbeat
from lado.security.identity import SYSTEM
from lado.vault import Vault

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def empty(tmp_path):
    """Settings of an installation with tables and nobody in it."""
    url = f"sqlite:///{tmp_path / 'lado.sqlite3'}"
    ensure_secrets(tmp_path)
    engine = make_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    return Settings.from_environment({"DATABASE_URL": url, "LADO_DATA": str(tmp_path)})


def test_each_job_runs_at_once_one_at_a_time_and_is_never_dropped_for_being_late(database, empty):
    scheduler = scheduled(database, empty)

    jobs = {job.id: job for job in scheduler.get_jobs()}

    assert {name: job.trigger.interval for name, job in jobs.items()} == {
        "heartbeat": timedelta(seconds=30),
        "audit": timedelta(minutes=5),
        "cover": timedelta(minutes=1),
        "escalation": timedelta(minutes=1),
        "handovers": timedelta(minutes=1),
        "changes": timedelta(seconds=10),
        "names": timedelta(seconds=30),
        "nights": timedelta(minutes=1),
        "notices": timedelta(seconds=10),
        "checkpoint": timedelta(minutes=1),
        "certificate": timedelta(minutes=1),
        "digest": timedelta(minutes=5),
        "gaps": timedelta(minutes=5),
        "looks": timedelta(minutes=15),
        "people": timedelta(minutes=1),
        "restrictions": timedelta(minutes=1),
    }
    assert str(scheduler.timezone) == "UTC"
    for job in jobs.values():
        assert job.next_run_time == database.clock.now()


def test_the_process_ticks_at_once_and_ends_when_asked(empty, tmp_path):
    environ = os.environ | {"DATABASE_URL": empty.database_url, "LADO_DATA": str(tmp_path)}
    database = Database(empty.database_url, Vault(*empty.vault_keys), SystemClock())
    log = tmp_path / "log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "lado.jobs"], cwd=PROJECT, env=environ, stdout=out, stderr=out
        ) as process,
    ):
        try:
            for _ in range(600):
                with database.reading(SYSTEM) as act:
                    silent = heartbeat.quiet(act.session, act.at)
                if not silent:
                    break
                time.sleep(0.1)
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(60)
            database.engine.dispose()

    assert silent == [], log.read_text()
    assert status == 0, log.read_text()
    assert "tick failed" not in log.read_text()


def test_it_does_not_tick_on_a_database_sealed_with_other_keys(database, empty):
    database.vault = Vault(*empty.vault_keys)

    with pytest.raises(SystemExit, match=r"Put back the secrets\.json"):
        refuse_wrong_database(database, empty)


def test_in_production_it_does_not_tick_on_a_demonstration(database, empty):
    with pytest.raises(SystemExit):
        refuse_wrong_database(database, replace(empty, production=True))
