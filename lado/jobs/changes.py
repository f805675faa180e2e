"""The tick of changes: open ones are brought to the running cases, each case in a transaction of its own."""

import structlog
from sqlalchemy.exc import OperationalError

from lado.db import Database
from lado.models import ChangedCase
from lado.queries import changes as reading
from lado.queries.changes import BATCH, FAILED
from lado.security.identity import SYSTEM
from lado.services import calendar_notices, changes

AT_ONCE = 1_000
"""Cases of one change in one tick: what is left waits for the next, so that no tick lasts for ever."""

log = structlog.get_logger()


def tick(database: Database, limit: int = AT_ONCE) -> dict[str, int]:
    """Go on with every change that is not done, and say so in one line of the log when anything happened.

    Resumable: what was done is known case by case. A case that fails is recorded so and tried again later; the rest
    go on. Returns how many cases changed, were kept, and failed.
    """
    with database.reading(SYSTEM) as act:
        under_way, ends_soon = reading.not_done(act.session), calendar_notices.ends_soon(act)
    counts: dict[str, int] = {}
    for change_id in under_way:
        for result in _go_on(database, change_id, limit):
            counts[result] = counts.get(result, 0) + 1
    if counts:
        log.info("changes", **counts)
    if ends_soon:
        with database.work(SYSTEM) as act:
            calendar_notices.tell_of_end(act)
    return counts


def _go_on(database: Database, change_id: int, limit: int) -> list[str]:
    """Apply one change to the cases whose turn it is, and finish it when none is left."""
    results: list[str] = []
    last = 0
    while len(results) < limit and (batch := _batch(database, change_id, last)):
        last = batch[-1]
        results.extend(_one(database, change_id, referral_id) for referral_id in batch)
    with database.work(SYSTEM) as act:
        changes.finish(act, change_id)
    return results


def _batch(database: Database, change_id: int, after: int) -> list[int]:
    with database.reading(SYSTEM) as act:
        change = reading.found(act.session, change_id)
        if change is None or change.done_at is not None:
            return []
        return reading.waiting(act.session, change, act.at, after, BATCH)


def _one(database: Database, change_id: int, referral_id: int) -> str:
    """Apply the change to one case. Trouble with the database itself is no case's fault and is raised."""
    try:
        with database.work(SYSTEM) as act:
            done: ChangedCase = changes.apply(act, change_id, referral_id)
            return done.result
    except OperationalError:
        raise
    except Exception as problem:
        log.error("case not changed", change=change_id, referral=referral_id, problem=type(problem).__name__)
        with database.work(SYSTEM) as act:
            changes.fail(act, change_id, referral_id, type(problem).__name__)
        return FAILED
