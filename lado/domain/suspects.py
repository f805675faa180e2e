"""Judging the entries that do not follow: moved to another place, put in at the end, or changed where they stand."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lado.domain.tampering import Entry, Finding, Kind, about, bytes_of
from lado.domain.walking import Run, Walk

MOST = 60
"""Entries that are tried against each other's places; where there are more, they are only said to be changed."""

Moved = Mapping[int, int]
"""Where entries were recorded, by where they stand; the same number for one that only follows a moved one."""


class Head(NamedTuple):
    """What the database states about its record: the last number and link, and how many entries its cases know of."""

    entries: int
    link: bytes
    known: int


def judge(walk: Walk, head: Head) -> list[Finding]:
    """Everything that the entries themselves show."""
    _end_was_renumbered(walk, head)
    relocated = _relocated(walk)
    moved = _moved(walk)
    found = [each for each in walk.findings if not _is_trace(each, moved)]
    displaced = [row for run in walk.runs for row in run.rows if moved.get(row.sequence, row.sequence) != row.sequence]
    if displaced:
        found.append(about(Kind.REORDERED, sorted(displaced, key=lambda row: row.sequence)))
    for run in walk.runs:
        found.extend(_left(run, moved, walk, head))
    return [*found, *relocated]


def _end_was_renumbered(walk: Walk, head: Head) -> None:
    """The last entry does not follow, and the head knows its link under a later number: some before it are gone."""
    is_behind = head.link == walk.previous and head.entries > walk.recorded
    if not walk.runs or not is_behind:
        return
    run = walk.runs[-1]
    if run.last == walk.last and len(run.rows) == 1:
        first, gone = run.rows[0].sequence + walk.shift, head.entries - walk.recorded
        walk.gap(first, first + gone - 1, run.before)
        walk.shift += gone
        walk.runs.pop()


def _relocated(walk: Walk) -> list[Finding]:
    """Entries that were put in at one place and are the very ones that were taken out at another."""
    found = []
    for here, rows in walk.put_in.items():
        gaps = {**walk.before_gap, Finding(Kind.CUT, "", walk.recorded + 1, walk.recorded + len(rows)): walk.previous}
        for gap, before in gaps.items():
            if gap.last - gap.first + 1 != len(rows) or not _belong(walk, rows, gap.first, before):
                continue
            found.append(
                here._replace(kind=Kind.REORDERED, first=min(here.first, gap.first), last=max(here.last, gap.last))
            )
            walk.shift += len(rows) if gap.kind is Kind.CUT else 0
            walk.findings = [each for each in walk.findings if each not in (here, gap)]
            break
    return found


def _belong(walk: Walk, rows: list[Entry], place: int, link: bytes) -> bool:
    """Whether these entries follow one another from a place and the link before it."""
    for step, row in enumerate(rows):
        if walk.link(link, bytes_of(row, place + step)) != row.link:
            return False
        link = row.link
    return True


def _moved(walk: Walk) -> Moved:
    rows = [row for run in walk.runs for row in run.rows]
    if not rows or len(rows) > MOST:
        return {}
    stored = {row.sequence: row.link for row in rows}
    starts = {run.before for run in walk.runs} | set(stored.values())
    places = [*stored, *_gaps(walk)]
    found = {}
    for row in rows:
        for place in places:
            meant = {walk.link(start, bytes_of(row, place)) for start in starts}
            if row.link in meant or (place != row.sequence and stored.get(place) in meant):
                found[row.sequence] = place
                break
    return {**found, **_swapped_in_case(walk)}


def _gaps(walk: Walk) -> Iterator[int]:
    """Places where an entry is missing, as far as they can all be tried."""
    for each in walk.findings:
        if each.kind is Kind.DELETED and each.last - each.first < MOST:
            yield from range(each.first, each.last + 1)


def _swapped_in_case(walk: Walk) -> Moved:
    """Entries of one case that bear each other's number within it."""
    rows = [row for run in walk.runs for row in run.rows]
    found = {}
    for run in walk.runs:
        before = run.before
        for row in run.rows:
            for other in rows:
                same_case = other.referral_id == row.referral_id and other.number != row.number
                if same_case and walk.link(before, bytes_of(row, number=other.number)) == row.link:
                    found[row.sequence] = other.sequence
            before = row.link
    return found


def _is_trace(finding: Finding, moved: Moved) -> bool:
    """Whether a gap only shows where a moved entry was taken from, or how far it was put away."""
    if finding.kind is not Kind.DELETED:
        return False
    is_origin = finding.first == finding.last and finding.first in moved.values()
    return is_origin or moved.get(finding.last + 1, finding.last + 1) <= finding.last


def _left(run: Run, moved: Moved, walk: Walk, head: Head) -> Iterator[Finding]:
    """What is left of a run once the moved entries are taken out of it."""
    rest = [row for row in run.rows if row.sequence not in moved]
    if run.is_after_gap and rest and rest[0] is run.rows[0]:
        rest = rest[1:]
    added = [row for row in rest if _is_added(row, run, walk, head)]
    changed = [row for row in rest if row not in added]
    if changed:
        whole = about(Kind.EDITED, changed)
        yield whole if added else whole._replace(last=max(whole.last, run.last))
    if added:
        yield about(Kind.INSERTED, added)


def _is_added(row: Entry, run: Run, walk: Walk, head: Head) -> bool:
    """Whether it stands behind the end: of what the head knows, or of what the cases know."""
    surplus = walk.entries - head.known
    return bool(row.sequence > head.entries or (run.last == walk.last and row.sequence > walk.last - surplus))
