"""A second process that writes to the record, one move after the other, and says how long each took."""

import secrets
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random
from time import perf_counter
from typing import NamedTuple

from sqlalchemy import select

from lado.clock import FixedClock
from lado.db import Database
from lado.models import Referral
from lado.security.identity import SYSTEM, Identity
from lado.services import moves
from lado.vault import Vault

CLOCK = FixedClock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
MOVE, WORDS = "add_note", {"note": "The head teacher telephoned."}


class Keys(NamedTuple):
    """The keys of a vault, to be handed to another process."""

    master: bytes
    index: bytes
    record: bytes
    signing: bytes

    @classmethod
    def new(cls) -> "Keys":
        """Keys that exist for one run."""
        return cls(*(secrets.token_bytes(32) for _ in cls._fields))


class Writer:
    """The process, told how long to write; it may be asked whether it is still at it."""

    def __init__(self, url: str, keys: Keys, who: Identity) -> None:
        """Start it. It finds its cases before it answers for the first time."""
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_write_when_told, args=(theirs, url, keys, who), daemon=True)
        self._process.start()

    def begin(self, seconds: float) -> None:
        """Let it write for so long."""
        self._ours.send(seconds)

    def is_done(self) -> bool:
        """Whether it has written for as long as it was told."""
        return self._ours.poll()

    def result(self) -> list[float]:
        """The seconds of each write, once it is done."""
        found: list[float] = self._ours.recv()
        return found

    def write(self, seconds: float) -> list[float]:
        """Let it write for so long, and wait."""
        self.begin(seconds)
        return self.result()

    def end(self) -> None:
        """Let the process go."""
        self._ours.send(None)
        self._process.join()


def _write_when_told(told: Connection, url: str, keys: Keys, who: Identity) -> None:
    database, draw = Database(url, Vault(*keys), CLOCK), Random(1)
    with database.reading(SYSTEM) as act:
        ids = list(act.session.scalars(select(Referral.id).order_by(Referral.id)))
    while (seconds := told.recv()) is not None:
        times, until = [], perf_counter() + seconds
        while (began := perf_counter()) < until:
            with database.work(who) as act:
                moves.make(act, draw.choice(ids), MOVE, {}, WORDS)
            times.append(perf_counter() - began)
        told.send(times)
    database.engine.dispose()
