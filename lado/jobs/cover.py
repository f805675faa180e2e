"""The cover tick: writes down who is really there each time that has changed, and closes swaps that nobody took."""

import structlog

from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import cover_history, swaps

log = structlog.get_logger()


def tick(database: Database) -> None:
    """Write down what changed since the last time, and say in the log how many answers those were."""
    with database.work(SYSTEM) as act:
        swaps.let_go(act)
        changed = cover_history.write_down(act)
    if changed:
        log.info("cover", changed=changed)
