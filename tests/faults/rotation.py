"""Change the master key while cases are logged, and kill the process that does it again and again; judge what is left.

`python -m tests.faults.rotation` kills it twenty times among 20,000 keys and prints the figures; `--kills 3 --keys 300`
is quicker. Every key and every sealed part has to open with the new master key alone, no entry of the record may be
another than before, and no case that was acknowledged may be missing. `--control` puts a fresh key in one key's place,
which has to be found out.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from random import Random
from secrets import token_bytes
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from lado.clock import FixedClock
from lado.db import Database
from lado.errors import Refused
from lado.models import LedgerEntry, Referral, SealingKey
from lado.queries.ledger import place_of
from lado.security.identity import SYSTEM
from lado.services import chain, sealing
from lado.vault import CannotOpen, Vault, name_of
from tests.faults.kills import AT, Rig, settled
from tests.support.builders import Caseload
from tests.support.people import People

FORK = get_context("fork")
BATCH = 20
"""Keys in one transaction: few, so that there is much to be killed in."""
LONGEST = 0.25
"""Seconds after which the process is killed at the latest."""


@dataclass(frozen=True)
class Keys:
    """The keys of the trial: the first of `before` is the master key whose place another one takes."""

    before: tuple[bytes, ...]
    new: bytes

    @property
    def both(self) -> Vault:
        """What every process has at hand meanwhile."""
        return Vault(*self.before, others=[self.new])

    @property
    def after(self) -> Vault:
        """What is at hand afterwards."""
        return Vault(self.new, *self.before[1:])


def opened(rig: Rig, vault: Vault) -> Database:
    """The database of the trial with these keys."""
    return Database(f"sqlite:///{rig.folder / 'settled'}", vault, FixedClock(AT))


def rotate(rig: Rig, keys: Keys, batch: int = BATCH) -> None:
    """What is killed: the whole change, from wherever it stands."""
    database = opened(rig, keys.both)
    with database.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(keys.new))
    while True:
        with database.work(SYSTEM) as act:
            if not sealing.rewrap(act, batch):
                break
    database.engine.dispose()


def log_cases(rig: Rig, keys: Keys, people: People, logged: "Synchronized[int]") -> None:
    """What people do meanwhile: one case after the other, each counted once it was acknowledged."""
    caseload = Caseload(opened(rig, keys.both), FixedClock(AT), people.olive)
    while True:
        with suppress(DBAPIError):  # somebody else was writing for long: the page says so, and the person tries again
            caseload.referral()
            logged.value += 1


def trial(kills: int, many: int, seed: int, *, control: bool) -> dict[str, Any]:
    """Make the keys, change the master key under load with so many kills, and judge."""
    random = Random(seed)
    with tempfile.TemporaryDirectory(prefix="lado-rotation-") as folder:
        rig = settled(Path(folder))
        keys = Keys(rig.keys, token_bytes(32))
        before = filled(rig, many)
        logged: Synchronized[int] = FORK.Value("i", 0)
        worker = FORK.Process(target=log_cases, args=(rig, keys, rig.people, logged), daemon=True)
        worker.start()
        began = time.monotonic()
        killed = sum(kill_one(rig, keys, random) for _ in range(kills))
        rotate(rig, keys, batch=500)
        seconds = time.monotonic() - began
        worker.kill()
        worker.join()
        rotate(rig, keys)
        if control:
            spoil(rig, keys)
        found = list(judged(rig, keys, before, 1 + logged.value))
    return {"keys": many, "killed": killed, "logged": logged.value, "seconds": round(seconds, 1), "violations": found}


def filled(rig: Rig, many: int) -> list[tuple[Any, ...]]:
    """One case and so many keys, as the first version wrapped them; the entries of the record."""
    database = rig.open("settled")
    Caseload(database, FixedClock(AT), rig.people.olive).referral()
    with database.work(SYSTEM) as act, act.session.no_autoflush:
        act.session.add_all(sealing.new_key(act) for _ in range(many))
    entries = ledger(database)
    database.engine.dispose()
    return entries


def kill_one(rig: Rig, keys: Keys, random: Random) -> bool:
    """Begin the change, or go on with it, and kill it; whether it was still at it."""
    process = FORK.Process(target=rotate, args=(rig, keys))
    process.start()
    process.join(random.uniform(0.02, LONGEST))
    was_at_it = process.is_alive()
    if was_at_it and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return was_at_it


def judged(rig: Rig, keys: Keys, before: list[tuple[Any, ...]], acknowledged: int) -> Iterator[str]:
    """What the kills have broken, asked with the new master key alone: nothing, unless there is a defect."""
    database = opened(rig, keys.both)
    try:
        with database.work(SYSTEM) as act:
            sealing.retire(act)
    except Refused as refusal:
        yield f"the former key cannot go: {refusal}"
    database.engine.dispose()
    database = opened(rig, keys.after)
    with database.reading(SYSTEM) as act:
        wrapped = dict(act.session.execute(select(SealingKey.id, SealingKey.wrapped)).all())
        cases = act.session.execute(select(Referral.id, Referral.key_id, Referral.reference, Referral.sealed)).all()
        entries = act.session.execute(select(LedgerEntry.referral_id, LedgerEntry.number, LedgerEntry.sealed)).all()
        yield from (str(finding) for finding in chain.prove(act).findings)
    parts = [(case.key_id, f"referral/{case.reference}", case.sealed) for case in cases]
    key_of = {case.id: case.key_id for case in cases}
    parts += [(key_of[one.referral_id], place_of(one.referral_id, one.number), one.sealed) for one in entries]
    for key, place, sealed in parts:
        try:
            if sealed is not None:
                keys.after.open(wrapped[key], place, sealed)
        except CannotOpen:
            yield f"unreadable: {place}"
    for number, one in wrapped.items():
        try:
            keys.after.rewrapped(one, keys.after.master)
        except CannotOpen:
            yield f"unreadable: key {number}"
    if ledger(database)[: len(before)] != before:
        yield "an entry of the record was changed"
    if len(cases) < acknowledged:
        yield f"{acknowledged - len(cases)} cases were acknowledged and are not there"
    database.engine.dispose()


def ledger(database: Database) -> list[tuple[Any, ...]]:
    """Every entry of the record, whole."""
    table = LedgerEntry.__table__
    with database.reading(SYSTEM) as act:
        return [tuple(row) for row in act.session.execute(select(table).order_by(table.c.sequence))]


def spoil(rig: Rig, keys: Keys) -> None:
    """Do what a careless change would: put a fresh key in the place of one that has sealed something."""
    database = opened(rig, keys.both)
    with database.work(SYSTEM) as act:
        first = act.session.scalar(select(func.min(Referral.key_id)))
        fresh = act.vault.new_key(name_of(keys.new))
        act.session.execute(update(SealingKey).where(SealingKey.id == first).values(wrapped=fresh))
    database.engine.dispose()


def main() -> int:
    """Print the figures as JSON; 1 when anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.rotation", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", action="store_true", help="spoil one key; this has to be found out")
    asked = parser.parse_args()
    report = trial(asked.kills, asked.keys, asked.seed, control=asked.control)
    json.dump(report, sys.stdout, indent=2)
    print()
    return int(bool(report["violations"]))


if __name__ == "__main__":
    sys.exit(main())
