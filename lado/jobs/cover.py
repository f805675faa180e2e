"""The cover tick: writes down who is really there, each time the answer has changed."""

import structlog

from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import cover_history

log = structlog.get_logger()


def tick(database: Database) -> None:
    """Write down what changed since the last time, and say so in the log."""
    with database.work(SYSTEM) as act:
        changed = cover_history.write_down(act)
    if changed:
        log.info("cover", changed=changed)
