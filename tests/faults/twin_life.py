"""The days that two councils live through: the same in both, but for the restricted cases that one of them has."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import NamedTuple
from unittest.mock import patch

from flask import Flask

from lado.clock import FixedClock
from lado.db import Database
from lado.jobs import (
    audit,
    certificate,
    changes,
    checkpoint,
    digest,
    escalation,
    gaps,
    handovers,
    looks,
    names,
    nights,
    notices,
    restrictions,
)
from lado.jobs import (
    cover as standing_in,
)
from lado.jobs import (
    people as accounts_of,
)
from lado.jobs.checkpoint import Witnesses
from lado.models import Account, Referral
from lado.services import cover, feeds, subjects
from lado.services.cover import NewAbsence
from tests.faults.twin_cases import BORN, restrict_some
from tests.support.builders import Caseload
from tests.support.mail import Pigeon
from tests.support.people import People
from tests.support.routes import World, settle_world
from tests.support.signing import sign_in

HOURS = (3, 10, 16)
"""When everything that ticks does so, each day: at night, and twice in office hours."""
ADDRESS = "https://lado.example.test"


class Council(NamedTuple):
    """One of the two, before anything has happened in it."""

    app: Flask
    database: Database
    clock: FixedClock
    people: People


@dataclass
class Twin:
    """One of the two with its cases: the examples of every address, what was mailed, and its restricted cases."""

    app: Flask
    database: Database
    clock: FixedClock
    people: People
    mail: Pigeon
    world: World
    restricted: Sequence[Referral]
    calendars: Mapping[str, str] = field(default_factory=dict)
    """The secret of the team's calendar of each who has one."""


@contextmanager
def drawn(seed: str) -> Iterator[None]:
    """Draw the references of new cases from this seed: what both councils have has one name in both."""
    with patch.object(secrets, "randbelow", Random(seed).randrange):
        yield


def grow(council: Council, *, is_restricted: bool, plain: int = 3, days: int = 2) -> Twin:
    """Let one of the two live: what both have, and before, between and after it what only one of them has."""
    app, database, clock, people = council
    caseload, restricted = Caseload(database, clock, people.olive), []

    def only_in_one(seed: str) -> None:
        if is_restricted:
            with drawn(f"restricted {seed}"):
                restricted.extend(restrict_some(caseload, people))

    _say_when_they_were_born(council)
    only_in_one("before")
    with drawn("both"):
        world = settle_world(caseload, people, clock)
    only_in_one("between")
    with drawn("plain"):
        _plain(caseload, people, plain)
    only_in_one("after")
    twin = Twin(app, database, clock, people, Pigeon(), world, restricted, _calendars(council))
    live(twin, days)
    return twin


def _say_when_they_were_born(council: Council) -> None:
    for name, born_on in BORN.items():
        with council.database.work(council.people.mina) as act:
            subjects.tell_apart(act, act.session.get_one(Account, council.people.everyone[name].id), born_on)


def _plain(caseload: Caseload, people: People, times: int) -> None:
    """Cases that both have, of three officers and at three stages; and one of the officers goes on leave."""
    for number in range(times):
        moves = ("meet_threshold", "hold_meeting")[: number % 3]
        caseload.referral(moves, who=(people.olive, people.dana, people.carl)[number % 3])
    from_at = caseload.clock.now() + timedelta(days=1)
    with caseload.database.work(people.hal) as act:
        cover.book_leave(act, NewAbsence(people.dana.id or 0, "leave", from_at, from_at + timedelta(days=9)))


def _calendars(council: Council) -> dict[str, str]:
    made = {}
    for name in ("dana", "hal"):
        with council.database.work(council.people.everyone[name]) as act:
            made[name] = feeds.make(act, "team")
    return made


def live(twin: Twin, days: int) -> None:
    """Let so many days pass, with everything that ticks, and somebody of a list who reads their cases at night."""
    begin = twin.clock.now().replace(hour=0, minute=0)
    for day in range(1, days + 1):
        for hour in HOURS:
            twin.clock.move_to(begin + timedelta(days=day, hours=hour))
            if hour == HOURS[0]:
                _read(twin)
            tick(twin)


def _read(twin: Twin) -> None:
    """Let both of the lists read the restricted cases, where there are any; and both councils' people a plain one."""
    for name in ("olive", "mina"):
        client = sign_in(twin.app, name)
        for case in (twin.world.pats, *twin.restricted):
            client.get(f"/referrals/{case.reference}")


def tick(twin: Twin) -> None:
    """Everything that ticks, once, in the order in which the scheduler has it."""
    database = twin.database
    escalation.run_pass(database)
    for job in (handovers, standing_in, audit, changes, names, nights):
        job.tick(database)
    checkpoint.tick(database, Witnesses())
    certificate.tick(database)
    for later in (digest, restrictions, gaps, accounts_of, looks):
        later.tick(database)
    notices.tick(database, twin.mail, ADDRESS)
