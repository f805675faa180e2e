"""Everything that the home page of one person shows, read in a fixed number of statements."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED, Rota, covered_people, on_cover
from lado.domain.urgency import Between, bounds
from lado.errors import NotFound
from lado.queries import accounts, corrections, cover, passed_over, practices, queue
from lado.queries.corrections import WaitingCorrection
from lado.queries.queue import After, Owners, Page, Waiting
from lado.queries.referrals import Listed
from lado.security.permissions import Permission
from lado.security.policy import can
from workflows.calendar import Calendar
from workflows.practice import Practice


class Show(StrEnum):
    """Which part of the queue is shown."""

    FOR_ME = "for-me"
    """My own and those that I cover now."""
    MINE = "mine"
    COVERED = "covered"
    EVERYONE = "everyone"


WITH_PASSED = (Show.FOR_ME, Show.COVERED)
"""What single cases belong to that come to somebody past a cover who is kept from them or cannot take them."""


class Home(NamedTuple):
    """What one person's home page is made of. Counts above queue.MOST mean more than that."""

    show: Show
    page: Page
    waiting: list[Waiting]
    corrections: list[WaitingCorrection]
    """What somebody asks to correct, for those who decide it."""
    groups: Mapping[str, int]
    shows: Mapping[str, int]
    covered: Mapping[int, int]
    """Each person covered now, with the number of their open cases."""
    messages: int
    """Messages from partners that wait for an answer, at the whole council."""
    wishes: int
    """Wishes to be let into restricted cases that this person can answer."""
    rota: Rota
    practice: Practice
    names: Mapping[int, str]

    @property
    def calendar(self) -> Calendar:
        """The council's working days."""
        return self.practice.calendar


def read(act: Act, show: Show, after: After | None) -> Home:
    """Read the home page of the person who asks."""
    me, authority_id = _place(act)
    practice = practices.in_force(act.session, authority_id, act.at)
    days = practice.calendar
    rota = cover.rota(act.session, authority_id, act.at)
    covered = covered_people(me, _away(rota, act.at), act.at, rota)
    owners: dict[Show, Owners] = {
        Show.FOR_ME: (me, *covered),
        Show.MINE: (me,),
        Show.COVERED: covered,
        Show.EVERYONE: None,
    }
    wanted: dict[str, tuple[Owners, Between]] = {
        **{f"group {name}": (owners[show], between) for name, between in bounds(act.at, days).groups.items()},
        **{f"show {one}": (owners[one], (None, None)) for one in Show},
        **{f"person {person}": ((person,), (None, None)) for person in covered},
    }
    passed = passed_over.passed_to(act, _away(rota, act.at), covered, rota)
    found = _with_passed(queue.counts(act, wanted, with_messages=True), wanted, passed, show)
    page = queue.page(act, owners[show], after, also=tuple(passed) if show in WITH_PASSED else ())
    return Home(
        show,
        page,
        queue.waiting(act) if after is None else [],
        corrections.waiting(act) if after is None and can(act.who, Permission.CORRECTION_DECIDE) else [],
        _named(found, "group "),
        _named(found, "show "),
        {int(person): count for person, count in _named(found, "person ").items()},
        found[queue.MESSAGES],
        found[queue.WISHES],
        rota,
        practice,
        accounts.names_of(act, _people(page.rows, covered, act.at, rota)),
    )


def _with_passed(
    counts: Mapping[str, int], wanted: Mapping[str, tuple[Owners, Between]], passed: Mapping[int, datetime], show: Show
) -> Mapping[str, int]:
    """The counts, with the single cases that come to the person in whichever of them they belong to."""
    concerned = {f"show {one}" for one in WITH_PASSED}
    concerned |= {name for name in wanted if name.startswith("group ") and show in WITH_PASSED}
    found = dict(counts)
    for name in concerned:
        begin, end = wanted[name][1]
        due = [at for at in passed.values() if (begin is None or at >= begin) and (end is None or at < end)]
        found[name] = found.get(name, 0) + len(due)
    return found


class Surroundings(NamedTuple):
    """What any list of cases needs beside them: working days, who is away, and the names of officers."""

    calendar: Calendar
    rota: Rota
    names: Mapping[int, str]


def surroundings(act: Act, cases: Iterable[Listed]) -> Surroundings:
    """Read what a list of these cases needs."""
    _, authority_id = _place(act)
    rota = cover.rota(act.session, authority_id, act.at)
    names = accounts.names_of(act, _people(cases, (), act.at, rota))
    return Surroundings(practices.in_force(act.session, authority_id, act.at).calendar, rota, names)


def _place(act: Act) -> tuple[int, int]:
    if act.who.id is None or act.who.authority is None:
        raise NotFound("only a person of a council has a home page")
    return act.who.id, act.who.authority


def _away(rota: Rota, at: datetime) -> list[int]:
    return sorted(rota.not_there(at))


def _people(cases: Iterable[Listed], covered: Iterable[int], at: datetime, rota: Rota) -> set[int]:
    owners = {(case.owner_id, case.barred) for case in cases if case.owner_id is not None}
    owners |= {(person, NOBODY_BARRED) for person in covered}
    return {person for owner, barred in owners for person in on_cover(owner, at, rota, barred).chain}


def _named(found: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {name.removeprefix(prefix): count for name, count in found.items() if name.startswith(prefix)}
