"""The tick that looks after accounts: those whose last day has passed are shut, and managers hear weekly of others."""

import structlog
from sqlalchemy.exc import OperationalError

from lado.db import Database
from lado.queries import demand as reading
from lado.security.identity import SYSTEM
from lado.services import people_notices, standing_accounts

log = structlog.get_logger()


def tick(database: Database) -> dict[str, int]:
    """Look at each council in a transaction of its own; how many accounts were shut, and how many managers were told.

    Level-triggered: what is asked is how things stand, so that a tick that was missed loses nothing.
    """
    with database.reading(SYSTEM) as act:
        councils = reading.councils(act.session)
    counts = {"shut": 0, "told": 0, "failed": 0}
    for authority_id in councils:
        try:
            with database.work(SYSTEM) as act:
                counts["shut"] += standing_accounts.shut_ended(act, authority_id)
                counts["told"] += people_notices.tell(act, authority_id)
        except OperationalError:
            raise
        except Exception as problem:
            counts["failed"] += 1
            log.error("looking after accounts failed", council=authority_id, problem=type(problem).__name__)
    if any(counts.values()):
        log.info("looked after accounts", **counts)
    return counts
