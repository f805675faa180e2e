"""Random rotas, lists and conflicts: nobody who is kept from a case is given it, covers it, or hears of it.

`python -m tests.faults.lists` lives through 1,000 rotas on each database; `--rotas` makes it fewer. In each, people go
on leave with cover at random, cases are restricted to random people and let go again, links are declared, every case is
given to somebody at random, and hours pass with everything that ticks. What counts is who has, covers, is told of or is
written to about a case that they are kept from at that moment.
"""

import argparse
import json
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from lado.act import Act
from lado.errors import BadInput, LadoError
from lado.jobs import escalation, handovers
from lado.models import Escalation, HandOver, Notice, Referral
from lado.queries import conflicts as declared
from lado.queries.wall import BARRED
from lado.security.identity import SYSTEM
from lado.services import conflicts, cover, moves, restrictions
from lado.services.conflicts import NewConflict
from lado.services.cover import NewAbsence
from lado.services.restrictions import NewList
from tests.faults.twin_life import Council
from tests.faults.twins import KEYS, settled
from tests.support.builders import Caseload
from tests.support.postgres import throwaway_cluster

OFFICERS, MANAGERS = ("olive", "carl", "dana"), ("mina", "hal")
STAFF = (*OFFICERS, *MANAGERS)
SCHOOLS = ("Elm Park Nursery", "Oak Road School", "Ash Grove College")
CASES = 4
"""In one council at a time; after so many rotas as `ROTAS` a new one begins."""
ROTAS = 50
AT_ONCE = ("has", "is written to about")
TICKED = (*AT_ONCE, "covers", "was told of")
"""In which ways somebody has to do with a case; the last two are brought into line by the next tick."""


def begin(council: Council) -> None:
    """Make the cases, and choose who is left when nobody is."""
    with council.database.work(council.people.mina) as act:
        conflicts.choose_contact(act, council.people.dee.id or 0)
    caseload = Caseload(council.database, council.clock, council.people.olive)
    for number in range(CASES):
        owner = council.people.everyone[OFFICERS[number % len(OFFICERS)]]
        caseload.referral(who=owner, setting=SCHOOLS[number % len(SCHOOLS)])


def live(council: Council, draw: Random) -> Counter[str]:
    """One rota: what was tried of each kind, and how often somebody had to do with what they are kept from."""
    counts: Counter[str] = Counter()
    for act in (_leave, _restrict, _declare, _assign):
        council.clock.advance(minutes=1)
        counts.update(act(council, draw))
        counts["conflicted"] += len(conflicted(council, AT_ONCE))
    council.clock.advance(hours=draw.randrange(1, 40))
    for job in (handovers, escalation):
        job.run_pass(council.database)
        counts["conflicted"] += len(conflicted(council, TICKED))
    return counts


def _leave(council: Council, draw: Random) -> list[str]:
    """Some are away for a while, some of them with somebody named to cover."""
    found = []
    for name in draw.sample(STAFF, draw.randrange(4)):
        from_at = council.clock.now() + timedelta(hours=draw.randrange(30))
        covered_by = _id(council, draw.choice(STAFF)) if draw.random() < 0.6 else None
        until_at = from_at + timedelta(hours=draw.randrange(4, 90))
        with suppress(BadInput), council.database.work(council.people.hal) as act:
            cover.book_leave(act, NewAbsence(_id(council, name), "leave", from_at, until_at, covered_by))
            found.append("leave")
    return found


def _restrict(council: Council, draw: Random) -> list[str]:
    """A manager restricts a case to some, changes who that is, or lets it go."""
    found = []
    for referral_id in draw.sample(_cases(council), 2):
        with suppress(LadoError), council.database.work(council.people.everyone[draw.choice(MANAGERS)]) as act:
            if draw.random() < 0.3:
                restrictions.end(act, referral_id, "They were two people.")
            else:
                people = [_id(council, name) for name in draw.sample(STAFF, draw.randrange(1, 4))]
                restrictions.restrict(act, referral_id, NewList(people, "A cousin of an officer."))
            found.append("lists")
    return found


def _declare(council: Council, draw: Random) -> list[str]:
    """Somebody declares a link to a school, or ends what they declared."""
    who = council.people.everyone[draw.choice(STAFF)]
    with suppress(LadoError), council.database.work(who) as act:
        mine = declared.own(act)
        if mine and draw.random() < 0.7:
            conflicts.end(act, mine[0], "My child left the school.")
        elif len(mine) < 1:
            conflicts.declare(act, NewConflict(who.id or 0, "school", draw.choice(SCHOOLS)))
    return ["declared"]


def _assign(council: Council, draw: Random) -> list[str]:
    """Every case is given to somebody, by somebody: most of that is refused."""
    found = []
    for referral_id in _cases(council):
        to = _id(council, draw.choice(OFFICERS))
        with suppress(LadoError), council.database.work(council.people.everyone[draw.choice(STAFF)]) as act:
            moves.make(act, referral_id, "assign", {"owner": to}, {"note": "Please."})
            found.append("assigned")
    return found


def conflicted(council: Council, kinds: Collection[str]) -> list[str]:
    """Who has to do with a case that they are kept from now, in one of these ways."""
    with council.database.reading(SYSTEM) as act:
        kept = {(row.referral_id, row.account_id) for row in act.session.execute(_barred())}
        concerned = {(kind, case, person) for kind in kinds for case, person in act.session.execute(_how(act, kind))}
        return [f"{person} {kind} {case}" for kind, case, person in sorted(concerned) if (case, person) in kept]


def _barred() -> Any:
    return select(BARRED.c.referral_id, BARRED.c.account_id).where(BARRED.c.ended_at.is_(None))


def _how(act: Act, kind: str) -> Any:
    """Cases and people: who has each now, who covers it, who was told of it or written to at this very instant."""
    if kind == "has":
        return select(Referral.id, Referral.owner_id).where(Referral.is_open, Referral.owner_id.is_not(None))
    if kind == "covers":
        return select(HandOver.referral_id, HandOver.to_id).where(HandOver.ended_at.is_(None), HandOver.to_id > 0)
    if kind == "was told of":
        now = Escalation.recorded_at == act.at
        return select(Escalation.referral_id, Escalation.told_id).where(now, Escalation.told_id.is_not(None))
    now = Notice.created_at == act.at
    return select(Notice.referral_id, Notice.account_id).where(now, Notice.referral_id.is_not(None))


def _id(council: Council, name: str) -> int:
    return council.people.everyone[name].id or 0


def _cases(council: Council) -> list[int]:
    with council.database.reading(SYSTEM) as act:
        return list(act.session.scalars(select(Referral.id).where(Referral.is_open).order_by(Referral.id)))


def trial(place: Any, folder: Path, rotas: int, draw: Random) -> dict[str, int]:
    """Live through so many rotas, some of them in each of several councils."""
    counts: Counter[str] = Counter()
    for number in range(0, rotas, ROTAS):
        council = settled(place(f"lists_{number}"), folder, {name: secrets.token_bytes(32) for name in KEYS})
        begin(council)
        for _ in range(min(ROTAS, rotas - number)):
            counts += live(council, draw)
        for opened in (council.database, council.app.extensions["lado"].database):
            opened.engine.dispose()
    return {"rotas": rotas, "conflicted": counts["conflicted"], **dict(sorted(counts.items()))}


def main() -> None:
    """Live through them on both databases; exit status 1 when anybody had to do with what they are kept from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rotas", type=int, default=1_000)
    rotas: int = parser.parse_args().rotas
    conflicted = 0
    with tempfile.TemporaryDirectory() as folder, throwaway_cluster() as cluster:
        places: dict[str, Any] = {
            "PostgreSQL": cluster.create_database,
            "SQLite": lambda name: f"sqlite:///{folder}/{name}.sqlite3",
        }
        for name, place in places.items():
            found = trial(place, Path(folder), rotas, Random(1))
            print(json.dumps({"database": name, **found}), flush=True)
            conflicted += found["conflicted"]
    sys.exit(1 if conflicted else 0)


if __name__ == "__main__":
    main()
