"""The tick of restricted cases: lists that nobody reviews lapse, with a notice before; and whoever came is kept out."""

import structlog
from sqlalchemy.exc import OperationalError

from lado.db import Database
from lado.queries import restrictions as reading
from lado.security.identity import SYSTEM
from lado.services import restricting, restrictions

log = structlog.get_logger()


def tick(database: Database) -> dict[str, int]:
    """Look at each list that is near its day in a transaction of its own: trouble with one stops no other.

    Level-triggered: what is asked is how things stand now, so that a tick that was missed loses nothing.
    """
    counts = {"warned": 0, "lapsed": 0, "failed": 0}
    with database.work(SYSTEM) as act:
        restricting.bring_all_into_line(act)
    with database.reading(SYSTEM) as act:
        due = reading.to_review(act.session, act.at + restrictions.WARNED_BEFORE)
    for restriction_id, review_by_at in due:
        try:
            with database.work(SYSTEM) as act:
                if review_by_at <= act.at:
                    counts["lapsed"] += restrictions.lapse(act, restriction_id)
                else:
                    counts["warned"] += restrictions.warn(act, restriction_id)
        except OperationalError:
            raise
        except Exception as problem:
            counts["failed"] += 1
            log.error("a list could not be looked at", list=restriction_id, problem=type(problem).__name__)
    if any(counts.values()):
        log.info("lists of restricted cases", **counts)
    return counts
