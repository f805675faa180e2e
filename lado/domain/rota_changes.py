"""What a change of the rota would change: who is there for whom, with it and without it, over a span of time. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from lado.domain.cover import Rota, Stretch, duty_stretches, stretches
from lado.domain.rota import PRIMARY, SECOND, Away, DutyChange, DutyDay, Pattern


class Circle(NamedTuple):
    """When somebody who is to cover is away themselves and counts on the one whom they are to cover."""

    person: int
    from_at: datetime
    until_at: datetime


class Difference(NamedTuple):
    """A piece of time over which somebody else is there than before (None: nobody).

    For `person`, or where that is None for a rank of duty (1 or 2; 0 for a person).
    """

    person: int | None
    rank: int
    from_at: datetime
    until_at: datetime
    before: int | None
    after: int | None


def differences(
    before: Rota, after: Rota, people: Iterable[int], from_at: datetime, until_at: datetime
) -> tuple[Difference, ...]:
    """Every piece of the span over which a person or a duty would find somebody else, in order of beginning."""
    found = [
        Difference(person, 0, *piece)
        for person in people
        for piece in _apart(*(stretches(person, from_at, until_at, rota) for rota in (before, after)))
    ]
    found += [
        Difference(None, rank, *piece)
        for rank in (PRIMARY, SECOND)
        for piece in _apart(*(duty_stretches(rank, from_at, until_at, rota) for rota in (before, after)))
    ]
    return tuple(sorted(found, key=lambda one: (one.from_at, one.rank, one.person or 0)))


def circle(person: int, others: Collection[int], from_at: datetime, until_at: datetime, rota: Rota) -> Iterator[Circle]:
    """When one of those who are to cover is away themselves and this very person is named to cover for them."""
    for absence in rota.absences:
        begin, end = max(absence.from_at, from_at), min(absence.until_at, until_at)
        if absence.person in others and person in absence.named and begin < end:
            yield Circle(absence.person, begin, end)


def _apart(
    before: Sequence[Stretch], after: Sequence[Stretch]
) -> Iterator[tuple[datetime, datetime, int | None, int | None]]:
    """Where two tellings of the same span name different people; neighbours with the same answer are one piece."""
    waiting: tuple[datetime, datetime, int | None, int | None] | None = None
    for begin, end, was, now in _side_by_side(before, after):
        if waiting is not None and waiting[1:] == (begin, was, now):
            waiting = (waiting[0], end, was, now)
            continue
        if waiting:
            yield waiting
        waiting = (begin, end, was, now) if was != now else None
    if waiting:
        yield waiting


def _side_by_side(
    before: Sequence[Stretch], after: Sequence[Stretch]
) -> Iterator[tuple[datetime, datetime, int | None, int | None]]:
    first = second = 0
    while first < len(before) and second < len(after):
        was, now = before[first], after[second]
        begin, end = max(was.from_at, now.from_at), min(was.until_at, now.until_at)
        yield begin, end, was.cover.person, now.cover.person
        first += was.until_at == end
        second += now.until_at == end


New = Away | Pattern | DutyChange | tuple[DutyDay, ...]
"""What may be added to a rota: an absence, a working pattern, a change of duty, or who has which weekdays."""


def applied(rota: Rota, new: New, replaces: int = 0) -> Rota:
    """The rota with one thing more; `replaces` is the absence (by number) in whose place a new one stands."""
    if isinstance(new, Away):
        others = tuple(absence for absence in rota.absences if not replaces or absence.id != replaces)
        return replace(rota, absences=(*others, new))
    if isinstance(new, Pattern):
        return replace(rota, patterns=(*rota.patterns, new))
    if isinstance(new, DutyChange):
        return replace(rota, duty_changes=(*rota.duty_changes, new))
    return replace(rota, duty_days=(*rota.duty_days, *new))
