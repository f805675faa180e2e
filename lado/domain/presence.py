"""What each person of a team does over a span of time, in pieces: away, covering whom, on duty. Pure.

Everything here is the answer of the one resolver: the calendar page and the feeds both draw these pieces.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from lado.domain.cover import Stretch, duty_stretches, stretches
from lado.domain.rota import PRIMARY, SECOND, Rota

AWAY, COVERS, UNCOVERED = "away", "covers", "uncovered"
DUTY = {PRIMARY: "duty", SECOND: "second"}


class Presence(NamedTuple):
    """A piece of somebody's time (the end excluded).

    `what` is away (for the reason `why`, a kind of absence), uncovered (nobody is there for them), covers (the person
    `other`), duty or second.
    """

    person: int
    what: str
    from_at: datetime
    until_at: datetime
    why: str = ""
    other: int | None = None


Ask = Callable[[int, datetime, datetime], Sequence[Stretch]]


def presences(people: Iterable[int], from_at: datetime, until_at: datetime, rota: Rota) -> tuple[Presence, ...]:
    """What each of these people does between two instants, as the rota stands, in order of time.

    Whoever covers one of them is named too, whether or not they are among these people.
    """
    found = [piece for person in people for piece in of_stretches(person, stretches(person, from_at, until_at, rota))]
    for rank, what in DUTY.items():
        found += [
            Presence(piece.cover.person, what, piece.from_at, piece.until_at)
            for piece in duty_stretches(rank, from_at, until_at, rota)
            if piece.cover.person is not None
        ]
    return joined(found)


def of_stretches(person: int, over: Iterable[Stretch]) -> Iterator[Presence]:
    """What the answers about one person say: that they are away, and who covers them or that nobody does."""
    for begin, end, cover in ((piece.from_at, piece.until_at, piece.cover) for piece in over):
        if cover.person == person:
            continue
        yield Presence(person, AWAY, begin, end, why=cover.passed[0] if cover.passed else "")
        if cover.person is None:
            yield Presence(person, UNCOVERED, begin, end)
        else:
            yield Presence(cover.person, COVERS, begin, end, other=person)


def joined(pieces: Iterable[Presence]) -> tuple[Presence, ...]:
    """The same pieces in order of time, those that touch and say the same made one."""
    last: dict[tuple[int, str, str, int | None], Presence] = {}
    found: list[Presence] = []
    for piece in sorted(pieces, key=lambda piece: (piece.from_at, piece.person, piece.what, piece.other or 0)):
        same = piece.person, piece.what, piece.why, piece.other
        before = last.get(same)
        if before is not None and before.until_at == piece.from_at:
            last[same] = before._replace(until_at=piece.until_at)
        else:
            if before is not None:
                found.append(before)
            last[same] = piece
    return tuple(sorted((*found, *last.values()), key=lambda piece: (piece.from_at, piece.person, piece.what)))
