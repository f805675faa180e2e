"""Kill the process at its n-th write of each deed, for every n until it ends untouched; judge what is left each time.

`python -m tests.faults.kills` tries every n and prints the figures; `--every 7` tries a seventh of SQLite's writes and
all of the rarer calls. `--control` sends the forms in a way that has to be found out: a judge that finds nothing then
is no judge. Nothing is asked of the process that died: what it acknowledged, it said before.
"""

import argparse
import json
import os
import secrets
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import func, select, text

from lado import db, migrations
from lado.act import Act
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.domain.chain import GENESIS, Linked, canonical, digest_of
from lado.models import Base, Escalation, LedgerEntry, LedgerHead, Notice
from lado.security.identity import SYSTEM, Identity
from lado.services import installation, verification
from lado.vault import Vault
from tests.faults.deeds import DEEDS, Deed, send, send_carelessly, tick
from tests.faults.strace import CALLS, CannotStrike, Struck, strike
from tests.support.builders import Caseload
from tests.support.engines import Engines
from tests.support.people import People, settle

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TOKEN = "a-form-that-is-sent-again"
Counts = Mapping[str, int]
Send = Callable[[Database, Identity, Deed, FixedClock, int, str], None]


@dataclass(frozen=True)
class Rig:
    """A folder with one settled council, and what opens it."""

    folder: Path
    keys: tuple[bytes, ...]
    people: People

    @property
    def vault(self) -> Vault:
        """Seals with the keys."""
        return Vault(*self.keys)

    def open(self, name: str) -> Database:
        """The database of this name in the folder. Nothing is opened yet."""
        return Database(f"sqlite:///{self.folder / name}", self.vault, FixedClock(AT))

    def copy(self, name: str, to: str) -> None:
        """Put a fresh copy in place, without what a process that was killed left behind."""
        for left in self.folder.glob(f"{to}*"):
            left.unlink()
        shutil.copyfile(self.folder / name, self.folder / to)


@dataclass(frozen=True)
class Scene:
    """One deed before it is done: its database, its case, and how many rows each table has before and after."""

    rig: Rig
    deed: Deed
    file: str
    case: int
    before: Counts
    after: Counts
    send: Send

    def play(self, database: Database) -> None:
        """Do the deed: the same form each time, or a pass."""
        if not self.deed.is_form:
            tick(database)
            return
        who = self.rig.people.everyone[self.deed.who]
        self.send(database, who, self.deed, FixedClock(AT), self.case, TOKEN)


def settled(folder: Path) -> Rig:
    """Make the council that every deed begins with."""
    keys = tuple(secrets.token_bytes(32) for _ in range(4))
    database = Database(f"sqlite:///{folder / 'settled'}", Vault(*keys), FixedClock(AT))
    migrations.upgrade(database.engine)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    database.engine.dispose()
    return Rig(folder, keys, people)


def staged(rig: Rig, name: str, way: Send) -> Scene:
    """Make what the deed needs before it, and do it once undisturbed to know what it leaves."""
    deed, file = DEEDS[name], name.replace(" ", "-")
    rig.copy("settled", file)
    database = rig.open(file)
    case = deed.before(Caseload(database, FixedClock(AT), rig.people.olive), rig.people)
    before = counts(database)
    database.engine.dispose()
    rig.copy(file, "undisturbed")
    undisturbed = rig.open("undisturbed")
    scene = Scene(rig, deed, file, case, before, {}, way)
    scene.play(undisturbed)
    after = counts(undisturbed)
    undisturbed.engine.dispose()
    return replace(scene, after=after)


def counts(database: Database) -> Counts:
    """How many rows each table has."""
    with database.reading(SYSTEM) as act:
        return {
            table.name: act.session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def one(scene: Scene, call: str, at: int) -> tuple[Struck, list[str]]:
    """Do the deed once more and kill it at this call; how it ended, and every violation that is found."""
    rig = scene.rig
    rig.copy(scene.file, "struck")
    database = rig.open("struck")
    struck = strike(lambda: scene.play(database), database.engine.dispose, call, at)
    opened = rig.open("struck")
    found = list(judged(scene, opened, struck))
    scene.play(opened)
    if counts(opened) != scene.after:
        found.append("the same form, sent again, did not leave one effect")
    found.extend(f"after sending again: {fault}" for fault in proved(opened))
    opened.engine.dispose()
    return struck, found


def judged(scene: Scene, database: Database, struck: Struck) -> Iterator[str]:
    """What the kill has broken: nothing, unless there is a defect."""
    left = counts(database)
    if scene.deed.is_form and left not in (scene.before, scene.after):
        changed = {name: count for name, count in left.items() if count != scene.before[name]}
        yield f"torn: neither as before nor as after; changed: {changed}"
    if (struck.acknowledged or not struck.was_killed) and left != scene.after:
        yield "acknowledged, and not there"
    yield from untold(database)
    yield from proved(database)


def untold(database: Database) -> Iterator[str]:
    """Which clocks climbed without a notice, or the other way round."""
    with database.reading(SYSTEM) as act:
        climbed = set(act.session.scalars(select(Escalation.clock_id)))
        told = {int(key.split(".")[1]) for key in act.session.scalars(select(Notice.message_id)) if key[:5] == "rung."}
    if climbed != told:
        yield f"torn: clocks {sorted(climbed ^ told)} have a rung or a notice, and not both"


def proved(database: Database) -> Iterator[str]:
    """What the file, the chain and the screens have against the record."""
    with database.reading(SYSTEM) as act:
        said = act.session.scalars(text("PRAGMA integrity_check")).all()
        if said != ["ok"] or act.session.execute(text("PRAGMA foreign_key_check")).all():
            yield f"the file is damaged: {said}"
        yield from unlinked(act)
        yield from (str(difference) for difference in verification.verify(act).differences)


def unlinked(act: Act) -> Iterator[str]:
    """Where the numbers over all cases have a gap, or a link is not the one that follows from the entries before."""
    link = GENESIS
    entries = act.session.scalars(select(LedgerEntry).order_by(LedgerEntry.sequence)).all()
    for number, entry in enumerate(entries, start=1):
        named = {name: getattr(entry, name) for name in Linked._fields}
        link = act.vault.link(link, canonical(Linked(**{**named, "sealed": digest_of(entry.sealed)})))
        if entry.sequence != number or entry.link != link:
            yield f"the chain is broken at entry {number}"
            return
    head = act.session.execute(select(LedgerHead.entries, LedgerHead.link)).one()
    if tuple(head) != (len(entries), link):
        yield "the head is not the last entry's"


def through(scene: Scene, call: str, every: int) -> Iterator[tuple[int, Struck, list[str]]]:
    """The n-th call killed, for n = 1 and on, until the deed ends untouched."""
    at = 1
    while True:
        struck, found = one(scene, call, at)
        yield at, struck, found
        if not struck.was_killed:
            return
        at += every if call == CALLS[0] else 1


def run(names: list[str], every: int, way: Send) -> dict[str, Any]:
    """Every kill of these deeds; what was covered and what was found, to be printed."""
    violations: list[str] = []
    covered: dict[str, dict[str, int]] = {}
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="lado-faults-") as folder:
        rig = settled(Path(folder))
        for name in names:
            scene = staged(rig, name, way)
            points = covered[name] = dict.fromkeys(CALLS, 0)
            for call in CALLS:
                for at, struck, found in through(scene, call, every):
                    points[call] += struck.was_killed
                    tally["acknowledged"] += struck.was_killed and struck.acknowledged
                    violations += [f"{name}, {call} {at}: {fault}" for fault in found]
    kills = sum(sum(points.values()) for points in covered.values())
    return {"kills": kills, "after_acknowledging": tally["acknowledged"], "points": covered, "violations": violations}


def main() -> int:
    """Print the figures as JSON; 1 when anything was found, 2 when this machine does not let it be tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try each N-th write (default: all)")
    parser.add_argument("--control", action="store_true", help="send the forms carelessly; this has to be found out")
    parser.add_argument("--deed", action="append", choices=list(DEEDS), help="only this deed; may be repeated")
    asked = parser.parse_args()
    try:
        with patch.object(db, "create_engine", Engines(db.create_engine)):  # or each child compiles every statement
            report = run(asked.deed or list(DEEDS), asked.every, send_carelessly if asked.control else send)
    except CannotStrike as problem:
        print(problem, file=sys.stderr)
        return 2
    json.dump(report, sys.stdout, indent=2)
    print()
    return int(bool(report["violations"]))


if __name__ == "__main__":
    os.environ.setdefault("TZ", "UTC")
    sys.exit(main())
