"""The tick that looks ahead: gaps in the cover are said weekly while they stand, demand above its level brings help."""

import structlog
from sqlalchemy.exc import OperationalError

from lado.db import Database
from lado.queries import demand as reading
from lado.security.identity import SYSTEM
from lado.services import demand, gaps

log = structlog.get_logger()


def tick(database: Database) -> dict[str, int]:
    """Look at each council in a transaction of its own, so that trouble with one stops no other.

    Level-triggered: what is asked is how things stand, so that a tick that was missed loses nothing. Returns how many
    managers were told of gaps, how many decisions to bring in second cover are new, and how many councils failed.
    """
    with database.reading(SYSTEM) as act:
        councils = reading.councils(act.session)
    counts = {"told": 0, "brought_in": 0, "failed": 0}
    for authority_id in councils:
        try:
            with database.work(SYSTEM) as act:
                counts["told"] += gaps.tell(act, authority_id)
                counts["brought_in"] += demand.watch(act, authority_id)
        except OperationalError:
            raise
        except Exception as problem:
            counts["failed"] += 1
            log.error("looking ahead failed", council=authority_id, problem=type(problem).__name__)
    if any(counts.values()):
        log.info("looked ahead", **counts)
    return counts
