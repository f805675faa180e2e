"""Handing over: who inherits the cases of somebody who is away, and who is told when nobody accepted one. Pure."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from lado.domain.cover import Cover, first_there, on_cover
from lado.domain.escalation import COVER, ROLE_WORDS, Team
from lado.domain.rota import PATTERN, Away, Rota
from workflows.london import london_day
from workflows.practice import Practice
from workflows.rules import ACCEPTANCE, Rung, rung_at


class Inherited(NamedTuple):
    """Who has a case while its owner is away: the absence, and whom the resolver finds (or nobody)."""

    absence: Away
    cover: Cover

    @property
    def person(self) -> int | None:
        """Who is there; None: nobody."""
        return self.cover.person


class Unanswered(NamedTuple):
    """A rung that was reached because nobody had accepted a case: its role, when it was due, whom it found."""

    rung: str
    due_at: datetime
    found: Cover


Find = Callable[[str, Collection[int]], Cover]
"""Whom a role finds, besides those who were told already."""


def absence_of(owner: int, at: datetime, rota: Rota) -> Away | None:
    """The absence for which the owner's cases are handed over; the hours that a part-time week leaves out are none."""
    absence = rota.away(owner, at)
    return None if absence is None or absence.kind == PATTERN else absence


def is_briefed_only(owner: int, at: datetime, rota: Rota) -> bool:
    """Whether whoever covers has the briefings and is asked for no answer.

    So it is over a whole day off of a part-time week, which comes every week, and for an account that is shut, whose
    cases wait for another accountable officer. Hours of a day that a part-time week leaves out need no briefing.
    """
    absence = rota.away(owner, at)
    if absence is None:
        return owner in rota.inactive
    return absence.kind == PATTERN and (absence.from_at, absence.until_at) == rota.hours_on(london_day(at))


def inherited(owner: int, at: datetime, team: Team, kept: Collection[int]) -> Inherited | None:
    """Say who has a case of this owner now; None while the owner is there, or away only as on every such weekday.

    `kept` may not have the case; those of them who said why not are passed over for as long as this absence.
    """
    absence = absence_of(owner, at, team.rota)
    return None if absence is None else Inherited(absence, on_cover(owner, at, team.rota, kept))


def unanswered(
    offered_at: datetime, climbed: Collection[str], at: datetime, practice: Practice, find: Find
) -> tuple[Unanswered, ...]:
    """The rungs that are reached at the instant and were not before, the highest last.

    A rung that finds nobody hands up at once: the next one is then due when it was.
    """
    reached: list[Unanswered] = []
    for rung, due_at in _rungs(offered_at, practice):
        if rung.role in climbed:
            continue
        hands_up = bool(reached) and reached[-1].found.is_nobody
        if due_at > at and not hands_up:
            break
        told = [step.found.person for step in reached if step.found.person is not None]
        reached.append(Unanswered(rung.role, min(due_at, at), find(rung.role, told)))
    return tuple(reached)


def find_in(owner: int, at: datetime, team: Team, passed: Collection[int]) -> Find:
    """Make the search for one case: whom each rung finds besides those `passed` over and those who were told already.

    The second cover is whom the resolver finds when the first is passed over.
    """

    def find(role: str, told: Collection[int]) -> Cover:
        besides = {*passed, *told}
        if role == COVER:
            return on_cover(owner, at, team.rota, besides)
        return first_there(team.in_role.get(role, ()), at, team.rota, besides)

    return find


def next_rung_at(offered_at: datetime, climbed: Collection[str], practice: Practice) -> datetime | None:
    """When somebody else is told that the case is not accepted; None when the ladder is at its end."""
    return next((due_at for rung, due_at in _rungs(offered_at, practice) if rung.role not in climbed), None)


def rung_words(rung: str) -> str:
    """Whom a rung looks for, as a page says it."""
    return "the second cover" if rung == COVER else ROLE_WORDS[rung]


def _rungs(offered_at: datetime, practice: Practice) -> Iterator[tuple[Rung, datetime]]:
    rules, calendar = practice.rules, practice.calendar
    return ((rung, rung_at(offered_at, rung, rules.office, calendar)) for rung in ACCEPTANCE)
