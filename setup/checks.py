"""Everything that must hold, in order, each part under its heading: what `bootstrap.py test` and CI run."""

import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from setup.console import PROJECT, say
from setup.packages import BIN, PYTHON

# What pytest counts in its closing line. A test that was skipped or expected to fail has shown nothing.
CLOSING = re.compile(r"^=* ?(?:\d+ [a-z]+,? ?)+in \d+\.\d+s")
COUNTS = re.compile(r"(\d+) (passed|failed|error|skipped|xfailed|xpassed)")
UNWANTED = ("failed", "error", "skipped", "xfailed", "xpassed")


@dataclass(frozen=True)
class Part:
    """One part of the run: a heading, a command, and whether its verdict includes pytest's counts."""

    heading: str
    command: Sequence[str | Path]
    extra: dict[str, str] = field(default_factory=dict)
    is_pytest: bool = False


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


def parts(browser: Path) -> list[Part]:
    """Every part, cheapest first, so that a slip shows early."""
    found = [
        Part("Lint", [BIN / "ruff", "check", "."]),
        Part("Format", [BIN / "ruff", "format", "--check", "."]),
        Part("Types", [BIN / "mypy"]),
        Part("Import contracts", [BIN / "lint-imports"]),
        pytest_part("Tests, on SQLite", "-m", "not journey", "-n", "2"),
        pytest_part(
            "Tests of the record, on PostgreSQL",
            *("-m", "database and not journey and not once", "-n", "2"),
            database="postgresql",
        ),
        pytest_part("Journeys in a browser", "-m", "journey", "-n", "2", "tests/journeys", browser=browser),
    ]
    small = ["engine", "ledger", "pages", "portal", "sweep"]
    found += [Part(f"Benchmark, small: {name}", [PYTHON, "-m", f"benchmarks.{name}", "--small"]) for name in small]
    return found


def pytest_part(heading: str, *arguments: str, database: str = "sqlite", browser: Path | None = None) -> Part:
    """A run of pytest on one kind of database."""
    extra = {"LADO_TEST_DATABASE": database} | ({"CHROMIUM_PATH": str(browser)} if browser else {})
    return Part(heading, [PYTHON, "-m", "pytest", "-q", "--durations=10", *arguments], extra, is_pytest=True)


def run(chosen: Sequence[Part]) -> int:
    """Run the parts one after the other, say how each ended, and return 0 only when all hold."""
    verdicts = [run_part(part) for part in chosen]
    say("\n== In short")
    for verdict in verdicts:
        faults = "; ".join(verdict.faults)
        say(f"{'FAILED' if faults else 'ok':7}{verdict.seconds:7.1f} s  {verdict.part.heading}  {faults}".rstrip())
    total: Counter[str] = sum((verdict.counts for verdict in verdicts), Counter())
    seconds = sum(verdict.seconds for verdict in verdicts)
    words = ", ".join(f"{total[kind]} {kind}" for kind in ("failed", "error", "skipped", "passed") if total[kind])
    say(f"==== {words or 'no tests'} in {seconds:.2f}s ====")
    return int(any(verdict.faults for verdict in verdicts))


def run_part(part: Part) -> Verdict:
    """Run one part, passing on what it says as it says it."""
    say(f"\n== {part.heading}")
    began, counts = time.monotonic(), Counter[str]()
    with subprocess.Popen(
        [str(word) for word in part.command],
        cwd=PROJECT,
        env=environment() | part.extra,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if part.is_pytest and CLOSING.match(line):
                counts = counted(line)
    return Verdict(part, process.returncode, time.monotonic() - began, counts)


def counted(line: str) -> Counter[str]:
    """The numbers in a closing line of pytest, such as `2 failed, 31 passed, 1 skipped in 4.20s`."""
    return Counter({kind: int(number) for number, kind in COUNTS.findall(line)})


def environment() -> dict[str, str]:
    """This environment without the settings of an installation, so that tests never meet somebody's record."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("LADO_", "FLASK_"))}
    ours.pop("DATABASE_URL", None)
    return ours | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
