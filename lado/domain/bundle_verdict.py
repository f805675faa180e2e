"""Whether an export bundle holds: read once from its first line to its last, refused at the first thing that does not.

The reasons and their order are those of `docs/record-format.md`, which a second verifier follows too.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, TypeVar, cast

from lado.domain.bundles import (
    MOST,
    Chained,
    End,
    Header,
    Line,
    Malformed,
    end_statement,
    read,
    read_checkpoint,
)
from lado.domain.chain import GENESIS, Looked, canonical, reads_digest, statement
from lado.domain.witnessed import Signed

SECTIONS: Sequence[type[Line]] = (Header, Signed, Chained, Looked, End)
"""The kinds of lines in the order in which they stand. The first and the last are one line each."""

Kind = TypeVar("Kind", Header, Signed, Chained, Looked, End)


class Reason(StrEnum):
    """Why a bundle is refused, as the format names it."""

    FORM = "form"
    KEY = "key"
    SIGNATURE = "signature"
    ORDER = "order"
    COUNT = "count"
    CHECKPOINT = "checkpoint"
    OLDER = "older"
    SEQUENCE = "sequence"
    NUMBER = "number"
    LINK = "link"
    CUT = "cut"
    HEAD = "head"
    READS = "reads"


class Keys(NamedTuple):
    """What a verifier is given: how an entry is linked, the public key, and whether a signature holds under it."""

    link: Callable[[bytes, bytes], bytes]
    public_key: bytes
    holds: Callable[[bytes, bytes], bool]


class Verdict(NamedTuple):
    """The header of a bundle that holds; else the reason, the place (a line or a file) and the words of a refusal."""

    header: Header | None
    reason: Reason | None = None
    place: str = ""
    words: str = ""


class Unfit(Exception):
    """Something that does not hold, with its reason and, where it is a file, its place."""

    def __init__(self, reason: Reason, words: str, place: str = "") -> None:
        """Keep what the verdict says."""
        super().__init__(words)
        self.reason, self.place = reason, place


def judge(bundle: Iterable[bytes], keys: Keys, elsewhere: Mapping[str, bytes]) -> Verdict:
    """Judge a bundle by its lines. `elsewhere` is the checkpoint files from places off the host, by name."""
    lines = _Lines(bundle)
    try:
        return Verdict(_accepted(lines, keys, _files(elsewhere, keys)))
    except Unfit as problem:
        return Verdict(None, problem.reason, problem.place or f"line {lines.number}", str(problem))


def _accepted(lines: "_Lines", keys: Keys, files: Sequence[tuple[str, Signed]]) -> Header:
    lines.step()
    header = lines.one(Header)
    if header.public_key != keys.public_key:
        raise Unfit(Reason.KEY, "the bundle names another key than the trusted one")
    lines.step()
    signed = list(_checkpoints(lines, keys))
    if len(signed) != header.checkpoints:
        raise Unfit(Reason.COUNT, f"there are {len(signed)} checkpoints, not {header.checkpoints}")
    _compare(header, signed, files)
    _entries(lines, keys, header, signed)
    digest = _reads(lines, header, signed)
    end = lines.one(End)
    if end.reads_digest != digest:
        raise Unfit(Reason.READS, "the reads are not those of the digest at the end")
    if not keys.holds(end_statement(header, digest), end.signature):
        raise Unfit(Reason.SIGNATURE, "the signature at the end does not hold")
    lines.step()
    return header


class _Lines:
    """The lines of a bundle, one at a time, each read and in its place."""

    def __init__(self, bundle: Iterable[bytes]) -> None:
        self._rest = iter(bundle)
        self._section = -1
        self.number = 0
        self._line: Line | None = None

    def step(self) -> None:
        """Read the next line. After the end there is none."""
        ended = self._section == len(SECTIONS) - 1
        text = next(self._rest, b"")
        if ended and not text:
            return
        if not text.endswith(b"\n") and not ended:
            raise Unfit(Reason.CUT, "the file ends before the end that is signed")
        self.number += 1
        try:
            self._line = read(text[:-1])
        except Malformed as problem:
            raise Unfit(Reason.FORM, str(problem)) from problem
        section = SECTIONS.index(type(self._line))
        if ended or section < self._section or (section == 0) != (self.number == 1):
            raise Unfit(Reason.FORM, "the line stands out of order")
        self._section = section

    def one(self, kind: type[Kind]) -> Kind:
        """The line, where the order of lines leaves no other kind than this."""
        return cast(Kind, self._line)

    def run(self, kind: type[Kind]) -> Iterator[Kind]:
        """The lines of this kind that follow one another from here."""
        while isinstance(self._line, kind):
            yield self._line
            self.step()


def _files(elsewhere: Mapping[str, bytes], keys: Keys) -> list[tuple[str, Signed]]:
    """The checkpoint files with their names, by id. Raises Unfit at the first, by name, that does not hold."""
    found = []
    for name, file in sorted(elsewhere.items()):
        try:
            signed = read_checkpoint(file)
        except Malformed as problem:
            raise Unfit(Reason.FORM, str(problem), name) from problem
        if not keys.holds(statement(signed.stated), signed.signature):
            raise Unfit(Reason.SIGNATURE, f"the signature of checkpoint {signed.stated.id} does not hold", name)
        found.append((name, signed))
    return sorted(found, key=lambda named: (named[1].stated.id, named[0]))


def _checkpoints(lines: _Lines, keys: Keys) -> Iterator[Signed]:
    last = entries = reads = 0
    for signed in lines.run(Signed):
        stated = signed.stated
        if not keys.holds(statement(stated), signed.signature):
            raise Unfit(Reason.SIGNATURE, f"the signature of checkpoint {stated.id} does not hold")
        if stated.id != last + 1 or stated.entries < entries or stated.reads < reads:
            raise Unfit(Reason.ORDER, f"checkpoint {stated.id} does not follow from checkpoint {last}")
        last, entries, reads = stated.id, stated.entries, stated.reads
        yield signed


def _compare(header: Header, signed: Sequence[Signed], files: Sequence[tuple[str, Signed]]) -> None:
    """Hold the bundle's checkpoints against those that were sent away before it was made."""
    for name, (stated, _) in files:
        if 0 < stated.id <= len(signed):
            if stated != signed[stated.id - 1].stated:
                raise Unfit(Reason.CHECKPOINT, f"checkpoint {stated.id} says otherwise in the bundle", name)
        elif stated.at < header.made_at:
            raise Unfit(Reason.OLDER, f"the bundle ends before checkpoint {stated.id}, which was made earlier", name)


def _entries(lines: _Lines, keys: Keys, header: Header, signed: Sequence[Signed]) -> None:
    """Link every entry anew, and hold it against what checkpoints and the header say."""
    ahead = deque(checkpoint.stated for checkpoint in signed)
    numbers: dict[int, int] = {}
    sequence, link = 0, GENESIS
    while ahead and ahead[0].entries == 0:
        _as_signed(ahead.popleft().link, link, 0)
    for entry, written in lines.run(Chained):
        sequence += 1
        number = numbers[entry.referral_id] = numbers.get(entry.referral_id, 0) + 1
        if entry.sequence != sequence:
            raise Unfit(Reason.SEQUENCE, f"entry {sequence} should stand here, not {entry.sequence}")
        if entry.number != number:
            raise Unfit(Reason.NUMBER, f"entry {sequence} should be number {number} of its case, not {entry.number}")
        link = keys.link(link, canonical(entry))
        if link != written:
            raise Unfit(Reason.LINK, f"entry {sequence} is not what was linked")
        while ahead and ahead[0].entries == sequence:
            _as_signed(ahead.popleft().link, link, sequence)
    if ahead:
        raise Unfit(Reason.CUT, f"the entries end with {sequence}, before checkpoint {ahead[0].id}")
    if (header.entries, header.link) != (sequence, link):
        raise Unfit(Reason.HEAD, f"the last entry is {sequence}, not the head that the bundle names")


def _as_signed(stated: bytes, link: bytes, sequence: int) -> None:
    if stated != link:
        raise Unfit(Reason.CHECKPOINT, f"entry {sequence} is not the one that a checkpoint signed")


def _reads(lines: _Lines, header: Header, signed: Sequence[Signed]) -> bytes:
    """The digest at the end of the log of reads, after it held at every checkpoint."""
    reads = _Rising(lines)
    digest, covered = GENESIS, 0
    for stated, _ in signed:
        if stated.reads > covered:
            digest, covered = reads_digest(digest, reads.up_to(stated.reads)), stated.reads
        if digest != stated.reads_digest:
            raise Unfit(Reason.READS, f"the reads up to {stated.reads} are not those of checkpoint {stated.id}")
    digest = reads_digest(digest, reads.up_to(MOST))
    if reads.count != header.reads:
        raise Unfit(Reason.COUNT, f"there are {reads.count} reads, not {header.reads}")
    return digest


class _Rising:
    """The reads of a bundle, whose ids rise."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = lines
        self._run = lines.run(Looked)
        self._next = next(self._run, None)
        self._last = self.count = 0

    def up_to(self, last: int) -> Iterator[Looked]:
        """The reads from here to the one of this id."""
        while self._next is not None and self._next.id <= last:
            if self._next.id <= self._last:
                raise Unfit(Reason.READS, f"read {self._next.id} stands after read {self._last}")
            self._last, self.count = self._next.id, self.count + 1
            yield self._next
            self._next = next(self._run, None)
