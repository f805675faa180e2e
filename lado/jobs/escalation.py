"""The escalation tick: climbs every rung that is due, a batch to a transaction; one bad case is set aside."""

import structlog
from sqlalchemy.exc import OperationalError

from lado.db import Database
from lado.jobs.each import Outcome, one_by_one
from lado.jobs.node import Here
from lado.queries import escalation
from lado.security.identity import SYSTEM
from lado.services import escalations, heartbeat
from lado.services.escalations import Climbed
from lado.services.nodes import Late, Taken, Turn, ensure_alone, ensure_turn

NAME = "escalation"
BATCH = 2_500
"""Clocks in one transaction: on SQLite nobody else can write while it lasts, which is a fraction of a second."""
REPLAYED = 250
"""Cases that are replayed in one transaction, for the same reason."""

log = structlog.get_logger()


def tick(database: Database, here: Here, limit: int = BATCH) -> dict[str, int]:
    """Climb what is due, raise who is not covered, and say so in one line of the log when anything happened.

    A node whose clock is off does nothing, and one that was held up past its lease saves nothing.
    """
    turn = here.stand(database)
    if turn is None:
        return {}
    try:
        done = run_pass(database, limit, turn)
    except Late:
        log.error("held up past the lease", node=here.name)
        return {}
    if any(done.values()):
        log.info("escalation", **done)
    return done


def run_pass(database: Database, limit: int = BATCH, turn: Turn | None = None) -> dict[str, int]:
    """One pass over everything that is due at this instant. Repeated, it does nothing, nor while another node climbs.

    Under a turn nothing is saved once the turn has passed to others: raises Late.

    Returns counts: rungs recorded (`escalated`), notices written (`notices`), how often nobody was there
    (`nobody_on_cover`), and clocks that failed and were set aside (`set_aside`).
    """
    total, aside, seen = Climbed(), 0, set[int]()
    try:
        while is_due(database) and (batch := _climb(database, limit, seen, turn)):
            total = total.plus(batch.done)
            aside += len(batch.failed)
    except Taken:
        return {**total._asdict(), "set_aside": aside}  # whoever climbs now also does the rest of the pass
    total = total.plus(_climb_unreached(database, turn))
    with database.work(SYSTEM) as act:
        total = total.plus(escalations.raise_gaps(act))
        escalations.forget_settled(act)
        heartbeat.beat(act, NAME)
        if turn is not None:
            ensure_turn(act, turn)
    return {**total._asdict(), "set_aside": aside}


def is_due(database: Database) -> bool:
    """Look whether anything is due, without keeping anybody else from writing."""
    return database.look(escalation.FIRST_DUE, {"at": database.clock.now()}) is not None


def _climb_unreached(database: Database, turn: Turn | None) -> Climbed:
    """Tell somebody at last of what had lapsed for nobody, some cases at a time: each of them is replayed for it."""
    total = Climbed()
    if database.look(escalation.FIRST_FOR_NOBODY, {}) is None:
        return total
    with database.reading(SYSTEM) as act:
        waiting = escalation.unreached(act.session, act.at)
    for first in range(0, len(waiting), REPLAYED):
        with database.work(SYSTEM) as act:
            total = total.plus(escalations.climb_unreached(act, waiting[first : first + REPLAYED]))
            if turn is not None:
                ensure_turn(act, turn)
    return total


def _climb(database: Database, limit: int, seen: set[int], turn: Turn | None) -> Outcome | None:
    """Climb one batch; None when nothing more is due. Clocks that stay due although climbed are set aside too."""
    batch: list[int] = []
    fresh: list[int] = []
    try:
        with database.work(SYSTEM) as act:
            ensure_alone(act)
            batch = escalation.claim_due(act.session, act.at, limit)
            fresh = [clock for clock in batch if clock not in seen]
            outcome = Outcome(escalations.climb_held(act, fresh)) if fresh else Outcome(Climbed())
            if turn is not None:
                ensure_turn(act, turn)
    except (OperationalError, Late, Taken):
        raise  # the database itself is in trouble, or this node: no case is to blame, and the next tick tries again
    except Exception:
        if not batch:
            raise
        outcome = one_by_one(database, fresh, escalations.climb)
    stuck = tuple((clock, "StillDue") for clock in batch if clock in seen)
    seen.update(batch)
    failed = (*outcome.failed, *stuck)
    for clock, problem in failed:
        log.error("set aside", clock=clock, problem=problem)
        with database.work(SYSTEM) as act:
            escalations.set_aside(act, clock, problem)
    return Outcome(outcome.done, failed) if batch else None
