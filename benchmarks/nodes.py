"""Several nodes that tick at the same moment, each a process of its own, and how long each took."""

from collections.abc import Sequence
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter

from benchmarks.writer import Keys
from lado.clock import FixedClock
from lado.db import Database
from lado.jobs import escalation
from lado.vault import Vault


class Nodes:
    """So many nodes on one database, all ready before the first is told to tick."""

    def __init__(self, url: str, keys: Keys, count: int) -> None:
        """Start them; each has opened the database once it answers."""
        context = get_context("spawn")
        self._pipes, self._processes = [], []
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_tick_when_told, args=(theirs, url, keys), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            pipe.recv()

    def tick(self, at: datetime) -> Sequence[float]:
        """Let all tick at once as at this instant; the seconds that each took."""
        for pipe in self._pipes:
            pipe.send(at)
        return [pipe.recv() for pipe in self._pipes]

    def end(self) -> None:
        """Let the processes go."""
        for pipe in self._pipes:
            pipe.send(None)
        for process in self._processes:
            process.join()


def _tick_when_told(told: Connection, url: str, keys: Keys) -> None:
    clock = FixedClock(datetime.fromisoformat("2026-03-02T09:30:00+00:00"))
    database = Database(url, Vault(*keys), clock)
    escalation.run_pass(database)
    told.send("ready")
    while (at := told.recv()) is not None:
        clock.move_to(at)
        began = perf_counter()
        escalation.run_pass(database)
        told.send(perf_counter() - began)
    database.engine.dispose()
