"""What is unusual in the log of reads: looks that a manager should ask about, and never more than a question. Pure.

Each detector is a function from the looks of a week, and what is known around them, to findings. What the looks were
for is not known here, so nothing is called wrong: a colleague may well have been asked to help.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import NamedTuple, TypeVar

from workflows.london import london_day

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Kind(StrEnum):
    """Why looks are unusual, what weighs most first."""

    OWN = "own"
    SURNAME = "surname"
    BULK = "bulk"
    OUTSIDE = "outside"
    HOURS = "hours"
    SEARCH = "search"


WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.OWN: ("Their own name", "A case in which somebody has the same name, or a search for their own name."),
    Kind.SURNAME: ("The same surname", "A case in which somebody has the same surname."),
    Kind.BULK: ("Many cases", "More different cases in an hour, or a day, than can be worked on."),
    Kind.OUTSIDE: ("A case of somebody else", "Not their case, not covered, not on duty, nothing written on it."),
    Kind.HOURS: ("Outside office hours", "Well before the office opened, well after it closed, or on a closed day."),
    Kind.SEARCH: ("The same search again and again", "The same words were searched for many times in a week."),
}
"""Each kind as a page says it: in short, and what it means."""


class Answer(StrEnum):
    """What came of looking into a finding."""

    WORK = "work"
    ASKED = "asked"
    PASSED_ON = "passed_on"


ANSWERS: Mapping[Answer, str] = {
    Answer.WORK: "Looked into: there was a work reason",
    Answer.ASKED: "Asked the person, and talked about it",
    Answer.PASSED_ON: "Passed on, to whoever looks into it further",
}

EARLY, LATE = timedelta(hours=1), timedelta(hours=2)
"""How long before the office opens and after it closes work is still usual."""

MANY_IN_AN_HOUR = 30
"""Different cases in an hour of the clock, more of which are unusual. The brake on reading stands at twice that."""

SAME_SEARCH = 6
"""How often in a week the same words are searched for before it is unusual."""


class Look(NamedTuple):
    """One look of one person; `case` is None where it was no single case."""

    person: int
    at: datetime
    case: int | None


class Search(NamedTuple):
    """One search: a digest of the words, which tells the same words again and nothing else."""

    person: int
    at: datetime
    digest: bytes


class Stood(NamedTuple):
    """That somebody was on duty (`instead_of` None), or there for a colleague, over a span of time."""

    person: int
    instead_of: int | None
    from_at: datetime
    until_at: datetime | None


class Finding(NamedTuple):
    """Looks of one person that somebody should ask about; `mark` is the same however often they are found."""

    kind: Kind
    person: int
    case: int | None
    first_at: datetime
    last_at: datetime
    times: int
    mark: str


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around the looks of a week.

    `bound` is who has something to do with which case, as (person, case): their own, handed to them, written on, told
    of. `has_caseload` is whose work is a caseload; the work of the others, such as managers, is to look at any case.
    """

    week_on: date
    opening: Callable[[date], tuple[datetime, datetime] | None]
    owners: Mapping[int, int | None] = field(default_factory=dict)
    bound: Collection[tuple[int, int]] = frozenset()
    stood: Collection[Stood] = ()
    has_caseload: Collection[int] = frozenset()
    works_at_night: Collection[int] = frozenset()
    same_name: Collection[tuple[int, int]] = frozenset()
    same_surname: Collection[tuple[int, int]] = frozenset()
    own_digests: Mapping[int, Collection[bytes]] = field(default_factory=dict)


def findings(looks: Collection[Look], searches: Collection[Search], around: Around) -> list[Finding]:
    """Everything that is unusual in a week's looks and searches; of one person and case the weightiest reason alone."""
    found = list(
        chain(
            by_name(looks, around),
            own_searches(searches, around),
            in_bulk(looks),
            outside(looks, around),
            at_odd_hours(looks, around),
            searched_again(searches, around),
        )
    )
    said: set[tuple[int, int]] = set()
    kept = []
    for one in sorted(found, key=lambda one: (list(Kind).index(one.kind), one.first_at, one.mark)):
        about = (one.person, one.case) if one.case is not None else None
        if about not in said:
            kept.append(one)
        if about is not None:
            said.add(about)
    return kept


def by_name(looks: Iterable[Look], around: Around) -> Iterator[Finding]:
    """Cases in which somebody has the name, or the surname, of whoever looked."""
    for (person, case), group in _grouped(looks, lambda look: (look.person, look.case)):
        if case is not None and (person, case) in around.same_name:
            yield _found(Kind.OWN, group, case, f"{person}.{case}")
        elif case is not None and (person, case) in around.same_surname:
            yield _found(Kind.SURNAME, group, case, f"{person}.{case}")


def own_searches(searches: Iterable[Search], around: Around) -> Iterator[Finding]:
    """Searches for one's own name."""
    own = (one for one in searches if one.digest in around.own_digests.get(one.person, ()))
    for person, group in _grouped(own, lambda one: one.person):
        yield _found(Kind.OWN, group, None, f"{person}.search.{around.week_on}")


def in_bulk(looks: Iterable[Look]) -> Iterator[Finding]:
    """Hours in which more different cases were opened than anybody works on; one finding for each day."""
    opened = (look for look in looks if look.case is not None)
    hours = _grouped(opened, lambda look: (look.person, look.at.replace(minute=0, second=0, microsecond=0)))
    many = [look for _, group in hours if len({look.case for look in group}) > MANY_IN_AN_HOUR for look in group]
    for (person, day), group in _grouped(many, lambda look: (look.person, london_day(look.at))):
        yield _found(Kind.BULK, group, None, bulk_mark(person, day), len({look.case for look in group}))


def bulk_mark(person: int, day: date) -> str:
    """The mark, without its kind, of many cases on one day: the brake makes the same finding at once."""
    return f"{person}.{day}"


def outside(looks: Iterable[Look], around: Around) -> Iterator[Finding]:
    """Cases with which somebody who has a caseload has nothing to do: not theirs, not covered, not met on duty."""
    other = (look for look in looks if look.person in around.has_caseload and not _is_work(look, around))
    for (person, case), group in _grouped(other, lambda look: (look.person, look.case)):
        yield _found(Kind.OUTSIDE, group, case, f"{person}.{case}.{around.week_on}")


def at_odd_hours(looks: Iterable[Look], around: Around) -> Iterator[Finding]:
    """Cases opened when the office had long been closed, by whoever does not work at night; one for each day."""
    odd = (
        look
        for look in looks
        if look.case is not None
        and look.person not in around.works_at_night
        and not is_usual_time(look.at, around.opening)
        and not _stands(look, around)
    )
    for (person, day), group in _grouped(odd, lambda look: (look.person, london_day(look.at))):
        cases = {look.case for look in group}
        yield _found(Kind.HOURS, group, cases.pop() if len(cases) == 1 else None, f"{person}.{day}")


def searched_again(searches: Iterable[Search], around: Around) -> Iterator[Finding]:
    """The same words, searched for again and again within the week."""
    for (person, digest), group in _grouped(searches, lambda one: (one.person, one.digest)):
        if len(group) >= SAME_SEARCH:
            yield _found(Kind.SEARCH, group, None, f"{person}.{digest.hex()}.{around.week_on}")


def is_usual_time(at: datetime, opening: Callable[[date], tuple[datetime, datetime] | None]) -> bool:
    """Whether the office is open about then, by the council's own hours and closed days."""
    hours = opening(london_day(at))
    return hours is not None and hours[0] - EARLY <= at < hours[1] + LATE


def _is_work(look: Look, around: Around) -> bool:
    is_theirs = look.case is None or around.owners.get(look.case) == look.person
    return is_theirs or (look.person, look.case) in around.bound or _stands(look, around)


def _stands(look: Look, around: Around) -> bool:
    """Whether they were on duty, or there for the officer of the case, at that moment."""
    owner = around.owners.get(look.case) if look.case is not None else None
    return any(
        stood.person == look.person
        and (stood.instead_of is None or stood.instead_of == owner)
        and stood.from_at <= look.at
        and (stood.until_at is None or look.at < stood.until_at)
        for stood in around.stood
    )


def _grouped(things: Iterable[T], key: Callable[[T], K]) -> Iterable[tuple[K, list[T]]]:
    groups: dict[K, list[T]] = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups.items()


def _found(
    kind: Kind, group: list[Look] | list[Search], case: int | None, mark: str, times: int | None = None
) -> Finding:
    moments = [one.at for one in group]
    return Finding(kind, group[0].person, case, min(moments), max(moments), times or len(group), f"{kind}.{mark}")
