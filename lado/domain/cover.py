"""Who covers: the one resolver that the page, the routing and the escalation all ask. Pure; "nobody" is an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

KINDS: Mapping[str, str] = {
    "leave": "Leave",
    "sickness": "Sickness",
    "training": "Training",
    "vacancy": "Vacancy",
}
"""Why someone is not there."""


@dataclass(frozen=True, slots=True)
class Away:
    """One absence: who is away, from when until when (the end excluded), and who covers (None: nobody named)."""

    person: int
    from_at: datetime
    until_at: datetime
    cover: int | None
    kind: str = "leave"
    id: int = 0

    def holds(self, at: datetime) -> bool:
        """Whether the person is away at the instant."""
        return self.from_at <= at < self.until_at


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is there for someone: the chain of people asked, in order, the one who is there (None: nobody), and why."""

    chain: tuple[int, ...]
    person: int | None
    why: str

    @property
    def is_nobody(self) -> bool:
        """Whether nobody is there."""
        return self.person is None


@dataclass(frozen=True)
class Rota:
    """What the resolver needs to know: absences, standing deputies, and the accounts that are no longer active."""

    absences: tuple[Away, ...] = ()
    deputies: Mapping[int, int] = field(default_factory=dict)
    inactive: frozenset[int] = frozenset()

    def away(self, person: int, at: datetime) -> Away | None:
        """The absence that keeps the person away at the instant; of several, the one recorded last."""
        return next(
            (absence for absence in reversed(self.absences) if absence.person == person and absence.holds(at)), None
        )

    def is_there(self, person: int, at: datetime) -> bool:
        """Whether the person themselves can act at the instant."""
        return person not in self.inactive and self.away(person, at) is None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time (the end excluded) over which one answer holds."""

    from_at: datetime
    until_at: datetime
    cover: Cover


def on_cover(person: int, at: datetime, rota: Rota) -> Cover:
    """Say who is there for the person at the instant: themselves, or the cover, or the cover of the cover.

    Someone away without a named cover is covered by their standing deputy. A chain that comes back to someone already
    asked, or ends with someone who has neither, finds nobody.
    """
    chain = [person]
    while True:
        here = chain[-1]
        if rota.is_there(here, at):
            return Cover(tuple(chain), here, _why(chain))
        absence = rota.away(here, at)
        following = absence.cover if absence and absence.cover is not None else rota.deputies.get(here)
        if following is None:
            return Cover(tuple(chain), None, "nobody is named to cover")
        if following in chain:
            return Cover(tuple(chain), None, "the cover comes round in a circle")
        chain.append(following)


def second(person: int, at: datetime, rota: Rota) -> Cover:
    """Say who is there besides the person who is there for them: the next one up when the first does not act.

    That is the standing deputy of whoever is there first, or else of someone before them in the chain.
    """
    first = on_cover(person, at, rota)
    if first.person is None:
        return first
    asked = list(first.chain)
    for member in reversed(first.chain):
        deputy = rota.deputies.get(member)
        if deputy is None or deputy in asked:
            continue
        found = on_cover(deputy, at, rota)
        fresh = [other for other in found.chain if other not in asked]
        if found.person is not None and found.person in fresh:
            return Cover((*asked, *fresh), found.person, found.why)
        asked += fresh
    return Cover(tuple(asked), None, "nobody else is named as a deputy")


def first_there(people: Iterable[int], at: datetime, rota: Rota) -> Cover:
    """Say who of several people of one standing is there: the first who is there in person, or else who covers one."""
    answers = [on_cover(person, at, rota) for person in people]
    found = [answer for answer in answers if answer.person is not None]
    if found:
        return min(found, key=lambda answer: len(answer.chain) > 1)
    asked = dict.fromkeys(person for answer in answers for person in answer.chain)
    return Cover(tuple(asked), None, "nobody of this role is there" if asked else "nobody has this role")


def stretches(person: int, from_at: datetime, until_at: datetime, rota: Rota) -> tuple[Stretch, ...]:
    """Say who is there for the person over a span of time, as pieces over which the answer does not change."""
    edges = {edge for absence in rota.absences for edge in (absence.from_at, absence.until_at)}
    inside = sorted(edge for edge in edges if from_at < edge < until_at)
    found: list[Stretch] = []
    for begin, end in pairwise((from_at, *inside, until_at)):
        cover = on_cover(person, begin, rota)
        if found and found[-1].cover == cover:
            found[-1] = Stretch(found[-1].from_at, end, cover)
        else:
            found.append(Stretch(begin, end, cover))
    return tuple(found)


def gap_of(cover: Cover, at: datetime, rota: Rota) -> str:
    """Name the reason why nobody is there, the same for as long as it is the same absences: raised once, not twice."""
    reasons = []
    for person in cover.chain:
        absence = rota.away(person, at)
        reasons.append(f"{person}-{absence.id if absence else 'shut'}")
    return ".".join(reasons)


def covered_people(person: int, others: Iterable[int], at: datetime, rota: Rota) -> tuple[int, ...]:
    """Those of the others for whom this person is there now."""
    return tuple(other for other in others if other != person and on_cover(other, at, rota).person == person)


def _why(chain: list[int]) -> str:
    if len(chain) == 1:
        return "is there"
    return "covers" if len(chain) == 2 else "covers the cover"
