"""How long a tick takes at 10,000 to 1,000,000 open clocks, beside the raw statement, a job per deadline and a peer.

Run it with `python -m benchmarks.sweep`. `--small` takes 2,000 clocks and leaves out django-helpdesk, for CI; its
ratios are rough. A tick writes, for each clock that is due, its rung, a linked entry of the record and a notice, and
asks the rota who is there; the raw statement writes the same rows on plain indexed tables and decides nothing. What
the database does not have to wait for (`fsync` of the throwaway PostgreSQL) is off for both.
"""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import Engine, func, select

from benchmarks import crowd, deadline_jobs, raw_sweep
from benchmarks.engine import PROJECT
from benchmarks.goals import Goal, print_goals
from benchmarks.nodes import Nodes
from benchmarks.writer import Keys
from lado import migrations
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database, make_engine
from lado.jobs import escalation
from lado.models import Account, Escalation, LedgerEntry, Notice
from lado.queries import escalation as climbing
from lado.security.identity import SYSTEM
from lado.services import installation
from lado.vault import Vault
from tests.support.builders import Caseload
from tests.support.migrating import as_role, migrate
from tests.support.people import settle
from tests.support.postgres import SUPERUSER, Cluster, throwaway_cluster

PLACE = PROJECT / "var" / "benchmarks" / "sweep"
MEMORY = "shared_buffers=1GB"
"""What a server with a million open clocks is given; that of the tests has as little as it can."""
PEER = "django-helpdesk==2.6.1"
LOGGED, WARNED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC), datetime(2026, 3, 3, 16, 20, tzinfo=UTC)
ROUNDS = tuple(datetime.fromisoformat(f"2026-03-{at}+00:00") for at in ("04T00:01", "04T13:01", "04T17:01", "06T17:01"))
"""One rung of the same clocks after the other: the officer, the cover, the service manager, the head of service."""


class Size(NamedTuple):
    """How many open clocks, how many in a thousand are due, how many due tickets (0: none), and how many nodes."""

    clocks: tuple[int, ...]
    due: tuple[int, ...]
    tickets: int
    nodes: int


FULL, SMALL = Size((10_000, 100_000, 1_000_000), (1, 10), 1_000, 4), Size((2_000,), (10,), 0, 2)


class Found(NamedTuple):
    """What was measured in one place: how many were due, and seconds of each way."""

    due: int
    raw: float
    ours: float
    look: float
    idle: float


class Place(NamedTuple):
    """A database with the crowd in it, what opens it, and an engine of the tables' owner."""

    url: str
    keys: Keys
    database: Database
    clock: FixedClock
    owner: Engine


@contextmanager
def place(folder: Path, cluster: Cluster | None) -> Iterator[Place]:
    """A settled council whose officer has a deputy, so that each round finds somebody at every rung."""
    name = f"sweep_{folder.name.replace('-', '_').lower()}"
    url = cluster.create_database(name) if cluster else f"sqlite:///{folder / 'sweep.sqlite3'}"
    if cluster:
        migrate(url)
    else:
        migrations.upgrade(make_engine(url))
    keys, clock = Keys.new(), FixedClock(LOGGED)
    database, owner = Database(url, Vault(*keys), clock), make_engine(as_role(url, SUPERUSER))
    yield Place(url, keys, database, clock, owner)
    database.engine.dispose()
    owner.dispose()
    if cluster:
        cluster.drop_database(name)


def filled(where: Place, clocks: int, due: int) -> int:
    """Fill the place; how many clocks are due in the first round."""
    with where.database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
        act.session.get_one(Account, people.olive.id).deputy_id = people.carl.id
    case = Caseload(where.database, where.clock, people.olive).referral()
    where.clock.move_to(WARNED)
    escalation.run_pass(where.database)
    many = crowd.crowd(where.owner, case.id, clocks, due)
    raw_sweep.prepare(where.owner)
    return many


def timed(where: Place, at: datetime, many: int) -> float:
    """The seconds of one pass, which has to climb one rung of each clock that is due."""
    where.clock.move_to(at)
    gc.collect()
    began = perf_counter()
    done = escalation.run_pass(where.database)
    passed = perf_counter() - began
    assert done == {"escalated": many, "notices": many, "nobody_on_cover": 0, "set_aside": 0}, done
    return passed


def measured(where: Place, clocks: int, due: int, nodes: int) -> tuple[Found, float]:
    """Raw and ours in turns, round by round; and how much slower the slowest of several nodes is (0: not asked)."""
    many = filled(where, clocks, due)
    raw: list[float] = []
    ours: list[float] = []
    slowest = 0.0
    for at, later in pairwise((*ROUNDS, ROUNDS[-1] + timedelta(days=30))):
        if nodes and at == ROUNDS[-1]:
            together = Nodes(where.url, where.keys, nodes)
            slowest = max(together.tick(at)) / median(ours)
            together.end()
            where.clock.move_to(at)
        else:
            raw.append(raw_sweep.sweep(where.owner, at, later, f"{at:%d at %H}"))
            ours.append(timed(where, at, many))
    once(where, many, len(ROUNDS))
    looks = [seconds(lambda: escalation.is_due(where.database)) for _ in range(50)]
    idles = [seconds(lambda: escalation.run_pass(where.database)) for _ in range(9)]
    return Found(many, median(raw), median(ours), median(looks), median(idles)), slowest


def once(where: Place, many: int, rounds: int) -> None:
    """Every lapse once: a rung, an entry and a notice for each clock and round, and no more."""
    with where.database.reading(SYSTEM) as act:
        count = {model: act.session.scalar(select(func.count()).select_from(model)) for model in (Escalation, Notice)}
        assert count[Escalation] == many * rounds + 1, count  # and the warning of the case that was copied
        assert count[Notice] == many * rounds + 1, count
        last = act.session.scalar(select(func.max(LedgerEntry.sequence)))
        assert last == act.session.scalar(select(func.count()).select_from(LedgerEntry))
        assert not climbing.is_due(act.session, act.at)


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes by the wall."""
    began = perf_counter()
    work()
    return perf_counter() - began


def tickets(folder: Path, open_ones: int, due: int) -> float:
    """The seconds of the help desk's command."""
    python, stamp = PLACE / "bin" / "python", PLACE / "installed"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != PEER:
        print("Installing the peer ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True, stderr=sys.stdout)
        stamp.write_text(PEER, encoding="utf-8")
    asked = json.dumps({"folder": str(folder), "tickets": open_ones, "due": due})
    done = subprocess.run(
        [python, "-m", "benchmarks.tickets"], cwd=PROJECT, input=asked, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["escalated"] == due, found
    return float(found["sweep"])


@contextmanager
def folder_for() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lado-sweep-") as name:
        yield Path(name)


def report(size: Size) -> list[Goal]:
    """Measure and print; the goals with what was reached at the largest size."""
    print(f"{'open clocks':<24}{'due':>8}{'raw ms':>10}{'ours ms':>10}{'x raw':>8}{'look ms':>10}{'idle pass ms':>14}")
    looks, goals = [], []
    with throwaway_cluster(MEMORY) as cluster:
        for clocks in size.clocks:
            for due in size.due:
                for server in (None, cluster):
                    with folder_for() as folder, place(folder, server) as where:
                        is_last = server is not None and (clocks, due) == (size.clocks[-1], size.due[-1])
                        found, slowest = measured(where, clocks, due, size.nodes if is_last else 0)
                    name = "PostgreSQL" if server else "SQLite"
                    print_row(f"{clocks:,} {name}", found)
                    looks.append(found.look * 1e3)
                    if (clocks, due) == (size.clocks[-1], size.due[-1]):
                        goals.append(Goal(f"a tick on {name}, x raw", found.ours / found.raw, 1))
                        if server is None:
                            on_sqlite = found
    goals.append(Goal(f"slowest of {size.nodes} nodes, x one alone", slowest, 1.5))
    goals.append(Goal("the look of an idle tick, ms", max(looks), 1))
    goals.extend(peers(size, on_sqlite))
    return goals


def print_row(name: str, found: Found) -> None:
    """One line of the table."""
    times = f"{found.raw * 1e3:>10.1f}{found.ours * 1e3:>10.1f}{found.ours / found.raw:>8.2f}"
    print(f"{name:<24}{found.due:>8,}{times}{found.look * 1e3:>10.2f}{found.idle * 1e3:>14.2f}", flush=True)


def peers(size: Size, ours: Found) -> Iterator[Goal]:
    """A job per deadline, and the help desk, at the largest size; its due tickets fewer, for it takes minutes."""
    clocks = size.clocks[-1]
    with folder_for() as folder:
        jobs = deadline_jobs.sweep(folder, clocks, ours.due)
    print(f"{f'{clocks:,} APScheduler jobs':<24}{ours.due:>8,}{jobs * 1e3:>20.1f}")
    yield Goal("a job per deadline, x a tick", jobs / ours.ours, 20, at_most=False)
    if size.tickets:
        with folder_for() as folder:
            desk = tickets(folder, clocks, size.tickets)
        print(f"{f'{clocks:,} django-helpdesk':<24}{size.tickets:>8,}{desk * 1e3:>20.1f}")
        each = (desk / size.tickets) / (ours.ours / ours.due)
        yield Goal("django-helpdesk, x a tick, per due", each, 80, at_most=False)


def main() -> None:
    """Print the table and what it means for the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="few clocks and no help desk, for CI")
    print_goals(report(SMALL if parser.parse_args().small else FULL))


if __name__ == "__main__":
    main()
