"""What a change of the rota would change, before it is made: who would cover, or have the duty, instead. Pure."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from lado.domain.cover import Stretch, duty_stretches, stretches
from lado.domain.rota import PRIMARY, SECOND, Rota


class Effect(NamedTuple):
    """A piece of time (the end excluded) over which somebody else is there than now (None: nobody).

    For the person `whose`, or where that is None as a matter of duty of this rank.
    """

    whose: int | None
    rank: int
    from_at: datetime
    until_at: datetime
    was: int | None
    will: int | None


Pieces = Callable[[Rota], Sequence[Stretch]]


def effects(
    before: Rota, after: Rota, people: Collection[int], from_at: datetime, until_at: datetime
) -> tuple[Effect, ...]:
    """What differs between two rotas over a span, in order of time: first who has the duty, then who covers whom."""
    found: list[Effect] = []
    for rank in (PRIMARY, SECOND):
        pieces = [duty_stretches(rank, from_at, until_at, rota) for rota in (before, after)]
        found += [Effect(None, rank, *piece) for piece in _differences(*pieces)]
    for person in people:
        pieces = [stretches(person, from_at, until_at, rota) for rota in (before, after)]
        found += [Effect(person, 0, *piece) for piece in _differences(*pieces)]
    return tuple(sorted(found, key=lambda effect: (effect.from_at, effect.whose or 0, effect.rank)))


def _differences(
    before: Sequence[Stretch], after: Sequence[Stretch]
) -> Iterator[tuple[datetime, datetime, int | None, int | None]]:
    """The pieces over which two sequences of answers over the same span name different people, the longest possible."""
    edges = sorted({piece.from_at for piece in (*before, *after)})
    ends = [*edges[1:], before[-1].until_at] if before else []
    held: tuple[datetime, datetime, int | None, int | None] | None = None
    for begin, end in zip(edges, ends, strict=True):
        was, will = _found(before, begin), _found(after, begin)
        if held is not None and held[1] == begin and held[2:] == (was, will):
            held = (held[0], end, was, will)
            continue
        if held is not None and held[2] != held[3]:
            yield held
        held = (begin, end, was, will)
    if held is not None and held[2] != held[3]:
        yield held


def _found(pieces: Sequence[Stretch], at: datetime) -> int | None:
    return next(piece.cover.person for piece in pieces if piece.from_at <= at < piece.until_at)
