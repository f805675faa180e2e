"""The digest tick: a manager's day in one message, each council in a transaction of its own."""

import structlog
from sqlalchemy.exc import OperationalError

from lado.db import Database
from lado.queries import demand as reading
from lado.security.identity import SYSTEM
from lado.services import digests

log = structlog.get_logger()


def tick(database: Database) -> int:
    """Write the digests that are due; how many were written. Trouble with one council stops no other."""
    with database.reading(SYSTEM) as act:
        councils = reading.councils(act.session)
    written = 0
    for authority_id in councils:
        try:
            with database.work(SYSTEM) as act:
                written += digests.tell(act, authority_id)
        except OperationalError:
            raise
        except Exception as problem:
            log.error("digest failed", council=authority_id, problem=type(problem).__name__)
    if written:
        log.info("digests", written=written)
    return written
