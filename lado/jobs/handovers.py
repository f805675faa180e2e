"""The hand-over tick: every case of whoever is away is brought to whom the resolver finds, and unanswered ones climb.

Level triggered: nothing depends on having been awake when leave began, was booked late, or its cover changed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import structlog
from sqlalchemy.exc import OperationalError

from lado.act import Act
from lado.db import Database
from lado.queries import handovers as reading
from lado.security.identity import SYSTEM
from lado.services import handover_climbing, handovers, heartbeat

NAME = "handovers"
BATCH = 50
"""Cases in one transaction: on SQLite nobody else can write while it lasts."""

Counts = TypeVar("Counts", bound=tuple[int, ...])

log = structlog.get_logger()


class Handed(NamedTuple):
    """What a pass did: hand-overs offered, ended and raised, notices written, people back, and cases that failed."""

    offered: int = 0
    ended: int = 0
    raised: int = 0
    notices: int = 0
    returned: int = 0
    set_aside: int = 0

    def plus(self, **more: int) -> "Handed":
        """The same and more."""
        return self._replace(**{name: getattr(self, name) + count for name, count in more.items()})


def tick(database: Database) -> Handed:
    """Bring every hand-over into line, and say so in one line of the log when anything happened."""
    done = run_pass(database)
    if any(done):
        log.info("handovers", **done._asdict())
    return done


def run_pass(database: Database) -> Handed:
    """One pass as at this instant. Repeated, it does nothing."""
    with database.reading(SYSTEM) as act:
        out = reading.out_of_line(act.session, act.at)
    done = Handed()
    for council in out:
        for batch in _batches(council.cases):
            done = _bring(database, council.authority_id, batch, done)
        if council.returned:
            with database.work(SYSTEM) as act:
                done = done.plus(returned=handovers.watch_returns(act, council.authority_id, council.returned))
    done = _climb(database, done)
    with database.work(SYSTEM) as act:
        heartbeat.beat(act, NAME)
    return done


def _bring(database: Database, authority_id: int, cases: Sequence[int], done: Handed) -> Handed:
    def bring(act: Act, some: Sequence[int]) -> handovers.Line:
        return handovers.bring_into_line(act, authority_id, some)

    made, failed = _together_or_apart(database, cases, bring)
    for line in made:
        done = done.plus(**line._asdict())
    return done.plus(set_aside=failed)


def _climb(database: Database, done: Handed) -> Handed:
    """Tell whoever is next of everything that nobody accepted in time; what fails is tried again at the next tick."""
    seen: list[int] = []
    while True:
        with database.reading(SYSTEM) as act:
            due = reading.unanswered(act.session, act.at, BATCH, seen)
        if not due:
            return done
        seen += due
        made, failed = _together_or_apart(database, due, handover_climbing.climb)
        for climbed in made:
            done = done.plus(**climbed._asdict())
        done = done.plus(set_aside=failed)


def _together_or_apart(
    database: Database, ids: Sequence[int], do: Callable[[Act, Sequence[int]], Counts]
) -> tuple[list[Counts], int]:
    """Do it to all in one transaction, or, when that fails, to one at a time: a bad one stops no other."""
    try:
        with database.work(SYSTEM) as act:
            return [do(act, ids)], 0
    except OperationalError:
        raise  # the database itself is in trouble: no case is to blame
    except Exception as problem:
        if len(ids) == 1:
            log.error("hand-over set aside", id=ids[0], problem=type(problem).__name__)
            return [], 1
    apart = [_together_or_apart(database, [each], do) for each in ids]
    return [made for some, _ in apart for made in some], sum(failed for _, failed in apart)


def _batches(cases: Sequence[int]) -> Iterator[Sequence[int]]:
    return (cases[start : start + BATCH] for start in range(0, len(cases), BATCH))
