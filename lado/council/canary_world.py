"""The canary world: cases of three councils in which every sensitive field holds a string that stands nowhere else.

Everything is made by the services, as people would make it. `PlantingVault` puts the strings in as words are sealed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from lado.clock import FixedClock
from lado.council import canary_people
from lado.council.canary_life import LIVES, live, log_of
from lado.council.canary_people import THREE, People, full_name
from lado.db import Database
from lado.domain.self_check import Check
from lado.jobs import changes, escalation
from lado.queries.feeds import SCOPES
from lado.security.identity import SYSTEM, Identity
from lado.services import conflicts, drafts, feeds, nights, on_call, online_drafts, restrictions
from lado.services.conflicts import NewConflict
from lado.services.nights import NewContact
from lado.services.on_call import NewShift
from lado.services.restrictions import NewList

Tell = Callable[[str], None]

EVERY = 100
"""After how many cases it is said how far it has come."""

KEPT_FROM = "Nobody Inparticular"
"""Whom some officers declare a link to: the adult of every case that is restricted by one."""


@dataclass(frozen=True)
class Size:
    """How many cases there are, how many of them restricted, and how many about somebody who signs in."""

    cases: int
    restricted: int
    about_users: int


SMALL, MIDDLE, FULL = Size(27, 9, 3), Size(300, 30, 15), Size(2_000, 200, 100)


@dataclass(frozen=True)
class CanaryWorld:
    """The people, and the ids of the cases by council: in all, restricted, and about a user of the system."""

    people: People
    cases: dict[str, list[int]]
    restricted: dict[str, list[int]]
    secrets: dict[str, str]
    """The secret address of a calendar of somebody in each council."""


def make(database: Database, clock: FixedClock, size: Size, tell: Tell) -> CanaryWorld:
    """Fill a migrated database that has its bank holidays."""
    with database.work(SYSTEM) as act:
        people = canary_people.settle(act)
    world = CanaryWorld(people, {key: [] for key in THREE}, {key: [] for key in THREE}, {})
    for council in THREE:
        _begin(database, world, council)
    for number in range(size.cases):
        _case(database, clock, world, number, size)
        if number % EVERY == EVERY - 1:
            tell(f"{number + 1} of {size.cases} cases")
    for council in THREE:
        _leave(database, clock, world, council)
    clock.advance(days=2)
    escalation.run_pass(database)
    changes.tick(database)
    return world


def _begin(database: Database, world: CanaryWorld, council: str) -> None:
    """What stands before the first case: two officers who are kept from somebody, and whom to ring at a school."""
    for key in ("dana", "carl"):
        who = world.people.of(council, key)
        with database.work(who) as act:
            conflicts.declare(act, NewConflict(who.id or 0, "person", KEPT_FROM, why="We are related."))
    with database.work(world.people.of(council, "olive")) as act:
        canary_people.leave_contacts(act, world.people.of(council, "pat").agency or 0)
        world.secrets[council] = feeds.make(act, next(iter(SCOPES)))


def _case(database: Database, clock: FixedClock, world: CanaryWorld, number: int, size: Size) -> None:
    """One case with its life. Restricted ones come about by a match, by a declared link and by a chosen list."""
    council = tuple(THREE)[number % len(THREE)]
    people = world.people
    officer, partner = people.of(council, "olive"), people.of(council, ("pat", "pol", "penny")[number % 7 % 3])
    subject, is_listed = {}, False
    if number < size.about_users:
        subject = {"name": full_name(council, ("bea", "dee", "rex")[number // 3 % 3])}
    elif number < size.restricted:
        is_listed = number % 2 == 0
        subject = {} if is_listed else {"name": KEPT_FROM}
    with database.work(officer) as act:
        case = log_of(act, clock.now(), number, partner=partner.id if number % 2 else None, **subject)
    if is_listed:
        with database.work(people.of(council, "mina")) as act:
            restrictions.restrict(act, case.id, NewList({officer.id or 0}, "It concerns a colleague of ours."))
    world.cases[council].append(case.id)
    if number < size.restricted:
        world.restricted[council].append(case.id)
    live(database, clock, case, LIVES[number // 3 % len(LIVES)], officer, partner if number % 2 else None)
    clock.advance(minutes=3 if size.cases > EVERY else 1)


def _leave(database: Database, clock: FixedClock, world: CanaryWorld, council: str) -> None:
    """What is left lying: a night's contacts, somebody on call, half-written forms."""
    people = world.people
    edie, mina, olive, pat = (people.of(council, key) for key in ("edie", "mina", "olive", "pat"))
    with database.work(edie) as act:
        nights.record(act, _contact(edie, clock))
    with database.work(mina) as act:
        hal = people.of(council, "hal").id or 0
        on_call.put(act, NewShift(hal, "01632 960 009", clock.now(), clock.now() + timedelta(days=7)))
    with database.work(olive) as act:
        drafts.keep(act, "referral", {"subject-name": ["Half written"], "summary": ["Not sent yet."]})
    with database.work(pat) as act:
        online_drafts.begin(act, Check("no", "yes", ("1",), "yes"))
        for part, fields in WRITTEN.items():
            online_drafts.keep(act, part, {name: [said] for name, said in fields.items()}, is_whole=False)


WRITTEN: dict[str, dict[str, Any]] = {
    "you": {"source": "education", "role": "Head teacher", "phone": "01632 960 100", "reach": "After school"},
    "adult": {"subject_name": "Robin Sample", "subject_role": "Teacher", "setting": "Willow Lane Primary School"},
    "what": {"summary": "Is said to have pulled a child by the arm.", "category": "physical"},
    "children": {"children_safe": "yes", "safety_steps": "Another class.", "children-0-name": "Kim Example"},
    "told": {"told_more": "The parents rang us first."},
}


def _contact(edie: Identity, clock: FixedClock) -> NewContact:
    return NewContact(
        authority=edie.authority or 0,
        happened_at=clock.now(),
        reference="",
        caller="PC Example",
        phone="01632 960 200",
        about="A carer was arrested at home.",
        done="The child stays with her aunt tonight.",
        asks="Ring the police station.",
        in_danger="no",
    )
