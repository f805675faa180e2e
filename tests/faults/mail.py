"""Have a mail server be away, slow, reject, and drop the line after DATA, while notices are written; lose nothing.

`python -m tests.faults.mail` does it at full size and prints the figures; `--small` is what the checks do. The hours
are simulated and the conversations are real. `--control` takes what was handed over for sent, whatever the server said,
which has to be found out: a judge that finds nothing then is no judge.
"""

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import structlog
from aiosmtpd.controller import Controller
from sqlalchemy import select

from config import KEY_BYTES, KEYS, Settings
from lado.adapters.mail import Letter, MailProblem, SmtpMail
from lado.clock import FixedClock
from lado.db import Database
from lado.jobs import notices as job
from lado.models import Notice
from lado.queries import notices as reading
from lado.security.identity import SYSTEM, Identity
from lado.services import notices
from setup.serving import free_port
from tests.faults.kills import AT, Rig, settled

URL = "https://lado.council.example"
WRITTEN_TO = ("olive", "carl", "dana")
OUTAGE = timedelta(hours=4)
PATIENCE = 0.25  # seconds for one answer, so that a slow server is slow enough
DRAINED_WITHIN = timedelta(minutes=5)
SMALL, FULL = (10, timedelta(minutes=10)), (500, timedelta(seconds=30))
"""How many notices are written in a fault, and how often is looked for what is due while it lasts."""


@dataclass
class Server:
    """A mail server that keeps what it takes, and behaves as it is told to at the moment."""

    weather: str = "fair"
    drops: int = 0
    """How many more times the line breaks after DATA: by turns after the letter was kept, and before."""
    refused: str = "olive@"
    kept: Counter[str] = field(default_factory=Counter)
    doubtful: set[str] = field(default_factory=set)
    """The names of the letters whose sender was left in doubt."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take a recipient, or not."""
        if self.weather == "5xx" and address.startswith(self.refused):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter, or not."""
        name = str(message_from_bytes(envelope.content)["Message-ID"])
        if self.weather == "4xx":
            return "451 Not now"
        if self.drops:
            self.drops -= 1
            self.doubtful.add(name)
            if self.drops % 2:
                self.kept[name] += 1
            server.transport.abort()
            return "250 OK"
        self.kept[name] += 1
        if self.weather == "slow":
            self.doubtful.add(name)
            time.sleep(PATIENCE * 1.5)
        return "250 OK"


@contextmanager
def listening(server: Server, port: int) -> Iterator[None]:
    """Have the server there on a port."""
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


class Careless(SmtpMail):
    """Takes what was handed over for sent, whatever became of it."""

    def send(self, letter: Letter) -> None:
        """Say that it is sent."""
        with suppress(MailProblem):
            super().send(letter)


@dataclass
class Run:
    """One fault on a database of its own."""

    database: Database
    clock: FixedClock
    people: dict[str, Identity]
    mail: SmtpMail
    step: timedelta
    server: Server = field(default_factory=Server)
    written: int = 0

    def write(self, count: int) -> None:
        """Write notices, by turns to a few people."""
        with self.database.work(SYSTEM) as act:
            for _ in range(count):
                person = self.people[WRITTEN_TO[self.written % len(WRITTEN_TO)]].id or 0
                notices.queue(act, person, None, "A timescale has lapsed", "It was due.", key=f"fault.{self.written}")
                self.written += 1

    def tick(self) -> None:
        """Send what is due, and let time pass."""
        job.tick(self.database, self.mail, URL)
        self.clock.advance(seconds=self.step.total_seconds())

    def under_writing(self, total: int, span: timedelta) -> None:
        """Write so many notices spread over a span of time, with ticks all the while."""
        steps = max(1, span // self.step)
        for number in range(steps):
            self.write(total * (number + 1) // steps - total * number // steps)
            self.tick()

    def drain(self, longest: timedelta) -> timedelta:
        """Tick until nothing waits, at most so long; how long it took."""
        began = self.clock.now()
        while self._waits() and self.clock.now() - began < longest:
            job.tick(self.database, self.mail, URL)
            if self._waits():
                self.clock.advance(seconds=10)
        return self.clock.now() - began

    def _waits(self) -> bool:
        with self.database.reading(SYSTEM) as act:
            open_states = Notice.state.in_(("waiting", "sending"))
            return act.session.scalar(select(Notice.id).where(open_states).limit(1)) is not None


def away(run: Run, port: int, letters: int) -> Iterator[str]:
    """No server for four hours; then all of it within five minutes, each once."""
    run.under_writing(letters, OUTAGE)
    with listening(run.server, port):
        took = run.drain(timedelta(hours=1))
    if took > DRAINED_WITHIN:
        yield f"drained in {took}, not within {DRAINED_WITHIN}"


def slow(run: Run, port: int, letters: int) -> Iterator[str]:
    """A server that takes each of a few letters and answers too late, then recovers."""
    run.write(min(letters, 4))
    run.server.weather = "slow"
    with listening(run.server, port):
        run.tick()
        run.server.weather = "fair"
        run.drain(timedelta(hours=1))
    yield from ()


def not_now(run: Run, port: int, letters: int) -> Iterator[str]:
    """Four hours of 451: all of it is tried again, and given up by nobody."""
    run.server.weather = "4xx"
    with listening(run.server, port):
        run.under_writing(letters // 10, OUTAGE)
        run.server.weather = "fair"
        took = run.drain(timedelta(hours=1))
    if took > DRAINED_WITHIN:
        yield f"drained in {took}, not within {DRAINED_WITHIN}"


def never(run: Run, port: int, letters: int) -> Iterator[str]:
    """One address is refused for good: the next person has each of its messages within the same minute."""
    run.server.weather = "5xx"
    with listening(run.server, port):
        run.write(letters)
        run.tick()
    with run.database.reading(SYSTEM) as act:
        failed = reading.failed(act.session, run.people["olive"].authority or 0, act.at, limit=letters)
    theirs = (letters + len(WRITTEN_TO) - 1) // len(WRITTEN_TO)
    if len(failed) != theirs or not all(one.is_with_next for one in failed):
        yield f"{len(failed)} of {theirs} stand as failed, {sum(one.is_with_next for one in failed)} with the next one"


def dropped(run: Run, port: int, letters: int) -> Iterator[str]:
    """The line breaks after DATA a hundred times (a tenth of that when small)."""
    run.server.drops = min(100, letters)
    with listening(run.server, port):
        run.write(letters)
        run.drain(timedelta(hours=5))
    if run.server.drops:
        yield f"only all but {run.server.drops} of the breaks happened"


FAULTS: dict[str, Callable[[Run, int, int], Iterator[str]]] = {
    "away for four hours": away,
    "slow": slow,
    "451 for four hours": not_now,
    "550 for one person": never,
    "dropped after DATA": dropped,
}


def judged(run: Run) -> Iterator[str]:
    """What is wrong at the end: a message that reached nobody and is not shown, or one doubled without need."""
    with run.database.reading(SYSTEM) as act:
        rows = act.session.scalars(select(Notice)).all()
        names = {row.id: f"<{notices.outside(act, row.message_id)}@localhost>" for row in rows}
    following = {row.stands_for_id: row for row in rows if row.stands_for_id is not None}
    lost = 0
    for row in (row for row in rows if row.stands_for_id is None):
        last = row
        while last.id in following:
            last = following[last.id]
        lost += last.state != "sent" or not run.server.kept[names[last.id]]
    if lost:
        yield f"{lost} messages reached nobody"
    if len([row for row in rows if row.stands_for_id is None]) != run.written:
        yield "not every message that was written is there"
    if needless := {name for name, times in run.server.kept.items() if times > 1} - run.server.doubtful:
        yield f"{len(needless)} were sent twice without need"


def one(rig: Rig, name: str, letters: int, step: timedelta, sender: type[SmtpMail]) -> dict[str, Any]:
    """Play one fault and say what came of it."""
    rig.copy("settled", "played")
    clock, port = FixedClock(AT), free_port()
    database = Database(f"sqlite:///{rig.folder / 'played'}", rig.vault, clock)
    run = Run(database, clock, rig.people.everyone, sender(_settings(rig.folder, port), PATIENCE), step)
    began = time.perf_counter()
    wrong = [*FAULTS[name](run, port, letters), *judged(run)]
    database.engine.dispose()
    doubles = sum(times - 1 for times in run.server.kept.values() if times > 1)
    return {
        "written": run.written,
        "doubled in doubt": doubles,
        "seconds": round(time.perf_counter() - began, 1),
        "violations": wrong,
    }


def main() -> int:
    """Play every fault and print what came of it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mail", description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--control", action="store_true")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    letters, step = SMALL if asked.small else FULL
    sender = Careless if asked.control else SmtpMail
    with tempfile.TemporaryDirectory() as folder:
        rig = settled(Path(folder))
        report = {name: one(rig, name, letters, step, sender) for name in FAULTS}
    json.dump(report, sys.stdout, indent=2)
    return int(any(found["violations"] for found in report.values()))


def _settings(folder: Path, port: int) -> Settings:
    keys = {name: secrets.token_bytes(KEY_BYTES) for name in KEYS}
    made = Settings(database_url="sqlite://", data_folder=folder, **keys)
    return replace(made, smtp_host="127.0.0.1", smtp_port=port)


if __name__ == "__main__":
    raise SystemExit(main())
