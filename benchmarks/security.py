"""What confidentiality costs: signing in with two factors, sealing, changing the master key, and searching by token.

Run it with `python -m benchmarks.security`: 200 sign-ins at once on two processes, 100,000 keys wrapped anew, and names
looked for among 1,000,000 cases, each beside the least that does the job, in one run. `--small` is for CI; its figures
are rough. The status is 0 when everybody got in, every key opens, and the goals that this machine can show are met.
"""

import argparse
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, text

from benchmarks import names, sign_ins
from benchmarks.goals import Goal, print_goals
from lado import migrations
from lado.act import Act
from lado.adapters.bank_holidays import england
from lado.clock import FixedClock
from lado.db import Database
from lado.models import Referral, SealingKey
from lado.queries import alike, search
from lado.security.identity import SYSTEM, Identity
from lado.services import installation, sealing
from lado.vault import Vault, folded, name_of
from tests.support.builders import Caseload
from tests.support.people import settle

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WORDS = {"summary": "Is said to have pulled a child by the arm in the corridor. " * 3, "name": "Robin Sample"}
SEED = 1


class Size(NamedTuple):
    """How many people sign in, parts are sealed, keys are wrapped anew, cases are searched, and how often."""

    people: int
    parts: int
    keys: int
    cases: int
    looks: int


FULL, SMALL = Size(200, 50_000, 100_000, 1_000_000, 400), Size(8, 1_000, 2_000, 4_000, 40)


class Site(NamedTuple):
    """A settled council with one case, and what opens it."""

    database: Database
    file: Path
    keys: tuple[bytes, ...]
    officer: Identity


def settled(folder: Path, keys: tuple[bytes, ...]) -> Site:
    """Make the council."""
    file = folder / "security.sqlite3"
    database = Database(f"sqlite:///{file}", Vault(*keys), FixedClock(NOW))
    migrations.upgrade(database.engine)
    with database.work(SYSTEM) as act:
        installation.begin(act, is_demonstration=True)
        installation.keep_holidays(act, england())
        people = settle(act)
    Caseload(database, FixedClock(NOW), people.olive).referral()
    return Site(database, file, keys, people.olive)


def sealing_beside_bare(size: Size) -> list[Goal]:
    """Sealing and opening a part of a case, beside AES-256-GCM over the same bytes: processor time of one core."""
    vault = Vault(*(secrets.token_bytes(32) for _ in range(4)))
    wrapped = vault.new_key()
    plain = str(WORDS).encode()
    bare = AESGCM(secrets.token_bytes(32))

    def ours() -> None:
        vault.open(wrapped, "ledger/1/2", vault.seal(wrapped, "ledger/1/2", WORDS))

    def floor() -> None:
        nonce = os.urandom(12)
        bare.decrypt(nonce, bare.encrypt(nonce, plain, b"ledger/1/2"), b"ledger/1/2")

    mine, least = (rate(do, size.parts) for do in (ours, floor))
    print(f"sealed and opened again: {mine:,.0f} parts a second; bare AES-256-GCM: {least:,.0f}")
    return [Goal("sealing and opening / bare AES-GCM", least / mine, 6)]


def rate(do: Callable[[], None], times: int) -> float:
    """How often a second, by the median of three rounds."""
    rounds = []
    for _ in range(3):
        began = process_time()
        for _ in range(times):
            do()
        rounds.append(times / (process_time() - began))
    return median(rounds)


def rotation(site: Site, size: Size) -> list[Goal]:
    """Wrap so many keys anew by a new master key, beside the two runs of AES-GCM that each needs."""
    with site.database.work(SYSTEM) as act:
        like = sealing.new_key(act)
        wrapped = ({"wrapped": act.vault.new_key(), "master_key_id": like.master_key_id} for _ in range(size.keys))
        act.session.execute(insert(SealingKey), list(wrapped))
    new = secrets.token_bytes(32)
    both = Database(str(site.database.engine.url), Vault(*site.keys, others=[new]), FixedClock(NOW))
    began = perf_counter()
    with both.work(SYSTEM) as act:
        sealing.begin_rotation(act, name_of(new))
    while rewrapped(both):
        pass
    seconds = perf_counter() - began
    with both.work(SYSTEM) as act:
        sealing.retire(act)
        wrapped = act.session.scalars(select(SealingKey.wrapped)).all()
    alone = Vault(new, *site.keys[1:])
    began = perf_counter()
    for one in wrapped:  # raises where one does not open with the new master key alone
        alone.rewrapped(one, alone.master)
    floor = perf_counter() - began
    both.engine.dispose()
    site.database.vault = alone
    print(f"{len(wrapped):,} keys wrapped anew in {seconds:.1f} s; unwrapping and wrapping alone: {floor:.1f} s")
    per_100_000 = seconds * 100_000 / len(wrapped) / 60
    return [Goal("minutes for 100,000 keys", per_100_000, 5)]


def rewrapped(database: Database) -> int:
    """One batch, as the command does it."""
    with database.work(SYSTEM) as act:
        return sealing.rewrap(act)


def searching(site: Site, size: Size) -> list[Goal]:
    """Look for names among many cases, as spelt and as misheard, beside the same names in an indexed plain column."""
    random = Random(SEED)
    known = list(names.drawn(size.cases, random))
    vault = site.database.vault
    with site.database.reading(SYSTEM) as act:
        wrapped = act.session.scalars(select(SealingKey.wrapped).join(Referral, Referral.key_id == SealingKey.id)).one()
        row = dict(act.session.connection().execute(text("SELECT * FROM referral")).one()._mapping)
    site.database.engine.dispose()
    names.fill(
        site.file,
        vault,
        known,
        row,
        lambda reference, name: vault.seal(wrapped, f"referral/{reference}", {"subject": name, "setting": ""}),
    )
    asked = random.sample(known, size.looks)
    with site.database.reading(site.officer) as act:
        return _measured(act, asked)


def _measured(act: Act, asked: list[str]) -> list[Goal]:
    exact = timed(lambda name: search.search(act, name), asked)
    near = timed(lambda name: alike.similar(act, name), [names.slipped(name) for name in asked])
    driver = act.session.connection().connection.cursor()
    tokens, plain = (
        timed(lambda look: driver.execute(*look).fetchall(), list(looks))
        for looks in (by_token(act, asked), by_word(asked))
    )
    print(
        f"median of a look-up: by tokens {tokens * 1e3:.2f} ms, in a plain column {plain * 1e3:.2f} ms; "
        f"of a whole search: as spelt {exact * 1e3:.2f} ms, alike {near * 1e3:.2f} ms"
    )
    wrong = total = 0
    for name in asked:
        rows = search.search(act, name).rows
        total += len(rows)
        wrong += sum(
            {folded(word) for word in row.subject.split()} != {folded(word) for word in name.split()} for row in rows
        )
    print(f"found as spelt: {total}; of these somebody else: {100 * wrong / total:.1f} %")
    _false_matches(act, asked)
    return [
        Goal("look-up by tokens / plain column", tokens / plain, 4),
        Goal("somebody else among those as spelt", wrong / total, 0),
    ]


def _false_matches(act: Act, asked: list[str]) -> None:
    """How often a misheard name leads to the one that was meant, and how many of those shown are somebody else."""
    reached = meant = shown = 0
    for name in asked:
        found = alike.similar(act, names.slipped(name)).rows
        same = sum(row.subject == name for row in found)
        reached += same > 0
        meant += same
        shown += len(found)
    print(
        f"misheard surnames: {100 * reached / len(asked):.0f} % lead to the name that was meant; "
        f"of the cases shown as alike {100 * (shown - meant) / max(shown, 1):.0f} % are somebody else"
    )


def as_words(name: str) -> set[str]:
    """The words of a name, folded."""
    return {folded(word) for word in name.split()}


Look = tuple[str, tuple[Any, ...]]
"""A statement and what it is given, ready for the database: what Python does before and after is not measured here."""

PLAIN = (
    "SELECT one.referral_id FROM plain_name AS one JOIN plain_name AS other ON other.referral_id = one.referral_id "
    "AND other.word = ? WHERE one.word = ? ORDER BY one.referral_id DESC LIMIT 26"
)
"""The floor: the newest cases with both words in a plain column."""


def by_token(act: Act, asked: list[str]) -> Iterator[Look]:
    """The statement of the product's own search for each name."""
    for name in asked:
        made = search.by_words(act, name, None, 26).compile(dialect=act.session.get_bind().dialect)
        yield str(made), tuple(made.params[place] for place in made.positiontup or ())


def by_word(asked: list[str]) -> Iterator[Look]:
    """The floor's statement for each name."""
    for name in asked:
        yield PLAIN, tuple(folded(word) for word in name.split())


def timed(do: Callable[[Any], object], asked: Sequence[object]) -> float:
    """The median seconds."""
    taken = []
    for name in asked:
        began = perf_counter()
        do(name)
        taken.append(perf_counter() - began)
    return median(taken)


def main() -> int:
    """Print the figures and whether the goals are met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.security", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a quick run for CI, whose figures are rough")
    parser.add_argument("--only", choices=("sealing", "rotation", "search", "sign-ins"), help="one part alone")
    asked = parser.parse_args()
    size = SMALL if asked.small else FULL
    goals: list[Goal] = []
    with tempfile.TemporaryDirectory(prefix="lado-security-") as folder:
        if asked.only in (None, "sealing"):
            goals += sealing_beside_bare(size)
        if asked.only in (None, "sign-ins"):
            goals += sign_ins.at_once(Path(folder) / "sign-ins", size.people)
        site = settled(Path(folder), tuple(secrets.token_bytes(32) for _ in range(4)))
        if asked.only in (None, "rotation"):
            goals += rotation(site, size)
        if asked.only in (None, "search"):
            goals += searching(site, size)
        site.database.engine.dispose()
    print_goals(goals)
    return 0 if asked.small or all(goal.is_met() for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
