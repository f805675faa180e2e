"""The heartbeat: the scheduler is alive, here and for the council's own monitor, so that its silence is an alarm."""

import structlog

from lado.adapters.pulse import Pulse, PulseProblem
from lado.db import Database
from lado.queries.heartbeat import quiet
from lado.security.identity import SYSTEM
from lado.services import heartbeat

NAME = "scheduler"

log = structlog.get_logger()


def tick(database: Database, pulse: Pulse | None = None) -> bool:
    """Write down that the scheduler is alive. Says whether all is well.

    The monitor is given its sign only while every job is heard: it need not understand anything, only miss it.
    """
    with database.work(SYSTEM) as act:
        heartbeat.beat(act, NAME)
    with database.reading(SYSTEM) as act:
        silent = [job.name for job in quiet(act.session, act.at)]
    if silent:
        log.error("jobs are silent", jobs=silent)
        return False
    if pulse is not None:
        try:
            pulse.give(database.clock.now())
        except PulseProblem as problem:
            log.error("no sign of life for the monitor", problem=str(problem))
    return True
