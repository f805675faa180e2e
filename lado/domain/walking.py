"""Walking the chain: every entry in order, each checked against the link before it, in one pass and little memory.

Where an entry does not follow, the walk finds its feet again: it goes on from what is stored, or from what was moved up
or down by entries that were taken out or put in. What does not follow is kept, to be judged when the end is known.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from lado.domain.chain import GENESIS
from lado.domain.tampering import Entry, Finding, Kind, Link, about, bytes_of

MOST_KEPT = 64
"""Entries of one run that are kept for judging; of a longer run only where it begins and ends matters."""

MOST_SAID = 1000
"""Runs and findings that are told apart in one walk: beyond that, the record is spoilt and more words are of no use."""

FARTHEST = 1000
"""How many entries may have been taken out at one place, and all later ones renumbered, for it to be recognised."""

TRIES = 100_000
"""Links that are tried in one walk to recognise renumbering, so that a spoilt record is walked in bounded time."""


@dataclass
class Run:
    """Entries side by side that do not follow, the link that stands before them, and how far they go.

    After a gap the first of them cannot follow: that alone says nothing about it.
    """

    before: bytes
    is_after_gap: bool = False
    rows: list[Entry] = field(default_factory=list)
    last: int = 0

    def add(self, row: Entry) -> None:
        """Take one more."""
        if len(self.rows) < MOST_KEPT:
            self.rows.append(row)
        self.last = row.sequence


@dataclass
class Walk:
    """What a walk found: how far it went, the links at the marks, what is certain already and what is to be judged."""

    link: Link
    marks: Collection[int] = ()
    """The numbers at which a checkpoint stands."""
    previous: bytes = GENESIS
    last: int = 0
    """The number of the last entry, as it is stored."""
    shift: int = 0
    """How many more entries were recorded up to here than are stored."""
    entries: int = 0
    links: dict[int, bytes] = field(default_factory=dict)
    """The links at the marks, by the number under which the entry was recorded, where the entry follows."""
    findings: list[Finding] = field(default_factory=list)
    put_in: dict[Finding, list[Entry]] = field(default_factory=dict)
    """The entries of the findings that say that some were put in."""
    before_gap: dict[Finding, bytes] = field(default_factory=dict)
    """The links before the findings that say that some were taken out."""
    runs: list[Run] = field(default_factory=list)
    open: Run | None = None
    tries: int = TRIES

    @property
    def recorded(self) -> int:
        """How many entries were recorded, as far as the walk can tell."""
        return self.last + self.shift

    def over(self, rows: Iterable[Entry]) -> "Walk":
        """Walk over all entries, given in order of their numbers."""
        link, marks, links = self.link, self.marks, self.links
        for row in rows:
            self.entries += 1
            sequence, own = row[0], row[10]
            if sequence == self.last + 1 and link(self.previous, bytes_of(row, sequence + self.shift)) == own:
                self.open = None
                follows = True
            elif self._is_stray(row):
                continue
            else:
                follows = self._finds_its_feet(Entry(*row))
            if follows and sequence + self.shift in marks:
                links[sequence + self.shift] = own
            self.previous, self.last = own, sequence
        return self

    def _is_stray(self, row: Entry) -> bool:
        """Whether an entry has no number of its own or no link at all, which the product cannot have written."""
        sequence, link = row[0], row[10]
        if isinstance(sequence, int) and isinstance(link, bytes) and sequence > self.last:
            return False
        self._find_put_in([Entry(*row)._replace(sequence=self.last)])
        return True

    def _finds_its_feet(self, row: Entry) -> bool:
        """Say why an entry does not follow, if that is certain, or keep it. Whether it follows after all."""
        if row.sequence > self.last + 1:
            self.gap(self.recorded + 1, row.sequence - 1 + self.shift, self.previous)
            self.open = None
            self._keep(row, is_after_gap=True)
            return False
        if self._has_lost_link(row) or self._is_renumbered(row):
            return True
        self._keep(row)
        return False

    def _find_put_in(self, rows: list[Entry]) -> None:
        if len(self.findings) < MOST_SAID:
            self.findings.append(about(Kind.INSERTED, rows))
            self.put_in[self.findings[-1]] = rows

    def gap(self, first: int, last: int, before: bytes) -> None:
        """Entries were taken out here, after this link."""
        if len(self.findings) < MOST_SAID:
            self.findings.append(Finding(Kind.DELETED, "ledger_entry", first, last))
            self.before_gap[self.findings[-1]] = before

    def _keep(self, row: Entry, *, is_after_gap: bool = False) -> None:
        if self.open is None:
            self.open = Run(self.previous, is_after_gap)
            if len(self.runs) < MOST_SAID:
                self.runs.append(self.open)
        self.open.add(row)

    def _has_lost_link(self, row: Entry) -> bool:
        """Whether it follows from the entry before as that one should be: only the link of that one was changed."""
        if self.open is None or len(self.open.rows) != 1:
            return False
        spoilt = self.open.rows[0]
        meant = self.link(self.open.before, bytes_of(spoilt, spoilt.sequence + self.shift))
        if self.link(meant, bytes_of(row, row.sequence + self.shift)) != row.link:
            return False
        self.open = None
        return True

    def _is_renumbered(self, row: Entry) -> bool:
        """Whether it follows under another number: entries before it were taken out, or put in."""
        starts = {self.previous} if self.open is None else {self.previous, self.open.before}
        for step in _outwards(FARTHEST):
            self.tries -= len(starts)
            if self.tries <= 0:
                return False
            moved = bytes_of(row, row.sequence + self.shift + step)
            if any(self.link(start, moved) == row.link for start in starts):
                self._explain(row, step)
                return True
        return False

    def _explain(self, row: Entry, step: int) -> None:
        """From here on entries stand `step` places before where they were recorded (below nothing: behind)."""
        run = self.open or Run(self.previous, rows=[row])
        if self.open is not None:
            self.runs.remove(self.open)
            self.open = None
        if step < 0:
            self._find_put_in(run.rows[step:])
        else:
            first = run.rows[0].sequence + self.shift
            self.gap(first, first + step - 1, run.before)
        self.shift += step


def _outwards(farthest: int) -> Iterator[int]:
    """1, -1, 2, -2 ..."""
    for step in range(1, farthest + 1):
        yield step
        yield -step
