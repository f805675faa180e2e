"""Who covers: the one resolver that the page, the routing and the escalation all ask. Pure; "nobody" is an answer."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from lado.domain.rota import KINDS, PATTERN, PRIMARY, SECOND, Away, Rota
from workflows.london import london_day

__all__ = ["KINDS", "Away", "Cover", "Rota", "Stretch"]

NOBODY_BARRED: frozenset[int] = frozenset()

SHUT, CONFLICT, FIRST, REFUSED = "shut", "conflict", "first", "refused"
"""Why somebody was passed over who is not away: no account any more, barred from this case, asked first already, or
they said that they cannot take it."""


class Kept(frozenset[int]):
    """Those who are barred from a case and, apart from them, who said that they cannot take it.

    `refused` are pairs of an absence of the owner and a person: a refusal holds for as long as that absence, and keeps
    nobody from the case itself.
    """

    refused: frozenset[tuple[int, int]]

    def __new__(cls, barred: Iterable[int] = (), refused: Iterable[tuple[int, int]] = ()) -> Self:
        """Those who are barred, and who refused in which absence."""
        made = super().__new__(cls, barred)
        made.refused = frozenset(refused)
        return made

    def __eq__(self, other: object) -> bool:
        """Whether the resolver would say the same of both."""
        return frozenset.__eq__(self, other) and self.refused == getattr(other, "refused", frozenset())

    def __ne__(self, other: object) -> bool:
        """Whether the resolver would tell them apart; a set compares this by itself."""
        return not self == other

    __hash__ = frozenset.__hash__


def passing_over(barred: Collection[int], people: Iterable[int]) -> Collection[int]:
    """Those whom a case passes over and these people as well; who refused it in which absence stays known."""
    return Kept({*barred, *people}, barred.refused if isinstance(barred, Kept) else ())


@dataclass(frozen=True, slots=True)
class Cover:
    """Who is there for someone: the chain of people asked, in order, the one who is there (None: nobody), and why.

    `passed` says of each in the chain who was not found why not, in the same order: the kind of their absence, `shut`,
    `conflict`, `refused` or `first`. `stands_for` is whose cover or deputy the one who was found is; None where they
    are there themselves, have the duty or lead.
    """

    chain: tuple[int, ...]
    person: int | None
    why: str
    passed: tuple[str, ...] = ()
    stands_for: int | None = None

    @property
    def is_nobody(self) -> bool:
        """Whether nobody is there."""
        return self.person is None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of time (the end excluded) over which one answer holds."""

    from_at: datetime
    until_at: datetime
    cover: Cover


def on_cover(person: int, at: datetime, rota: Rota, barred: Collection[int] = NOBODY_BARRED) -> Cover:
    """Say who is there for the person at the instant, in the order of precedence of ADR 0013.

    The person; whoever is named for their absence, first and second, and whoever is named for the absences of those;
    standing deputies, that of the one asked last first; who has the duty, first and second; where somebody refused, the
    nearest leader. Nobody is asked twice, and those in `barred`, who may not have this case or (`Kept`) refused it in
    this absence, are passed over. When all were asked, nobody is there.
    """
    written = rota.written.get(person)
    if written is not None and not barred:
        is_there = written.chain == (person,) and written.person is not None
        return Cover(
            written.chain, written.person, "is there" if is_there else "as it was written down", written.passed
        )
    return _Search(at, rota, barred).from_person(person)


def second(person: int, at: datetime, rota: Rota, barred: Collection[int] = NOBODY_BARRED) -> Cover:
    """Say who is there besides the person who is there for them: the next one up when the first does not act.

    The search goes on where it found the first.
    """
    first = on_cover(person, at, rota, barred)
    if first.person is None:
        return first
    return _Search(at, rota, barred, first.person).from_person(person)


def on_duty(rank: int, at: datetime, rota: Rota, barred: Collection[int] = NOBODY_BARRED) -> Cover:
    """Say who has the duty of a rank at the instant and is there: those on duty, or who is named to cover one of them.

    A standing deputy stands in for an owner's cases, not for duty.
    """
    return _Search(at, rota, barred, ranks=(rank,)).from_duty()


def first_there(people: Iterable[int], at: datetime, rota: Rota, barred: Collection[int] = NOBODY_BARRED) -> Cover:
    """Say who of several people of one standing is there: the first who is there in person, or else who covers one.

    Whoever has the duty does not stand in here: a rung that looks for a leader goes up, not back to the team.
    """
    answers = [_Search(at, rota, barred, ranks=()).from_person(person) for person in people]
    found = [answer for answer in answers if answer.person is not None]
    if found:
        return min(found, key=lambda answer: len(answer.chain) > 1)
    asked = {person: why for answer in answers for person, why in zip(answer.chain, answer.passed, strict=True)}
    words = "nobody of this role is there" if asked else "nobody has this role"
    return Cover(tuple(asked), None, words, tuple(asked.values()))


def stretches(
    person: int, from_at: datetime, until_at: datetime, rota: Rota, barred: Collection[int] = NOBODY_BARRED
) -> tuple[Stretch, ...]:
    """Say who is there for the person over a span of time, as pieces over which the answer does not change."""
    return _pieces(lambda at: on_cover(person, at, rota, barred), from_at, until_at, rota)


def duty_stretches(
    rank: int, from_at: datetime, until_at: datetime, rota: Rota, barred: Collection[int] = NOBODY_BARRED
) -> tuple[Stretch, ...]:
    """Say who has the duty of a rank over a span of time, as pieces over which the answer does not change."""
    return _pieces(lambda at: on_duty(rank, at, rota, barred), from_at, until_at, rota)


def gap_of(cover: Cover, at: datetime, rota: Rota) -> str:
    """Name the reason why nobody is there, the same for as long as it is the same absences: raised once, not twice."""
    return ".".join(f"{person}-{_reason(person, at, rota)}" for person in cover.chain)


def covered_people(person: int, others: Iterable[int], at: datetime, rota: Rota) -> tuple[int, ...]:
    """Those of the others for whom this person is there now."""
    return tuple(other for other in others if other != person and on_cover(other, at, rota).person == person)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Somebody to ask: for whom they would stand in (None: for nobody), whether as a matter of duty or as a leader."""

    person: int
    stands_for: int | None = None
    by_duty: bool = False
    leads: bool = False


@dataclass
class _Search:
    """One search for somebody who is there. Each step asks one person who was not asked before, so it ends."""

    at: datetime
    rota: Rota
    barred: Collection[int]
    besides: int | None = None
    ranks: tuple[int, ...] = (PRIMARY, SECOND)
    passed: dict[_Candidate, str] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    refused: frozenset[int] = NOBODY_BARRED

    def from_person(self, person: int) -> Cover:
        if isinstance(self.barred, Kept):
            absence = self.rota.away(person, self.at)
            self.refused = frozenset(who for number, who in self.barred.refused if absence and number == absence.id)
        return self._ask(_Candidate(person))

    def from_duty(self) -> Cover:
        found = next(self._still_to_ask(), None)
        return Cover((), None, "nobody is on duty") if found is None else self._ask(found)

    def _ask(self, following: _Candidate | None) -> Cover:
        while following is not None:
            why_not = self._why_not(following.person)
            if not why_not:
                return self._found(following)
            self.passed[following] = why_not
            self.asked.add(following.person)
            following = next(self._still_to_ask(), None)
        chain = tuple(one.person for one in self.passed)
        words = "nobody is named to cover" if len(chain) == 1 else "nobody who could cover is there"
        return Cover(chain, None, words, tuple(self.passed.values()))

    def _why_not(self, person: int) -> str:
        if person in self.rota.inactive:
            return SHUT
        absence = self.rota.away(person, self.at)
        if absence is not None:
            return absence.kind
        if person in self.barred:
            return CONFLICT
        if person in self.refused:
            return REFUSED
        return FIRST if person == self.besides else ""

    def _still_to_ask(self) -> Iterator[_Candidate]:
        return (candidate for candidate in self._candidates() if candidate.person not in self.asked)

    def _candidates(self) -> Iterator[_Candidate]:
        for one in self.passed:
            absence = self.rota.away(one.person, self.at)
            for named in absence.named if absence else ():
                yield _Candidate(named, one.person, one.by_duty)
        for one in reversed(self.passed):
            if not one.by_duty and one.person in self.rota.deputies:
                yield _Candidate(self.rota.deputies[one.person], one.person)
        for rank in self.ranks:
            for person in self.rota.on_duty(rank, self.at):
                yield _Candidate(person, by_duty=True)
        if self.refused and self.besides is None:
            for person in self.rota.leaders:
                yield _Candidate(person, leads=True)

    def _found(self, found: _Candidate) -> Cover:
        chain = (*(one.person for one in self.passed), found.person)
        if len(chain) == 1 and not found.by_duty:
            why = "is there"
        elif found.stands_for is None:
            why = "leads" if found.leads else "is on duty"
        else:
            why = "covers" if len(chain) == 2 else "covers the cover"
        return Cover(chain, found.person, why, tuple(self.passed.values()), found.stands_for)


def _pieces(ask: Callable[[datetime], Cover], from_at: datetime, until_at: datetime, rota: Rota) -> tuple[Stretch, ...]:
    """Ask again at each instant at which one of those who were asked may come or go, or duty may change."""
    found: list[Stretch] = []
    begin = from_at
    while begin < until_at:
        cover = ask(begin)
        is_there = cover.why == "is there"
        end = rota.next_edge(cover.chain, begin, until_at, duty=not is_there)
        if found and found[-1].cover == cover:
            found[-1] = Stretch(found[-1].from_at, end, cover)
        else:
            found.append(Stretch(begin, end, cover))
        begin = end
    return tuple(found)


def _reason(person: int, at: datetime, rota: Rota) -> str:
    absence = rota.away(person, at)
    if absence is None:
        return SHUT if person in rota.inactive else CONFLICT
    return f"{PATTERN} {london_day(at)}" if absence.kind == PATTERN else str(absence.id)
