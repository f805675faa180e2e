"""Who covers: the one resolver that the page, the routing and the escalation all ask. Pure; "nobody" is an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Away:
    """One absence: who is away, from when until when (the end excluded), and who covers (None: nobody named)."""

    person: int
    from_at: datetime
    until_at: datetime
    cover: int | None
    kind: str = "leave"

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


def on_cover(person: int, at: datetime, rota: Rota) -> Cover:
    """Say who is there for the person at the instant: themselves, or the cover, or the cover of the cover.

    Someone away without a named cover is covered by their standing deputy. A chain that comes back to someone already
    asked, or ends with someone who has neither, finds nobody.
    """
    chain = [person]
    while True:
        here = chain[-1]
        absence = rota.away(here, at)
        if absence is None and here not in rota.inactive:
            return Cover(tuple(chain), here, _why(chain))
        following = absence.cover if absence and absence.cover is not None else rota.deputies.get(here)
        if following is None:
            return Cover(tuple(chain), None, "nobody is named to cover")
        if following in chain:
            return Cover((*chain, following), None, "the cover comes round in a circle")
        chain.append(following)


def second(person: int, at: datetime, rota: Rota) -> Cover:
    """Say who is there besides the person who is there for them: the next one up when the first does not act.

    That is whoever covers the absence of the person on cover, which for someone present is their standing deputy.
    """
    first = on_cover(person, at, rota)
    if first.person is None:
        return first
    deputy = rota.deputies.get(first.person)
    if deputy is None or deputy in first.chain:
        return Cover(first.chain, None, "no deputy is named")
    found = on_cover(deputy, at, rota)
    if found.person in first.chain:
        return Cover((*first.chain, *found.chain), None, "the deputy’s cover is the same person again")
    return Cover((*first.chain, *found.chain), found.person, found.why)


def covered_people(person: int, others: Iterable[int], at: datetime, rota: Rota) -> tuple[int, ...]:
    """Those of the others for whom this person is there now."""
    return tuple(other for other in others if other != person and on_cover(other, at, rota).person == person)


def _why(chain: list[int]) -> str:
    if len(chain) == 1:
        return "is there"
    return "covers" if len(chain) == 2 else "covers the cover"
