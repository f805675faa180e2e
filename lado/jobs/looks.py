"""The tick that goes through the log of reads week by week, each council in a transaction of its own."""

import structlog
from sqlalchemy.exc import OperationalError

from lado.db import Database
from lado.queries import demand as reading
from lado.security.identity import SYSTEM
from lado.services import unusual

log = structlog.get_logger()


def tick(database: Database) -> int:
    """Go through the weeks that are due; how many findings are new. Trouble with one council stops no other."""
    with database.reading(SYSTEM) as act:
        councils = reading.councils(act.session)
    found = 0
    for authority_id in councils:
        try:
            with database.work(SYSTEM) as act:
                found += unusual.go_through(act, authority_id)
        except OperationalError:
            raise
        except Exception as problem:
            log.error("looks not gone through", council=authority_id, problem=type(problem).__name__)
    if found:
        log.info("looks to ask about", found=found)
    return found
