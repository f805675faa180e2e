"""How fast the record is proved, what a write costs meanwhile, and how fast events are replayed, each beside a floor.

Run it with `python -m benchmarks.ledger`: 1,000,000 entries in a SQLite file. `--small` takes 20,000 and short rounds,
for CI; its ratios are rough. Processor time is compared where one process works alone, so that what else the machine
does falls out of the ratio; a write is timed as the person waits for it.
"""

import argparse
import gc
import hashlib
import hmac
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, NamedTuple

from sqlalchemy import func, select

from benchmarks.copies import multiply
from benchmarks.engine import ratio
from benchmarks.fold import look_up, plain
from benchmarks.goals import Goal, print_goals
from benchmarks.writer import CLOCK, MOVE, Keys, Writer
from lado import migrations
from lado.adapters.bank_holidays import england
from lado.cli.commands import give_way
from lado.db import Database, make_engine
from lado.domain.tampering import bytes_of
from lado.models import LedgerEntry
from lado.queries import chain as rows
from lado.security.identity import SYSTEM, Identity
from lado.services import chain, installation
from lado.vault import Vault
from tests.support.builders import Caseload
from tests.support.cases import PATHS, at_state
from tests.support.people import settle
from workflows.engine import replay
from workflows.events import Event, Moved, from_plain, read_data, write_data

LIVES = (
    ("return_to_employer",),
    ("meet_threshold", "hold_meeting", "decide_outcome", "close"),
    ("meet_threshold", "arrange_meeting", "hold_meeting", "investigate"),
    ("meet_threshold", "hold_meeting", "pause_for_police", "hold_review", "decide_outcome", "close", "reopen"),
    ("ask_information",),
)
"""What the cases that are copied went through; the last ones of each kind stay open."""


class Size(NamedTuple):
    """How many entries and events, in how many rounds, and how long writes are timed in each."""

    entries: int
    events: int
    rounds: int
    seconds: float


FULL, SMALL = Size(1_000_000, 1_000_000, 5, 8.0), Size(20_000, 40_000, 3, 1.0)


class Built(NamedTuple):
    """A database, its keys, and an officer who may write to it."""

    database: Database
    keys: Keys
    officer: Identity


def built(folder: Path, size: Size) -> Built:
    """A database with so many entries: a few cases really lived, and copies of them with right links."""
    keys = Keys.new()
    url = f"sqlite:///{folder / 'ledger.sqlite3'}"
    migrations.upgrade(make_engine(url))
    database = Database(url, Vault(*keys), CLOCK)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    caseload = Caseload(database, CLOCK, people.olive)
    for life in LIVES * 4:
        caseload.referral(life)
    with database.reading(SYSTEM) as act:
        lived = act.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one()
    multiply(database, max(1, size.entries // lived - 1))
    return Built(database, keys, people.olive)


def seconds(work: Callable[[], object]) -> float:
    """The processor time that the work takes, without pauses of the collector."""
    gc.collect()
    gc.disable()
    began = process_time()
    work()
    passed = process_time() - began
    gc.enable()
    return passed


def drain(found: Iterable[object]) -> None:
    """Take every one and keep none."""
    deque(found, maxlen=0)


def proving(database: Database, size: Size) -> tuple[dict[str, list[float]], int, float]:
    """Seconds for each round of: the bare HMAC, the rows alone, the whole proof; the entries; the proof by the wall."""
    with database.reading(SYSTEM) as act:
        some = [bytes_of(row) for row in islice(rows.entries(act.session), 50_000)]
        entries = act.session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one()
    found: dict[str, list[float]] = {"bare HMAC": [], "rows alone": [], "rows and HMAC": [], "proof": []}
    wall = []
    for _ in range(size.rounds):
        found["bare HMAC"].append(seconds(lambda: bare(some)) * entries / len(some))
        with database.reading(SYSTEM) as act:
            found["rows alone"].append(seconds(lambda act=act: drain(rows.entries(act.session))))
            began = perf_counter()
            found["proof"].append(seconds(lambda act=act: proved(chain.prove(act), entries)))
            wall.append(perf_counter() - began)
        found["rows and HMAC"].append(found["bare HMAC"][-1] + found["rows alone"][-1])
    return found, entries, median(wall)


def bare(some: list[bytes]) -> None:
    """The ceiling: a link after the other over bytes that lie ready."""
    key, link = bytes(range(32)), bytes(32)
    for entry in some:
        link = hmac.digest(key, link + entry, hashlib.sha256)


def proved(proof: chain.Proof, entries: int) -> None:
    """The proof that was measured has to be one."""
    assert (proof.entries, proof.findings) == (entries, ())


QUIET, OTHERWISE, PROVED = "nothing else done", "beside as busy a process", "while the record is proved"


def writing(place: Built, size: Size) -> dict[str, list[list[float]]]:
    """The seconds of each write in each round: alone, beside a process that only computes, and beside a proof.

    From the first write on this process gives way, as the command that proves the record does.
    """
    some = [bytes(250)] * 20_000

    def prove() -> None:
        with place.database.reading(SYSTEM) as act:
            chain.prove(act)

    writer = Writer(str(place.database.engine.url), place.keys, place.officer)
    writer.write(size.seconds / 4)  # the first writes warm up
    give_way()
    found: dict[str, list[list[float]]] = {QUIET: [], OTHERWISE: [], PROVED: []}
    for _ in range(size.rounds):
        found[QUIET].append(writer.write(size.seconds))
        for name, work in ((OTHERWISE, lambda: bare(some)), (PROVED, prove)):
            writer.begin(size.seconds)
            while not writer.is_done():
                work()
            found[name].append(writer.result())
    writer.end()
    return found


def p95(times: list[float]) -> float:
    """The time within which nineteen of twenty were done."""
    return quantiles(times, n=20)[-1]


def slower(above: list[list[float]], below: list[list[float]], of: Callable[[list[float]], float]) -> float:
    """By how much a write is slower, the median over the rounds."""
    return ratio([of(times) for times in above], [of(times) for times in below])


def replaying(size: Size) -> dict[str, list[float]]:
    """Nanoseconds an event in each round, over cases in every state: ours, the plain fold, the state alone."""
    cases = [tuple(at_state(state).events) for state in PATHS if state]
    events = sum(map(len, cases))
    laps = max(1, size.events // events)
    stored = [[(type(event).__name__, write_data(event)) for event in case] for case in cases]
    steps = {(event.leaves, event.move): event.enters for case in cases for event in case if isinstance(event, Moved)}
    folds: dict[str, tuple[Callable[[Any], object], list[Any]]] = {
        "state alone": (lambda case: look_up(case, steps), cases),
        "plain fold": (plain, cases),
        "ours": (replay, cases),
        "JSON alone": (lambda case: [read_data(data) for _, data in case], stored),
        "ours, from JSON": (lambda case: replay(_read(case)), stored),
    }
    found: dict[str, list[float]] = {name: [] for name in folds}
    for _ in range(size.rounds):
        for name, (fold, given) in folds.items():
            passed = seconds(lambda fold=fold, given=given: drain(fold(case) for _ in range(laps) for case in given))
            found[name].append(passed / laps / events * 1e9)
    return found


def _read(case: list[tuple[str, str]]) -> Iterable[Event]:
    return (from_plain(kind, read_data(data)) for kind, data in case)


def report(folder: Path, size: Size) -> list[Goal]:
    """Measure and print; the goals with what was reached."""
    began = perf_counter()
    place = built(folder, size)
    made = perf_counter() - began
    proofs, entries, wall = proving(place.database, size)
    print(f"{entries:,} entries, made in {made:.0f} s; one proof by the wall {wall:.1f} s")
    each = {name: [time / entries * 1e9 for time in times] for name, times in proofs.items()}
    print_each("an entry", each, "bare HMAC")
    writes = writing(place, size)
    place.database.engine.dispose()
    print(f"\n{f'a write ({MOVE})':<28}{'writes':>12}{'p50 ms':>10}{'p95 ms':>10}")
    for name, rounds in writes.items():
        times = [one for each in rounds for one in each]
        print(f"{name:<28}{len(times):>12,}{median(times) * 1e3:>10.2f}{p95(times) * 1e3:>10.2f}")
    folds = replaying(size)
    print_each("an event", folds, "plain fold")
    return [
        Goal("a proof of a million, seconds", wall / entries * 1e6, 60),
        Goal("a proof, x rows and HMAC", ratio(proofs["proof"], proofs["rows and HMAC"]), 2),
        *(
            Goal(f"write {name} meanwhile, x {beside}", slower(writes[PROVED], writes[arm], of), 1.1)
            for name, of in (("p50", median), ("p95", p95))
            for beside, arm in (("alone", QUIET), ("as busy", OTHERWISE))
        ),
        Goal("replay, x plain fold", ratio(folds["ours"], folds["plain fold"]), 1),
    ]


def print_each(what: str, found: dict[str, list[float]], floor: str) -> None:
    """A table of nanoseconds each, beside the floor of the same rounds."""
    print(f"\n{what:<28}{'a second':>12}{'ns each':>10}   x {floor}")
    for name, times in found.items():
        usual = median(times)
        print(f"{name:<28}{1e9 / usual:>12,.0f}{usual:>10.0f}{ratio(times, found[floor]):>10.2f}")


def main() -> int:
    """Print the tables and what they mean for the goals."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--small", action="store_true", help="few entries and short rounds, for CI")
    folder = Path(tempfile.mkdtemp(prefix="lado-ledger-"))
    try:
        goals = report(folder, SMALL if asked.parse_args().small else FULL)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print_goals(goals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
