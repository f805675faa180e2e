"""Tampering with the database as its superuser, all protections off: everything has to be found and rightly named.

`python -m tests.faults.tampering --rounds 1000` draws so many attacks of all classes and prints a table. Each attack is
made inside a transaction that is proved and then undone, so that one record serves for all.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import text

from lado import migrations
from lado.act import Act
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.domain.chain import GENESIS
from lado.domain.reads import Look
from lado.domain.tampering import Entry, Kind, bytes_of
from lado.domain.witnessed import Signed
from lado.queries import chain as rows
from lado.queries import checkpoints as kept
from lado.security.identity import SYSTEM
from lado.services import chain, checkpoints, installation, reads, verification
from lado.vault import Vault
from tests.support.builders import Caseload
from tests.support.people import People, settle

BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MOVES = ("meet_threshold", "arrange_meeting", "hold_meeting", "investigate")


class Done(NamedTuple):
    """What an attack did: the kinds that have to be named, and the places that one of them has to cover."""

    kinds: frozenset[Kind]
    first: int
    last: int
    field: str = ""
    needs_away: bool = False


def done(kind: Kind, first: int, last: int | None = None, *, needs_away: bool = False) -> Done:
    """An attack of one kind, at one place or several."""
    return Done(frozenset({kind}), first, first if last is None else last, needs_away=needs_away)


def fill(database: Database, clock: FixedClock, people: People, cases: int = 5) -> list[Signed]:
    """A record with cases, reads and checkpoints in it, the last checkpoint at its very end."""
    caseload = Caseload(database, clock, people.olive)
    for number in range(cases):
        referral = caseload.referral(MOVES[: number % len(MOVES)])
        for person in (people.olive, people.mina, people.abe) if number != 2 else ():
            with database.work(person) as act:
                reads.record(act, Look.VIEW, "referrals.show", "referral:read", referral.reference)
        clock.advance(minutes=6)
        with database.work(SYSTEM) as act:
            checkpoints.make(act)
    with database.reading(SYSTEM) as act:
        return kept.after(act.session, 0, 1000)


class Attacker:
    """Has the database, and for some attacks the key that links entries. Never the key that signs."""

    def __init__(self, act: Act, draw: Random, away: Sequence[Signed]) -> None:
        self.act, self.draw, self.away = act, draw, away
        self.sql = act.session.connection().exec_driver_sql
        self._open_up()
        self.rows = [Entry(*row) for row in rows.entries(act.session)]
        self.last = len(self.rows)
        self.signed = away[-1].stated.entries

    def _open_up(self) -> None:
        if self.act.session.get_bind().dialect.name == "postgresql":
            self.sql("SET LOCAL session_replication_role = replica")
            return
        for (name,) in self.sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            self.sql(f'DROP TRIGGER "{name}"')
        self.sql("PRAGMA defer_foreign_keys = ON")

    def run(self, statement: str, **values: Any) -> None:
        self.act.session.execute(text(statement), values)

    def place(self, first: int = 1, last: int | None = None) -> int:
        return self.draw.randint(first, self.last if last is None else last)

    # Entries

    def edit(self) -> Done:
        at = self.place()
        self._change(at)
        return done(Kind.EDITED, at)

    def edit_date(self) -> Done:
        at = self.place()
        moved = self.rows[at - 1].at.replace("2026-03-02T09", "2026-03-02T08")
        self.run("UPDATE ledger_entry SET recorded_at = :at WHERE sequence = :s", at=_instant(self, moved), s=at)
        return done(Kind.EDITED, at)

    def edit_with_link(self) -> Done:
        at = self.place()
        self._change(at)
        self.run("UPDATE ledger_entry SET link = :link WHERE sequence = :s", link=self.draw.randbytes(32), s=at)
        return done(Kind.EDITED, at)

    def edit_link(self) -> Done:
        at = self.place()
        self.run("UPDATE ledger_entry SET link = :link WHERE sequence = :s", link=self.draw.randbytes(32), s=at)
        return done(Kind.EDITED, at)

    def delete(self) -> Done:
        count = self.draw.randint(1, 4)
        at = self.place(1, self.last - count - 1)
        self._delete(at, at + count - 1)
        return done(Kind.DELETED, at, at + count - 1)

    def delete_and_renumber(self) -> Done:
        count = self.draw.randint(1, 4)
        at = self.place(1, self.last - count - 2)
        self._delete(at, at + count - 1)
        self._shift(at + count, -count)
        if self.draw.random() < 0.5:
            self._move_head(self.last - count)
        return done(Kind.DELETED, at, at + count - 1)

    def insert(self) -> Done:
        count = self.draw.randint(1, 3)
        at = self.place(1, self.last)
        self._shift(at, count)
        for step in range(count):
            self._put(at + step, self.draw.randbytes(32))
        if self.draw.random() < 0.5:
            self._move_head(self.last + count)
        return done(Kind.INSERTED, at, at + count - 1)

    def append(self) -> Done:
        self._put(self.last + 1, self.draw.randbytes(32))
        if self.draw.random() < 0.5:
            self._move_head(self.last + 1)
        return done(Kind.INSERTED, self.last + 1)

    def swap(self) -> Done:
        one, other = sorted(self.draw.sample(range(1, self.last + 1), 2))
        self._swap(one, other, with_links=self.draw.random() < 0.5)
        return done(Kind.REORDERED, one, other)

    def swap_neighbours(self) -> Done:
        at = self.place(1, self.last - 1)
        self._swap(at, at + 1, with_links=self.draw.random() < 0.5)
        return done(Kind.REORDERED, at, at + 1)

    def swap_in_case(self) -> Done:
        case = self.draw.choice(sorted({row.referral_id for row in self.rows}))
        one, other = self.draw.sample([row for row in self.rows if row.referral_id == case], 2)
        for number, row in ((-1, one), (one.number, other), (other.number, one)):
            self.run("UPDATE ledger_entry SET number = :n WHERE sequence = :s", n=number, s=row.sequence)
        return done(Kind.REORDERED, *sorted((one.sequence, other.sequence)))

    def cut(self) -> Done:
        at = self.place(2, self.signed)
        self._delete(at, self.last)
        if self.draw.random() < 0.5:
            self._move_head(at - 1)
        return done(Kind.CUT, at, self.last)

    def cut_with_checkpoints(self) -> Done:
        at = self.place(2, self.signed)
        self._delete(at, self.last)
        self._move_head(at - 1)
        self.run("DELETE FROM checkpoint WHERE entries >= :at", at=at)
        return done(Kind.CUT, at, self.last, needs_away=True)

    def move_head(self) -> Done:
        self.run("UPDATE ledger_head SET link = :link", link=self.draw.randbytes(32))
        return done(Kind.HEAD, self.last)

    # The record as a whole

    def restore(self) -> Done:
        at = self.draw.choice([each.stated for each in self.away[:-1]])
        self._delete(at.entries + 1, self.last)
        self._move_head(at.entries)
        self.run("DELETE FROM checkpoint WHERE id > :id", id=at.id)
        self.run("DELETE FROM read_entry WHERE id > :id", id=at.reads)
        self.run("UPDATE referral SET events = (SELECT count(*) FROM ledger_entry WHERE referral_id = referral.id)")
        return done(Kind.RESTORED, at.entries + 1, self.last, needs_away=True)

    def rewrite(self) -> Done:
        at = self.place(1, self.signed)
        self._change(at)
        self._link_anew()
        return done(Kind.REWRITTEN, at)

    def rewrite_shorter(self) -> Done:
        at = self.place(1, self.away[-2].stated.entries)
        self._delete(at, at)
        self._shift(at + 1, -1)
        self._link_anew()
        return Done(frozenset({Kind.REWRITTEN, Kind.CUT}), at, at)

    def rewrite_longer(self) -> Done:
        at = self.place(1, self.signed)
        self._shift(at, 1)
        self._put(at, GENESIS)
        self._link_anew()
        return done(Kind.REWRITTEN, at)

    # Checkpoints, reads and what screens show

    def forge_checkpoint(self) -> Done:
        one = self.draw.choice(self.away).stated
        name = self.draw.choice(("entries", "link", "reads", "reads_digest", "signature"))
        value: Any = self.draw.randbytes(64) if name == "signature" else self.draw.randbytes(32)
        if name in ("entries", "reads"):
            value = max(getattr(one, name) - 1, 0)
        self.run(f"UPDATE checkpoint SET {name} = :value WHERE id = :id", value=value, id=one.id)
        return done(Kind.CHECKPOINT_FORGED, one.id)

    def remove_checkpoint(self) -> Done:
        one = self.draw.choice(self.away).stated
        self.run("DELETE FROM checkpoint WHERE id = :id", id=one.id)
        return done(Kind.CHECKPOINT_MISSING, one.id, needs_away=one.id == self.away[-1].stated.id)

    def remove_read(self) -> Done:
        at = self.draw.randint(1, self.away[-1].stated.reads)
        self.run("DELETE FROM read_entry WHERE id = :id", id=at)
        return done(Kind.READ_CHANGED, at)

    def change_read(self) -> Done:
        at = self.draw.randint(1, self.away[-1].stated.reads)
        name, value = self.draw.choice((("page", "'queue.home'"), ("account_id", "account_id + 1"), ("role", "'x'")))
        self.run(f"UPDATE read_entry SET {name} = {value} WHERE id = :id", id=at)
        return done(Kind.READ_CHANGED, at)

    def edit_row_only(self) -> Done:
        case = self.draw.choice(sorted({row.referral_id for row in self.rows}))
        name = self.draw.choice(("received_at", "recorded_at", "next_due_at"))
        to = {"received_at": BEGAN - timedelta(days=1), "recorded_at": BEGAN + timedelta(days=9)}.get(name, BEGAN)
        self.run(f"UPDATE referral SET {name} = :to WHERE id = :id", to=_instant(self, to), id=case)
        return Done(frozenset(), 0, 0, field=name)

    # How

    def _change(self, at: int) -> None:
        name, value = self.draw.choice(
            (
                ("data", '{"tampered":true}'),
                ("kind", "Tampered"),
                ("role", "tampered"),
                ("login", "tampered"),
                ("sealed", self.draw.randbytes(40)),
                ("actor_id", 4711),
                ("number", 4711),
                ("referral_id", self._other_case(at)),
            )
        )
        if name == "referral_id":
            self.run("UPDATE ledger_entry SET number = 4711 WHERE sequence = :s", s=at)
        self.run(f"UPDATE ledger_entry SET {name} = :value WHERE sequence = :s", value=value, s=at)

    def _other_case(self, at: int) -> int:
        return next(row.referral_id for row in self.rows if row.referral_id != self.rows[at - 1].referral_id)

    def _delete(self, first: int, last: int) -> None:
        self.run("DELETE FROM ledger_entry WHERE sequence BETWEEN :first AND :last", first=first, last=last)

    def _shift(self, first: int, by: int) -> None:
        self.run("UPDATE ledger_entry SET sequence = -(sequence + :by) WHERE sequence >= :first", by=by, first=first)
        self.run("UPDATE ledger_entry SET sequence = -sequence WHERE sequence < 0")

    def _put(self, at: int, link: bytes) -> None:
        like = self.draw.choice(self.rows)
        self.run(
            "INSERT INTO ledger_entry (sequence, referral_id, number, kind, data, role, login, recorded_at, link) "
            "VALUES (:s, :case, :number, 'Noted', '{}', 'system', '', :at, :link)",
            s=at,
            case=like.referral_id,
            number=1000 + at,
            at=_instant(self, like.at),
            link=link,
        )

    def _swap(self, one: int, other: int, *, with_links: bool) -> None:
        for to, at in ((-1, one), (one, other), (other, -1)):
            self.run("UPDATE ledger_entry SET sequence = :to WHERE sequence = :at", to=to, at=at)
        if not with_links:
            for at in (one, other):
                link = self.rows[at - 1].link
                self.run("UPDATE ledger_entry SET link = :link WHERE sequence = :at", link=link, at=at)

    def _move_head(self, at: int) -> None:
        link = self.act.session.scalar(text("SELECT link FROM ledger_entry WHERE sequence = :at"), {"at": at})
        self.run("UPDATE ledger_head SET entries = :at, link = :link", at=at, link=link or GENESIS)

    def _link_anew(self) -> None:
        link, sequence = GENESIS, 0
        for row in list(rows.entries(self.act.session)):
            sequence, link = row.sequence, self.act.vault.link(link, bytes_of(row))
            self.run("UPDATE ledger_entry SET link = :link WHERE sequence = :s", link=link, s=sequence)
        self.run("UPDATE ledger_head SET entries = :s, link = :link", s=sequence, link=link)


ATTACKS: tuple[Callable[[Attacker], Done], ...] = (
    Attacker.edit,
    Attacker.edit_date,
    Attacker.edit_with_link,
    Attacker.edit_link,
    Attacker.delete,
    Attacker.delete_and_renumber,
    Attacker.insert,
    Attacker.append,
    Attacker.swap,
    Attacker.swap_neighbours,
    Attacker.swap_in_case,
    Attacker.cut,
    Attacker.cut_with_checkpoints,
    Attacker.move_head,
    Attacker.restore,
    Attacker.rewrite,
    Attacker.rewrite_shorter,
    Attacker.rewrite_longer,
    Attacker.forge_checkpoint,
    Attacker.remove_checkpoint,
    Attacker.remove_read,
    Attacker.change_read,
    Attacker.edit_row_only,
)


class Undone(Exception):
    """Raised to undo an attack."""


def attack(database: Database, away: Sequence[Signed], how: Callable[[Attacker], Done], draw: Random) -> str:
    """Make one attack, prove, and undo it. Returns what the proof got wrong, or nothing."""
    wrong = ""
    try:
        with database.work(SYSTEM) as act:
            meant = how(Attacker(act, draw, away))
            wrong = judged(act, meant, away, with_away=meant.needs_away or draw.random() < 0.5)
            raise Undone
    except Undone:
        return wrong


def judged(act: Act, meant: Done, away: Sequence[Signed], *, with_away: bool) -> str:
    """What the proof says that it should not, or leaves out."""
    if meant.field:
        fields = {each.field for each in verification.verify(act).differences if each.table == "referral"}
        return "" if meant.field in fields else f"{meant.field} is not named, but {fields}"
    found = chain.prove(act, away if with_away else ()).findings
    kinds = {each.kind for each in found}
    if not kinds or not kinds <= meant.kinds:
        return f"{sorted(meant.kinds)} {meant.first}-{meant.last} is named {[tuple(each)[:4] for each in found]}"
    covers = any(each.first <= meant.first and each.last >= meant.last for each in found)
    return "" if covers else f"{meant.first}-{meant.last} is placed at {[(each.first, each.last) for each in found]}"


def _instant(attacker: Attacker, at: Any) -> Any:
    """An instant as this database is given it in raw SQL."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    is_sqlite = attacker.act.session.get_bind().dialect.name == "sqlite"
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else moment


def main(arguments: list[str] | None = None) -> int:
    """Attack an invented record many times and print how each class fared."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.tampering", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    draw, made, missed = Random(asked.seed), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        database, away = _a_record(Path(folder))
        for number in range(asked.rounds):
            how = ATTACKS[number % len(ATTACKS)]
            made[how.__name__] += 1
            if wrong := attack(database, away, how, draw):
                missed[how.__name__] += 1
                print(f"{how.__name__}: {wrong}", file=sys.stderr)
        database.engine.dispose()
    for name, count in made.items():
        print(f"{name:24}{count:6} made {count - missed[name]:6} found and rightly named")
    print(f"{'all':24}{made.total():6} made {made.total() - missed.total():6} found and rightly named")
    return 1 if missed else 0


def _a_record(folder: Path) -> tuple[Database, list[Signed]]:
    clock = FixedClock(datetime(2017, 1, 2, tzinfo=UTC))
    vault = Vault(*(os.urandom(32) for _ in range(4)))
    database = Database(f"sqlite:///{folder / 'lado.sqlite3'}", vault, clock)
    migrations.upgrade(database.engine)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    clock.advance(seconds=(BEGAN - clock.now()).total_seconds())
    return database, fill(database, clock, people)


if __name__ == "__main__":
    raise SystemExit(main())
