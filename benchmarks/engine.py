"""How fast the engine decides and starts and how little it holds, beside a floor and the peers.

Run it with `python -m benchmarks.engine`.
`--small` takes a few laps only, for CI; its ratios are rough.
"""

import argparse
import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, NamedTuple

from benchmarks.floor import Case as FloorCase
from benchmarks.floor import remembered
from benchmarks.goals import Goal, print_goals
from benchmarks.walk import (
    Lap,
    admit_lap,
    decide_lap,
    floor_lap,
    ledger,
    live_lap,
    loaded,
    plan,
    stations,
    steps_alone,
)

PROJECT = Path(__file__).parent.parent
PLACE = PROJECT / "var" / "benchmarks" / "engine"
PEERS = {"viewflow.fsm": "django-viewflow==2.4.0", "transitions": "transitions==0.9.3"}
PEERS["python-statemachine"] = "python-statemachine==3.2.2"
FLOOR, ADMIT, DECIDE = "floor: dict", "ours: admitted", "ours: decided"
STEPS, LIVE = "ours: decided, steps alone", "ours: decided and folded"
LAPS = {FLOOR: 200, ADMIT: 200, DECIDE: 40, STEPS: 40, LIVE: 20} | {"viewflow.fsm": 40, "transitions": 12}
LAPS["python-statemachine"] = 2


class Size(NamedTuple):
    """How much is measured."""

    rounds: int
    laps: float
    cases: int
    starts: int


FULL, SMALL = Size(31, 2.0, 10_000, 9), Size(5, 0.5, 2_000, 3)


class Peers:
    """The process in which the peers run, in an environment of their own that is made on first use."""

    def __init__(self, described: dict[str, Any]) -> None:
        python = PLACE / "bin" / "python"
        stamp = PLACE / "installed"
        wanted = "\n".join(PEERS.values())
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            print("Installing the peers ...", flush=True)
            subprocess.run([sys.executable, "-m", "venv", "--clear", PLACE], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS.values()], check=True, stderr=sys.stdout)
            stamp.write_text(wanted, encoding="utf-8")
        self._process = subprocess.Popen(
            [python, "-m", "benchmarks.peers"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._send(described)

    def ask(self, **request: Any) -> float:
        """The seconds that the peer took. A peer that died raises."""
        self._send(request)
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the peers ended with {self._process.wait()}")
        return float(json.loads(answer))

    def end(self) -> None:
        """Let the process go."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()


def seconds(lap: Lap, laps: int) -> float:
    """The processor time that so many laps take, without pauses of the collector."""
    gc.collect()
    gc.disable()
    start = process_time()
    for _ in range(laps):
        lap()
    passed = process_time() - start
    gc.enable()
    return passed


def speeds(peers: Peers, size: Size) -> dict[str, list[float]]:
    """Microseconds a move in each round, all subjects taking turns within a round."""
    along = stations()
    described = plan(along)
    ours: dict[str, Lap] = {
        FLOOR: floor_lap(described),
        ADMIT: admit_lap(along),
        DECIDE: decide_lap(along),
        STEPS: decide_lap(steps_alone(along)),
        LIVE: live_lap(along),
    }
    found: dict[str, list[float]] = {name: [] for name in LAPS}
    for _ in range(size.rounds):
        for name, usual in LAPS.items():
            laps = max(1, int(usual * size.laps))
            passed = seconds(ours[name], laps) if name in ours else peers.ask(engine=name, laps=laps)
            moves = len(steps_alone(along)) if name == STEPS else len(along)
            found[name].append(passed / laps / moves * 1e6)
    return found


def ratio(above: list[float], below: list[float]) -> float:
    """The median over rounds of a ratio taken inside one round."""
    return median(a / b for a, b in zip(above, below, strict=True))


def cold_start(size: Size) -> float:
    """Seconds that a fresh process takes to import the engine, the median of several."""
    code = "import time; start = time.process_time(); import workflows.engine; print(time.process_time() - start)"

    def once() -> float:
        found = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
        return float(found.stdout)

    return median(once() for _ in range(size.starts))


def memory(size: Size) -> tuple[float, float]:
    """Bytes of a live case, ours and on the floor, both read from the same ledger rows."""
    rows = ledger()
    return _bytes(lambda: loaded(rows), size.cases), _bytes(lambda: remembered(rows), size.cases)


def _bytes(make: Callable[[], object | FloorCase], cases: int) -> float:
    make()
    gc.collect()
    tracemalloc.start()
    held = [make() for _ in range(cases)]
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return taken / len(held)


def report(size: Size) -> list[Goal]:
    """Measure and print; the goals with what was reached."""
    peers = Peers(plan(stations()))
    found = speeds(peers, size)
    print(f"\n{'a move':<28}{'moves/s':>12}{'us':>10}{'x floor':>10}")
    for name, rounds in found.items():
        usual = median(rounds)
        print(f"{name:<28}{1e6 / usual:>12,.0f}{usual:>10.2f}{ratio(rounds, found[FLOOR]):>10.2f}")
    start = cold_start(size)
    print(f"\n{'cold start':<28}{'ms':>12}\n{'ours: workflows.engine':<28}{start * 1e3:>12.1f}")
    for name in PEERS:
        taken = median(peers.ask(**{"import": name}) for _ in range(size.starts))
        print(f"{name:<28}{taken * 1e3:>12.1f}")
    peers.end()
    ours, floor = memory(size)
    print(f"\n{f'{size.cases:,} live cases':<28}{'bytes each':>12}{'MiB':>10}\n", end="")
    for name, each in (("ours", ours), ("floor: dict", floor)):
        print(f"{name:<28}{each:>12,.0f}{each * size.cases / 2**20:>10.1f}")
    return [
        Goal("a move admitted, x floor", ratio(found[ADMIT], found[FLOOR]), 3),
        Goal("a move decided, x viewflow.fsm", ratio(found[DECIDE], found["viewflow.fsm"]), 1),
        Goal("transitions, x a move decided", ratio(found["transitions"], found[DECIDE]), 3, at_most=False),
        Goal("python-statemachine, x the same", ratio(found["python-statemachine"], found[DECIDE]), 40, at_most=False),
        Goal("memory of a live case, x floor", ours / floor, 2),
    ]


def main() -> None:
    """Print the tables and what they mean for the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a few laps only, for CI")
    print_goals(report(SMALL if parser.parse_args().small else FULL))


if __name__ == "__main__":
    main()
