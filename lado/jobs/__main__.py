"""`python -m lado.jobs`: APScheduler as a heartbeat and nothing more. What is due is a question for the database."""

import signal
from collections.abc import Callable
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from config import Settings
from lado import logs, no_dumps
from lado.adapters.notify import mail_of
from lado.adapters.pulse import Pulse
from lado.clock import SystemClock
from lado.db import Database
from lado.errors import LadoError
from lado.jobs import (
    audit,
    certificate,
    changes,
    checkpoint,
    cover,
    digest,
    escalation,
    gaps,
    handovers,
    heartbeat,
    looks,
    names,
    nights,
    notices,
    people,
    restrictions,
)
from lado.jobs.node import Here
from lado.security.identity import SYSTEM
from lado.services import alarms, installation
from lado.vault import CannotOpen, vault_of

log = structlog.get_logger()


def main() -> int:
    """Tick until the process is asked to end; then finish what is running."""
    no_dumps.refuse()
    settings = Settings.from_environment()
    logs.configure(production=settings.production)
    database = Database(
        settings.database_url,
        vault_of(settings),
        SystemClock(),
    )
    refuse_wrong_database(database, settings)
    scheduler = scheduled(database, settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    log.info("started")
    try:
        scheduler.start()
    except KeyboardInterrupt:
        log.info("stopping")
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=True)
        database.engine.dispose()
    return 0


def refuse_wrong_database(database: Database, settings: Settings) -> None:
    """End with words for the operator when the keys do not belong to the database, or it is a demonstration's."""
    try:
        with database.reading(SYSTEM) as act:
            installation.ensure_keys(act)
            installation.refuse_demonstration_in_production(act, production=settings.production)
    except LadoError as refusal:
        raise SystemExit(str(refusal)) from refusal


def scheduled(database: Database, settings: Settings) -> BlockingScheduler:
    """A scheduler with the ticks in it, in memory alone, each to run at once and then at its interval.

    Late runs are never dropped and never pile up; any number of nodes may tick, for the database decides who does what.
    """
    scheduler = BlockingScheduler(
        timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    mail = mail_of(settings)
    pulse = Pulse(settings)
    witnesses = checkpoint.of_settings(settings, mail)

    here = Here()

    def beat() -> None:
        here.stand(database)
        heartbeat.tick(database, pulse)

    def send() -> None:
        notices.tick(database, mail, settings.public_url)

    _add(scheduler, database, here, "heartbeat", beat, seconds=30)
    _add(scheduler, database, here, "escalation", lambda: escalation.tick(database, here), minutes=1)
    _add(scheduler, database, here, "handovers", lambda: handovers.tick(database), minutes=1)
    _add(scheduler, database, here, "cover", lambda: cover.tick(database), minutes=1)
    _add(scheduler, database, here, "audit", lambda: audit.tick(database), minutes=5)
    _add(scheduler, database, here, "changes", lambda: changes.tick(database), seconds=10)
    _add(scheduler, database, here, "names", lambda: names.tick(database), seconds=30)
    _add(scheduler, database, here, "nights", lambda: nights.tick(database), minutes=1)
    _add(scheduler, database, here, "notices", send, seconds=10)
    _add(scheduler, database, here, "checkpoint", lambda: checkpoint.tick(database, witnesses), minutes=1)
    _add(scheduler, database, here, "certificate", lambda: certificate.tick(database), minutes=1)
    _add(scheduler, database, here, "digest", lambda: digest.tick(database), minutes=5)
    _add(scheduler, database, here, "restrictions", lambda: restrictions.tick(database), minutes=1)
    _add(scheduler, database, here, "gaps", lambda: gaps.tick(database), minutes=5)
    _add(scheduler, database, here, "people", lambda: people.tick(database), minutes=1)
    _add(scheduler, database, here, "looks", lambda: looks.tick(database), minutes=15)
    return scheduler


def _add(
    scheduler: BlockingScheduler, database: Database, here: Here, name: str, do: Callable[[], Any], **every: int
) -> None:
    def tick() -> None:
        if here.stands_down and name != "heartbeat":
            return
        try:
            do()
        except CannotOpen as problem:
            log.critical("sealed part refused", job=name, places=[problem.where])
            with database.work(SYSTEM) as act:
                alarms.sealed_part_refused(act)
        except Exception as problem:
            log.error("tick failed", job=name, problem=type(problem).__name__)

    scheduler.add_job(tick, "interval", id=name, next_run_time=database.clock.now(), **every)


if __name__ == "__main__":
    raise SystemExit(main())
