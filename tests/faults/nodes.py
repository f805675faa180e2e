"""Three nodes on one PostgreSQL, killed, stopped and resumed at random while rungs are due; judge what is left.

`python -m tests.faults.nodes` has 10,000 rungs due and prints the figures; `--due 300` has fewer. Every rung has to be
there once, with its true due time, one entry of the record, rightly linked, and one notice.
"""

import argparse
import json
import logging
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from random import Random
from secrets import token_bytes
from typing import Any
from unittest.mock import patch

import structlog
from sqlalchemy import delete, func, select, text, update

from benchmarks import crowd
from lado import db
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database, make_engine
from lado.domain.chain import Linked, canonical, digest_of
from lado.jobs import escalation
from lado.jobs.node import Here
from lado.models import DueMoment, Escalation, LedgerEntry, LedgerHead, Notice
from lado.queries import escalation as climbing
from lado.security.identity import SYSTEM
from lado.services import installation, nodes
from lado.vault import Vault
from tests.support.builders import Caseload
from tests.support.migrating import as_role, migrate
from tests.support.people import settle
from tests.support.postgres import SUPERUSER, throwaway_cluster

LOGGED, WARNED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC), datetime(2026, 3, 3, 16, 20, tzinfo=UTC)
LAPSED = datetime(2026, 3, 4, 0, 1, tzinfo=UTC)
NODES = 3
LEASE = timedelta(seconds=1)
SOON = "-c idle_in_transaction_session_timeout=700ms"
"""For the trial leases are short, and the server soon ends the transaction of a node that is stopped in one."""


class Onward:
    """A clock that begins at an instant and goes on as this machine's does."""

    def __init__(self, at: datetime) -> None:
        self.at, self.began = at, time.monotonic()

    def now(self) -> datetime:
        """Say the instant."""
        return self.at + timedelta(seconds=time.monotonic() - self.began)


@dataclass
class Struck:
    """What was done to the nodes."""

    killed: int = 0
    stopped: int = 0
    running: list[BaseProcess] = field(default_factory=list)


def node(url: str, keys: tuple[bytes, ...], clock: Onward, batch: int) -> None:
    """What each process does until it is ended: ticks, whatever became of the tick before."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    database = Database(url, Vault(*keys), clock)
    here = Here(now=lambda session: clock.now())
    while True:
        with suppress(Exception):  # as in the scheduler: the next tick tries again
            escalation.tick(database, here, batch)
        time.sleep(0.02)


def trial(due: int, seed: int) -> dict[str, Any]:
    """So many rungs due, three nodes at them, struck until nothing is due; what was done and what was found."""
    keys = tuple(token_bytes(32) for _ in range(4))
    with throwaway_cluster() as cluster:
        url = cluster.create_database("nodes")
        migrate(url)
        database, many = settled(url, keys, due)
        with database.reading(SYSTEM) as act:
            head = act.session.execute(select(LedgerHead.entries, LedgerHead.link)).one()
        database.engine.dispose()
        with patch.object(nodes, "LEASE", LEASE), patch.object(db, "IDLE", SOON):
            began = time.monotonic()
            struck = strike(url, keys, max(5, due // 60), Random(seed), database)
            passed = time.monotonic() - began
        found = list(judged(database, many, head))
        spoil(url)
        spoilt = list(judged(database, many, head))
        database.engine.dispose()
    done = {"due": many, "killed": struck.killed, "stopped": struck.stopped, "seconds": round(passed, 1)}
    return {**done, "violations": found, "found_when_spoilt": len(spoilt)}


def settled(url: str, keys: tuple[bytes, ...], due: int) -> tuple[Database, int]:
    """A council with so many clocks whose next rung is the officer's."""
    clock = FixedClock(LOGGED)
    database = Database(url, Vault(*keys), clock)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    case = Caseload(database, clock, people.olive).referral()
    clock.move_to(WARNED)
    escalation.run_pass(database)
    owner = make_engine(as_role(url, SUPERUSER))
    with database.reading(SYSTEM) as act:
        clocks = act.session.scalar(select(func.count()).select_from(DueMoment)) or 1
    many = crowd.crowd(owner, case.id, due * clocks, 1000 // clocks)
    owner.dispose()
    clock.move_to(LAPSED)
    return database, many


def strike(url: str, keys: tuple[bytes, ...], batch: int, draw: Random, database: Database) -> Struck:
    """Kill, stop and resume nodes at random until nothing is due; a node that was killed is started again."""
    context, clock, done = get_context("fork"), Onward(LAPSED), Struck()

    def start() -> BaseProcess:
        process = context.Process(target=node, args=(url, keys, clock, batch), daemon=True)
        process.start()
        return process

    done.running = [start() for _ in range(NODES)]
    until = time.monotonic() + 600
    while is_due(database):
        if time.monotonic() > until:
            raise RuntimeError("the nodes did not come to an end in ten minutes")
        time.sleep(draw.uniform(0.05, 0.3))
        which = draw.randrange(NODES)
        if draw.random() < 0.5:
            os.kill(done.running[which].pid or 0, signal.SIGKILL)
            done.running[which].join()
            done.running[which] = start()
            done.killed += 1
        else:
            os.kill(done.running[which].pid or 0, signal.SIGSTOP)
            time.sleep(draw.choice((0.1, 0.3, 1.5)))  # within its lease, and past it
            os.kill(done.running[which].pid or 0, signal.SIGCONT)
            done.stopped += 1
    time.sleep(0.5)  # whoever was resumed last comes back with what they had in hand
    for process in done.running:
        process.kill()
        process.join()
    return done


def spoil(url: str) -> None:
    """Lose one rung, double another and forget a notice: what the judge then has to find."""
    owner = make_engine(as_role(url, SUPERUSER))
    with owner.begin() as connection:
        one, other = connection.scalars(select(Escalation.id).order_by(Escalation.id.desc()).limit(2)).all()
        connection.exec_driver_sql("DROP INDEX uq_escalation_rung")
        connection.execute(update(Escalation).where(Escalation.id == one).values(clock_id=_clock(other)))
        connection.execute(delete(Notice).where(Notice.id == select(func.max(Notice.id)).scalar_subquery()))
    owner.dispose()


def _clock(escalation_id: int) -> Any:
    return select(Escalation.clock_id).where(Escalation.id == escalation_id).scalar_subquery()


def is_due(database: Database) -> bool:
    """Whether any rung is left."""
    with database.reading(SYSTEM) as act:
        return climbing.is_due(act.session, LAPSED)


def judged(database: Database, many: int, head: Any) -> Iterator[str]:
    """What was lost, doubled or torn: nothing, unless there is a defect."""
    with database.reading(SYSTEM) as act:
        rungs = act.session.execute(
            select(Escalation.clock_id, Escalation.rung, Escalation.due_at).where(Escalation.recorded_at >= LAPSED)
        ).all()
        owners = [row for row in rungs if row.rung == "owner"]
        if len(rungs) != len(owners) or len(owners) != many:
            yield f"{len(owners)} rungs of the officer and {len(rungs) - len(owners)} others, and {many} were due"
        if doubled := [place for place, times in Counter((row[0], row[1]) for row in rungs).items() if times > 1]:
            yield f"{len(doubled)} rungs doubled"
        if {row.due_at for row in rungs} != {datetime(2026, 3, 3, 23, 59, 59, tzinfo=UTC)}:
            yield "a rung has not its true due time"
        told = act.session.scalar(select(func.count()).select_from(Notice).where(Notice.created_at >= LAPSED))
        if told != many:
            yield f"{told} notices for {many} rungs"
        yield from unlinked(act.session, database.vault, head, many)


def unlinked(session: Any, vault: Vault, head: Any, many: int) -> Iterator[str]:
    """Whether the entries since are numbered without a gap, over all cases and in each, and rightly linked."""
    query = select(LedgerEntry).where(LedgerEntry.sequence > head.entries).order_by(LedgerEntry.sequence)
    sequence, link = head
    for entry in session.scalars(query):
        named = {name: getattr(entry, name) for name in Linked._fields}
        link = vault.link(link, canonical(Linked(**{**named, "sealed": digest_of(entry.sealed)})))
        sequence += 1
        if (entry.sequence, entry.link) != (sequence, link):
            yield f"the chain is broken at entry {sequence}"
            return
    if sequence - head.entries != many:
        yield f"{sequence - head.entries} entries for {many} rungs"
    entries = "(SELECT count(*) FROM ledger_entry WHERE referral_id = referral.id)"
    if wrong := session.scalar(text(f"SELECT count(*) FROM referral WHERE events <> {entries}")):
        yield f"{wrong} cases count other entries than they have"


def main() -> int:
    """Print the figures as JSON; 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.nodes", description=__doc__)
    parser.add_argument("--due", type=int, default=10_000, metavar="N", help="how many rungs are due (default: 10,000)")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn at random")
    asked = parser.parse_args()
    report = trial(asked.due, asked.seed)
    json.dump(report, sys.stdout, indent=2)
    print()
    return int(bool(report["violations"]) or report["found_when_spoilt"] < 2)


if __name__ == "__main__":
    sys.exit(main())
