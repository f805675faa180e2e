"""Gaps ahead: the office hours in which nobody is there, cannot be reached, or everything hangs on one person. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from lado.domain.cover import Cover, Rota, Stretch, stretches

NO_TIME = timedelta()


class Kind(StrEnum):
    """What is wrong, the worst first."""

    NOBODY = "nobody"
    """Office hours in which no officer at all is there to take a referral."""
    UNCOVERED = "uncovered"
    """Somebody's cases, and nobody is there for them."""
    UNREACHABLE = "unreachable"
    """Cover is named, and cannot be reached: no address, messages that fail, or an account that is shut."""
    CONFLICT = "conflict"
    """Cases with a conflict of interest of everybody who is there."""
    ALONE = "alone"
    """One single officer is there, for everything or for the cases that all others are barred from."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time, the end excluded."""

    from_at: datetime
    until_at: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.until_at - self.from_at


@dataclass(frozen=True, slots=True)
class Walled:
    """Open cases of one owner from which the same people are barred, and how many they are."""

    owner: int
    barred: frozenset[int]
    cases: int = 1


@dataclass(frozen=True, slots=True)
class What:
    """What a gap is about: its kind, whose cases (None: everybody's), and who is the cover or the only one left."""

    kind: Kind
    person: int | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: what it is, from its first to its last moment in office hours, those hours, and whom the rota asked.

    Nights, weekends and closed days do not end a gap: `open_for` counts the office hours alone.
    """

    what: What
    from_at: datetime
    until_at: datetime
    open_for: timedelta
    cover: Cover | None = None
    pieces: tuple[Piece, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Ahead:
    """What the time ahead is looked at with.

    `officers` are those who may take a referral; `owners` those whose cases must be covered. `office` is when the
    office is open, in order. `unreachable` says of people why they cannot be reached.
    """

    rota: Rota
    officers: tuple[int, ...]
    owners: tuple[int, ...]
    office: tuple[Piece, ...]
    unreachable: Mapping[int, str] = field(default_factory=dict)
    walled: tuple[Walled, ...] = ()
    contact: int | None = None
    """Who looks after a case that nobody else may have."""


@dataclass(frozen=True)
class Outlook:
    """The gaps in order of beginning, the office hours looked at, and those of them with two officers or more."""

    gaps: tuple[Gap, ...]
    open_for: timedelta
    shared_for: timedelta

    @property
    def score(self) -> int:
        """The share of office hours with two officers or more, as a whole percentage.

        A rota of one person scores 0, the lowest there is, as does a rota of nobody: what one illness can stop is not
        covered, however evenly that one person is spread.
        """
        return int(100 * (self.shared_for / self.open_for)) if self.open_for else 0


def sweep(ahead: Ahead) -> Outlook:
    """Find every gap, by walking from one change of the rota or of the office hours to the next."""
    found: list[Gap] = []
    standing: dict[What, list[Piece]] = {}
    covers: dict[What, Cover | None] = {}
    shared = NO_TIME
    for piece, answers, behind in _pieces(ahead):
        there = [person for person in ahead.officers if answers[person].person == person]
        shared += piece.length if len(there) > 1 else NO_TIME
        now = dict(_wrong(ahead, answers, there, behind))
        for ended in [what for what in standing if what not in now]:
            found.append(_gap(ended, standing.pop(ended), covers.pop(ended)))
        for what, cover in now.items():
            standing.setdefault(what, []).append(piece)
            covers.setdefault(what, cover)
    found += [_gap(what, pieces, covers[what]) for what, pieces in standing.items()]
    order = list(Kind)
    found.sort(key=lambda gap: (gap.from_at, order.index(gap.what.kind), gap.what.person or 0, gap.what.by or 0))
    return Outlook(tuple(found), sum((piece.length for piece in ahead.office), NO_TIME), shared)


def made_by(before: Outlook, after: Outlook) -> tuple[Gap, ...]:
    """The gaps that a change makes: those of the time after it that did not stand before, where they did not."""
    known: dict[What, list[Piece]] = {}
    for gap in before.gaps:
        known.setdefault(gap.what, []).extend(gap.pieces)
    return tuple(
        _gap(gap.what, fresh, gap.cover)
        for gap in after.gaps
        if (fresh := list(_without(gap.pieces, known.get(gap.what, ()))))
    )


def _pieces(ahead: Ahead) -> Iterator[tuple[Piece, Mapping[int, Cover], Sequence[Cover]]]:
    """The office hours in pieces over which no answer of the resolver changes, with its answers.

    For each person, and for each of the walled groups of cases.
    """
    if not ahead.office:
        return
    span = ahead.office[0].from_at, ahead.office[-1].until_at
    contact = () if ahead.contact is None else (ahead.contact,)
    people = tuple(dict.fromkeys((*ahead.officers, *ahead.owners, *contact)))
    lines = [stretches(person, *span, ahead.rota) for person in people]
    lines += [stretches(wall.owner, *span, ahead.rota, wall.barred) for wall in ahead.walled]
    edges = sorted({stretch.from_at for line in lines for stretch in line})
    places = [0] * len(lines)
    for opening in ahead.office:
        inside = edges[bisect_right(edges, opening.from_at) : bisect_left(edges, opening.until_at)]
        for begin, end in pairwise((opening.from_at, *inside, opening.until_at)):
            answers = [_at(line, places, number, begin) for number, line in enumerate(lines)]
            yield Piece(begin, end), dict(zip(people, answers, strict=False)), answers[len(people) :]


def _at(line: Sequence[Stretch], places: list[int], number: int, at: datetime) -> Cover:
    """The answer of a line at the instant; instants are asked in order, so no stretch is looked at twice."""
    while line[places[number]].until_at <= at:
        places[number] += 1
    return line[places[number]].cover


def _wrong(
    ahead: Ahead, answers: Mapping[int, Cover], there: Sequence[int], behind: Sequence[Cover]
) -> Iterator[tuple[What, Cover | None]]:
    """What is wrong over one piece."""
    if not there:
        yield What(Kind.NOBODY), None
    elif len(there) == 1:
        yield What(Kind.ALONE, by=there[0]), None
    for person in ahead.owners:
        cover = answers[person]
        named = cover.chain[1:]
        if cover.person is None:
            is_shut = named and ahead.rota.inactive.issuperset(named)
            yield What(Kind.UNREACHABLE, person, named[0]) if is_shut else What(Kind.UNCOVERED, person), cover
        elif cover.person != person and cover.person in ahead.unreachable:
            yield What(Kind.UNREACHABLE, person, cover.person), cover
    contact = ahead.contact is not None and answers[ahead.contact].person == ahead.contact
    for wall, cover in zip(ahead.walled, behind, strict=True):
        is_caught = answers[wall.owner].is_nobody or (contact and ahead.contact not in wall.barred)
        yield from _behind_wall(wall, cover, there, is_caught=is_caught)


def _behind_wall(
    wall: Walled, cover: Cover, there: Sequence[int], *, is_caught: bool
) -> Iterator[tuple[What, Cover | None]]:
    """What conflicts of interest leave of those who are there.

    `is_caught`: the independent contact has the cases then, or nobody covers them anyway, which is said already.
    """
    left = [person for person in there if person not in wall.barred]
    if not is_caught and ((there and not left) or cover.is_nobody):
        yield What(Kind.CONFLICT, wall.owner), cover
    elif len(left) == 1 and len(there) > 1:
        yield What(Kind.ALONE, wall.owner, left[0]), cover


def _gap(what: What, pieces: Sequence[Piece], cover: Cover | None) -> Gap:
    open_for = sum((piece.length for piece in pieces), NO_TIME)
    return Gap(what, pieces[0].from_at, pieces[-1].until_at, open_for, cover, tuple(pieces))


def _without(pieces: Iterable[Piece], known: Sequence[Piece]) -> Iterator[Piece]:
    """What is left of the pieces outside the known ones; both are in order and overlap nothing of their own."""
    for piece in pieces:
        begin = piece.from_at
        for other in known:
            if other.until_at <= begin or other.from_at >= piece.until_at:
                continue
            if other.from_at > begin:
                yield Piece(begin, other.from_at)
            begin = max(begin, other.until_at)
        if begin < piece.until_at:
            yield Piece(begin, piece.until_at)
