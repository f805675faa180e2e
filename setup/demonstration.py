"""The demonstration's database: migrated, filled once with a synthetic year that ends today, and never mixed up
with a council's own records.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from config import sqlite_file
from setup.console import PROJECT, SetUpFailed, quietly, say
from setup.packages import PYTHON

FLASK = (PYTHON, "-m", "flask", "--app", "wsgi")


@dataclass(frozen=True)
class Demonstration:
    """Where the demonstration keeps its things, and the environment in which its commands run."""

    folder: Path
    environ: Mapping[str, str]

    @property
    def file(self) -> Path | None:
        """The SQLite file, or None on PostgreSQL."""
        return sqlite_file(self.environ["DATABASE_URL"])

    @property
    def unfinished(self) -> Path:
        """A mark that stands from the making of a new database until its year is complete."""
        return self.folder / "demonstration-unfinished"


def prepare(demonstration: Demonstration) -> str:
    """Bring the database up to date, fill it if it is empty, and return the sign-ins to print."""
    set_aside_unfinished(demonstration)
    is_new = demonstration.file is not None and not demonstration.file.exists()
    if is_new:
        demonstration.unfinished.touch()
    quietly([*FLASK, "db", "upgrade"], "Preparing the database", extra=demonstration.environ)
    try:
        found = sign_ins(demonstration)
    except SetUpFailed:
        simulate(demonstration, is_new=is_new)
        found = sign_ins(demonstration)
    demonstration.unfinished.unlink(missing_ok=True)
    return found


def set_aside_unfinished(demonstration: Demonstration) -> None:
    """Move a database away whose first filling was interrupted; it is renamed, not deleted, and holds invented people.

    Only a database that this command had just made carries the mark, so a council's own is never touched.
    """
    file = demonstration.file
    if not file or not file.exists() or not demonstration.unfinished.exists():
        return
    say("The last set-up was interrupted: beginning the demonstration again.")
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.replace(file.with_name(f"{file.name}.unfinished{ending}"))


def sign_ins(demonstration: Demonstration) -> str:
    """Who can sign in, as the command prints it; `SetUpFailed` when the database is no demonstration."""
    return quietly([*FLASK, "council", "sign-ins"], "Reading the sign-ins", extra=demonstration.environ).strip()


def simulate(demonstration: Demonstration, *, is_new: bool) -> None:
    """Let a synthetic council work for a year up to today; its progress goes to the terminal as it says it."""
    # London's day is never before UTC's, so this day has begun there.
    today = datetime.now(UTC).date()
    span = ["--from", year_before(today).isoformat(), "--to", today.isoformat()]
    command: list[str | Path] = [*FLASK, "council", "simulate", "--profile", "demonstration", "--seed", "1", *span]
    say("Living through a year of a council that does not exist; this is done once ...")
    done = subprocess.run(
        command, cwd=PROJECT, env=dict(demonstration.environ), stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        words = f"The demonstration council could not be made (exit status {done.returncode})."
        if not is_new:
            words += (
                " If the database holds records of its own, serve it as in production (see README.md);"
                " for a demonstration name an empty folder: python3 bootstrap.py run --data FOLDER"
            )
        raise SetUpFailed(f"{words}\n{done.stdout}".strip())
    report = json.loads(done.stdout)
    say(f"{report['referrals']} referrals, of which {report['open']} are open today.")


def year_before(day: date) -> date:
    """The same day a year earlier; 28 February stands for the 29th."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
