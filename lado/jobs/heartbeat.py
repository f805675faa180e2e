"""The heartbeat: says that the scheduler is alive, so that its silence is an alarm."""

from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import heartbeat

NAME = "scheduler"


def tick(database: Database) -> None:
    """Write down that the scheduler is alive."""
    with database.work(SYSTEM) as act:
        heartbeat.beat(act, NAME)
