"""A year of the synthetic council on three nodes of one PostgreSQL, held against a model of the ladder written apart.

`python -m tests.faults.year` lives through a year and prints the figures; `--from` and `--to` name other days. At each
moment at which something is due all three nodes tick at once. In that year cases are forgotten, teams are away, people
leave and have conflicts (`mishaps`), so that every rung of the ladder is climbed. Each rung has to stand once, with its
due time, the moment at which it was written and whom it found: as the model says, which knows the plain facts alone.
"""

import argparse
import json
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from random import Random
from secrets import token_bytes
from typing import Any

import structlog
from sqlalchemy import delete, select, update

from lado.adapters.bank_holidays import england
from lado.cli.council import span_of
from lado.clock import FixedClock
from lado.council import simulation
from lado.council.profiles import PROFILES
from lado.council.simulation import Span
from lado.db import Database, make_engine
from lado.jobs import escalation, handovers
from lado.jobs.node import Here
from lado.models import Escalation
from lado.queries import handovers as handing_over
from lado.security.identity import SYSTEM
from lado.services import installation, verification
from lado.vault import Vault
from tests.faults.mishaps import Mishaps, forget
from tests.support import ladder_facts
from tests.support.ladder_model import CaseFacts, Rung, Walk, differences
from tests.support.migrating import as_role, migrate
from tests.support.postgres import SUPERUSER, throwaway_cluster

NODES = 3
PROFILE = "bromley-2021-22"
FIRST, LAST = date(2021, 4, 1), date(2022, 3, 31)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONGEST = timedelta(minutes=2).total_seconds()
"""How long the nodes may take over one tick before something is wrong with the trial itself."""
MOST = 50
"""How often the nodes may tick at one instant: what one has in hand is left alone by the others until their next."""

Keys = tuple[bytes, ...]


def node(name: str, url: str, keys: Keys, at: datetime, asked: Connection, together: Barrier) -> None:
    """What each process does: it waits for an instant, and ticks when all of them have it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    clock = FixedClock(at)
    database = Database(url, Vault(*keys), clock)
    here = Here(name, now=lambda session: clock.now())
    while (at := asked.recv()) is not None:
        clock.move_to(at)
        together.wait(LONGEST)
        try:
            climbed, handed = escalation.tick(database, here), handovers.tick(database)
            asked.send((climbed.get("escalated", 0), climbed.get("set_aside", 0) + handed.set_aside, ""))
        except Exception as problem:  # as in the scheduler: the next tick tries again
            asked.send((0, 0, type(getattr(problem, "orig", problem)).__name__))
    database.engine.dispose()


@dataclass
class Nodes:
    """Three processes that tick at the same instant, and what they said."""

    url: str
    keys: Keys
    at: datetime
    pipes: list[Connection] = field(default_factory=list)
    passes: list[datetime] = field(default_factory=list)
    climbed: Counter[int] = field(default_factory=Counter)
    """How many rungs each node recorded."""
    failed: Counter[str] = field(default_factory=Counter)
    """Ticks that failed, by what the driver calls it: as in the scheduler, the next one tries again."""
    aside: int = 0
    """Clocks and cases that were set aside."""
    processes: list[Any] = field(default_factory=list)

    def __enter__(self) -> "Nodes":
        context = get_context("fork")
        together = context.Barrier(NODES)
        for number in range(NODES):
            ours, theirs = context.Pipe()
            place = f"node-{number}", self.url, self.keys, self.at, theirs, together
            process = context.Process(target=node, args=place, daemon=True)
            process.start()
            self.pipes.append(ours)
            self.processes.append(process)
        return self

    def __exit__(self, *raised: object) -> None:
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(LONGEST)
            process.kill()

    def tick(self, database: Database) -> int:
        """Have all of them tick at the instant of the database's clock; how many rungs they recorded together."""
        at = database.clock.now()
        self.passes.append(at)
        if self.passes[-MOST:] == [at] * MOST:
            raise RuntimeError(f"{MOST} ticks at {at} and still something is due")
        for pipe in self.pipes:
            pipe.send(at)
        total = 0
        for number, pipe in enumerate(self.pipes):
            if not pipe.poll(LONGEST):
                raise RuntimeError(f"node {number} does not answer")
            climbed, aside, problem = pipe.recv()
            self.climbed[number] += climbed
            self.failed.update([problem] if problem else [])
            self.aside += aside
            total += climbed
        return total


def trial(first_on: date = FIRST, last_on: date = LAST, seed: int = 1) -> dict[str, Any]:
    """Live through these days; what was found, and what is found when a rung is spoilt."""
    span = span_of(first_on, last_on, NOW)
    keys = tuple(token_bytes(32) for _ in range(4))
    began = time.monotonic()
    with throwaway_cluster() as cluster:
        url = cluster.create_database("year")
        migrate(url)
        clock = FixedClock(simulation.settled_at(span))
        with Nodes(url, keys, clock.now()) as nodes:
            database = Database(url, Vault(*keys), clock)
            done, lived = live(database, clock, nodes, seed, span)
        expected = modelled(facts(database), nodes.passes, span)
        found = stored(database)
        report = {
            "rungs": len(found),
            "seconds": round(time.monotonic() - began),
            "cases": lived.referrals + lived.advice_calls,
            "ticks": len(nodes.passes),
            "by_node": [nodes.climbed[number] for number in range(NODES)],
            "nobody": sum(rung.told is None for rung in found),
            "by_rung": dict(sorted(Counter(rung.rung for rung in found).items())),
            "failed_ticks": dict(nodes.failed),
            "mishaps": done,
            "differences": [*differences(expected, found), *others(database, nodes, lived, len(found))],
        }
        spoil(url)
        report["found_when_spoilt"] = len(list(differences(expected, stored(database))))
        database.engine.dispose()
    return report


def live(
    database: Database, clock: FixedClock, nodes: Nodes, seed: int, span: Span
) -> tuple[dict[str, int], simulation.Report]:
    """Let the council live; which mishaps there were, and what came of it."""
    with database.work(SYSTEM) as act:
        installation.keep_holidays(act, england())
    profile, draw = PROFILES[PROFILE], Random(seed)
    council = simulation.begin(database, clock, profile, seed, span, nodes.tick)
    stories, leaves = simulation.drawn(council, profile, span)
    council.plan(forget(stories, draw), leaves)
    mishaps = Mishaps(council, draw, span.first_on, span.last_on)
    mishaps.plan()
    council.live(lambda words: print(words, file=sys.stderr))
    return dict(sorted((+mishaps.done).items())), council.report()


def facts(database: Database) -> list[CaseFacts]:
    """What the model is told."""
    with database.reading(SYSTEM) as act:
        return ladder_facts.cases(act.session)


def stored(database: Database) -> list[Rung]:
    """The rungs that stand."""
    with database.reading(SYSTEM) as act:
        return ladder_facts.rungs(act.session)


def modelled(cases: Sequence[CaseFacts], passes: Sequence[datetime], span: Span) -> list[Rung]:
    """The rungs that have to stand."""
    return [rung for case in cases for rung in Walk(case, passes).over(span.end_at)]


def others(database: Database, nodes: Nodes, lived: simulation.Report, there: int) -> Iterator[str]:
    """What else is wrong: a case set aside or not handed over, a wrong count, a screen that differs."""
    if nodes.aside:
        yield f"{nodes.aside} times a clock or a case was set aside"
    if lived.escalations != there:
        yield f"the nodes say that they recorded {lived.escalations} rungs, and {there} stand"
    with database.reading(SYSTEM) as act:
        yield from (f"not handed over as it should be: {out}" for out in handing_over.out_of_line(act.session, act.at))
        yield from (str(difference) for difference in verification.verify(act).differences)


def spoil(url: str) -> None:
    """Lose one rung, write another a minute late, and tell somebody else of a third: what has to be found."""
    owner = make_engine(as_role(url, SUPERUSER))
    with owner.begin() as connection:
        query = select(Escalation.id, Escalation.recorded_at).where(Escalation.told_id.is_not(None))
        lost, late, told = connection.execute(query.order_by(Escalation.id).limit(3)).all()
        connection.execute(delete(Escalation).where(Escalation.id == lost.id))
        later = late.recorded_at + timedelta(minutes=1)
        connection.execute(update(Escalation).where(Escalation.id == late.id).values(recorded_at=later))
        connection.execute(update(Escalation).where(Escalation.id == told.id).values(told_id=None))
    owner.dispose()


def main() -> int:
    """Print the figures as JSON; 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.year", description=__doc__)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=FIRST, help="the first day")
    parser.add_argument("--to", dest="last", type=date.fromisoformat, default=LAST, help="the last day, included")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn at random")
    asked = parser.parse_args()
    report = trial(asked.first, asked.last, asked.seed)
    json.dump(report, sys.stdout, indent=2)
    print()
    return int(bool(report["differences"]) or report["found_when_spoilt"] != 3)


if __name__ == "__main__":
    sys.exit(main())
