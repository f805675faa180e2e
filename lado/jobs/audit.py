"""The audit tick: every running clock, however old, has a record of each rung that was due, or managers hear of it."""

import structlog

from lado.db import Database
from lado.queries.audit import Missing
from lado.security.identity import SYSTEM
from lado.services import audit, heartbeat

NAME = "audit"

log = structlog.get_logger()


def tick(database: Database) -> list[Missing]:
    """Audit once. What is missing is told to managers and is one line each in the log, with the clock and no more."""
    with database.work(SYSTEM) as act:
        found = audit.run(act)
        heartbeat.beat(act, NAME)
    for one in found:
        log.error("rung without a record", clock=one.clock_id, rung=one.rung, why=one.why)
    return found
