"""Everything that must hold, each part under its heading: what `bootstrap.py test` and CI run.

Parts that keep one core busy run side by side, two at a time; what they say is passed on part by part, in order.
"""

import os
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Semaphore, Thread

from setup.console import PROJECT, say
from setup.packages import BIN, PYTHON

# What pytest counts in its closing line. A test that was skipped or expected to fail has shown nothing.
CLOSING = re.compile(r"^=* ?(?:\d+ [a-z]+,? ?)+in \d+\.\d+s")
COUNTS = re.compile(r"(\d+) (passed|failed|error|skipped|xfailed|xpassed)")
UNWANTED = ("failed", "error", "skipped", "xfailed", "xpassed")

CORES = 2
"""How many are kept busy: as many as the smallest machine has on which all this has to be quick."""


@dataclass(frozen=True)
class Part:
    """One part of the run: a heading, a command, whether its verdict includes pytest's counts, and its cores."""

    heading: str
    command: Sequence[str | Path]
    extra: dict[str, str] = field(default_factory=dict)
    is_pytest: bool = False
    cores: int = 1


@dataclass
class Verdict:
    """How a part ended."""

    part: Part
    status: int
    seconds: float
    counts: Counter[str]

    @property
    def faults(self) -> list[str]:
        """Why the part failed, in words; empty when it holds."""
        found = [f"exit status {self.status}"] if self.status else []
        if self.part.is_pytest:
            found += [f"{self.counts[kind]} {kind}" for kind in UNWANTED if self.counts[kind]]
            if not self.counts["passed"]:
                found.append("no test passed")
        return found


Said = SimpleQueue[str | Verdict | Exception]
"""What a part says, line by line, and then how it ended, or why it could not be run."""


def parts(browser: Path) -> list[Part]:
    """Every part, cheapest first, so that a slip shows early."""
    return [
        Part("Lint", [BIN / "ruff", "check", "."]),
        Part("Format", [BIN / "ruff", "format", "--check", "."]),
        Part("Types", [BIN / "mypy"]),
        Part("Import contracts", [BIN / "lint-imports"]),
        benchmark_part("engine"),
        pytest_part("Tests, on SQLite", "-m", "not journey", "-n", str(CORES)),
        pytest_part(
            "Tests of the record, on PostgreSQL",
            *("-m", "database and not journey and not once", "-n", str(CORES)),
            database="postgresql",
        ),
        pytest_part("Journeys in a browser", "-m", "journey", "-n", str(CORES), "tests/journeys", browser=browser),
        benchmark_part("ledger"),
        benchmark_part("pages"),
        benchmark_part("portal"),
        benchmark_part("security", cores=CORES),  # a web server and whoever signs in
        benchmark_part("sweep", cores=CORES),  # two nodes and a server
    ]


def benchmark_part(name: str, cores: int = 1) -> Part:
    """A small run of one benchmark: it shows that the benchmark works, and about how long things take."""
    return Part(f"Benchmark, small: {name}", [PYTHON, "-m", f"benchmarks.{name}", "--small"], cores=cores)


def pytest_part(heading: str, *arguments: str, database: str = "sqlite", browser: Path | None = None) -> Part:
    """A run of pytest on one kind of database."""
    extra = {"LADO_TEST_DATABASE": database} | ({"CHROMIUM_PATH": str(browser)} if browser else {})
    command: list[str | Path] = [PYTHON, "-m", "pytest", "-q", "--durations=10", *arguments]
    return Part(heading, command, extra, is_pytest=True, cores=CORES)


def run(chosen: Sequence[Part]) -> int:
    """Run the parts, say how each ended, and return 0 only when all hold."""
    began, said = time.monotonic(), [Said() for _ in chosen]
    with tempfile.TemporaryDirectory(prefix="lado__pycache__", ignore_cleanup_errors=True) as compiled:
        Thread(target=begin, args=(chosen, said, Path(compiled)), daemon=True).start()
        verdicts = [passed_on(part, lines) for part, lines in zip(chosen, said, strict=True)]
    say("\n== In short")
    for verdict in verdicts:
        faults = "; ".join(verdict.faults)
        say(f"{'FAILED' if faults else 'ok':7}{verdict.seconds:7.1f} s  {verdict.part.heading}  {faults}".rstrip())
    total: Counter[str] = sum((verdict.counts for verdict in verdicts), Counter())
    seconds = time.monotonic() - began
    words = ", ".join(f"{total[kind]} {kind}" for kind in ("failed", "error", "skipped", "passed") if total[kind])
    say(f"==== {words or 'no tests'} in {seconds:.2f}s ====")
    return int(any(verdict.faults for verdict in verdicts))


def begin(chosen: Sequence[Part], said: Sequence[Said], compiled: Path) -> None:
    """Begin one part after the other, each as soon as its cores are free; `compiled` is where they share modules."""
    free = Semaphore(CORES)
    for part, lines in zip(chosen, said, strict=True):
        for _ in range(part.cores):
            free.acquire()
        Thread(target=run_part, args=(part, lines, free, compiled), daemon=True).start()


def passed_on(part: Part, lines: Said) -> Verdict:
    """Pass on what a part says as it says it, or said it already; how it ended."""
    say(f"\n== {part.heading}")
    while True:
        said = lines.get()
        if isinstance(said, Verdict):
            return said
        if isinstance(said, Exception):
            raise said
        print(said, end="", flush=True)


def run_part(part: Part, lines: Said, free: Semaphore, compiled: Path) -> None:
    """Run one part, tell what it says and how it ended, and give its cores back."""
    try:
        lines.put(_verdict(part, lines, compiled))
    except Exception as failure:
        lines.put(failure)
    finally:
        free.release(part.cores)


def _verdict(part: Part, lines: Said, compiled: Path) -> Verdict:
    began, counts = time.monotonic(), Counter[str]()
    with subprocess.Popen(
        [str(word) for word in part.command],
        cwd=PROJECT,
        env=environment(compiled) | part.extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.put(line)
            if part.is_pytest and CLOSING.match(line):
                counts = counted(line)
    return Verdict(part, process.returncode, time.monotonic() - began, counts)


def counted(line: str) -> Counter[str]:
    """The numbers in a closing line of pytest, such as `2 failed, 31 passed, 1 skipped in 4.20s`."""
    return Counter({kind: int(number) for number, kind in COUNTS.findall(line)})


def environment(compiled: Path) -> dict[str, str]:
    """This environment without the settings of an installation, so that tests never meet somebody's record.

    Each module is compiled once for all processes of a run, also where Python is told to leave nothing beside them.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LADO_", "FLASK_"))}
    ours.pop("DATABASE_URL", None)
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "PYTHONPYCACHEPREFIX": str(compiled)}
