"""The first peer of a sweep: one APScheduler job for each deadline, in a job store of its own, doing nothing.

Adding a million jobs one by one takes over an hour, so the rows that `add_job` writes are written in bulk.
"""

import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Any

from apscheduler.events import EVENT_JOB_REMOVED
from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from lado.clock import SystemClock

YEAR = timedelta(days=365)


def nothing() -> None:
    """What a job does here."""


def sweep(folder: Path, deadlines: int, due: int) -> float:
    """Seconds from the start of a scheduler until every due job has run, with so many waiting beside them."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.sqlite3'}")
    scheduler = BackgroundScheduler(jobstores={"default": store}, executors={"default": DebugExecutor()}, timezone=UTC)
    scheduler.start(paused=True)
    now = SystemClock().now()
    job = scheduler.add_job(nothing, "date", run_date=now + YEAR, id="first", misfire_grace_time=None)
    state = job.__getstate__()
    every = deadlines // due
    rows = (_row(state, number, now - YEAR if number % every == 0 else now + YEAR) for number in range(deadlines - 1))
    with store.engine.begin() as connection:
        connection.execute(store.jobs_t.insert(), list(rows))
    ran, everything = [0], Event()

    def count(_: object) -> None:
        ran[0] += 1
        if ran[0] >= due - 1:
            everything.set()

    scheduler.add_listener(count, EVENT_JOB_REMOVED)
    began = perf_counter()
    scheduler.resume()
    if not everything.wait(600):
        raise RuntimeError(f"only {ran[0]} of {due} jobs ran")
    passed = perf_counter() - began
    scheduler.shutdown()
    return passed


def _row(state: dict[str, Any], number: int, at: datetime) -> dict[str, Any]:
    name = f"deadline-{number}"
    trigger = type(state["trigger"])(at)
    kept = state | {"id": name, "next_run_time": at, "trigger": trigger}
    return {"id": name, "next_run_time": at.timestamp(), "job_state": pickle.dumps(kept, pickle.HIGHEST_PROTOCOL)}
