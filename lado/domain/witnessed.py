"""Holding the record against its checkpoints: those in the database, and those that were sent away."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from lado.domain.chain import GENESIS, Stated, line_of_read, statement
from lado.domain.suspects import Head, judge
from lado.domain.tampering import Finding, Kind
from lado.domain.walking import Walk

IsSigned = Callable[[bytes, bytes], bool]
"""Whether a statement bears this signature."""


class Signed(NamedTuple):
    """A checkpoint as it was found: what it states, and its signature."""

    stated: Stated
    signature: bytes


class Kept(NamedTuple):
    """The checkpoints of the database and those that were sent away, in order; how far the log of reads goes."""

    here: Sequence[Signed]
    away: Sequence[Signed]
    reads: int


def examine(walk: Walk, head: Head, kept: Kept, is_signed: IsSigned) -> list[Finding]:
    """Everything that entries, head and checkpoints show together, in order of kind and place."""
    here, forged = _told_apart(kept.here, is_signed)
    away, forged_away = _told_apart(kept.away, is_signed)
    found = [*judge(walk, head), *forged, *forged_away]
    found.extend(_missing([each.stated.id for each in kept.here]))
    found.extend(_rewritten(walk, here, away))
    found.extend(_ending(walk, head, here, found))
    if not any(each.kind is Kind.REWRITTEN for each in found):
        found.extend(_ahead(walk, head, kept, away, found))
    order = list(Kind)
    return sorted(set(found), key=lambda each: (order.index(each.kind), each.first, each.last))


def _told_apart(checkpoints: Sequence[Signed], is_signed: IsSigned) -> tuple[list[Signed], list[Finding]]:
    """Those that bear the signature, and a finding about each that does not."""
    genuine, forged = [], []
    for each in checkpoints:
        if is_signed(statement(each.stated), each.signature):
            genuine.append(each)
        else:
            forged.append(Finding(Kind.CHECKPOINT_FORGED, "checkpoint", each.stated.id, each.stated.id))
    return genuine, forged


def _missing(ids: list[int]) -> Iterator[Finding]:
    """The database's own checkpoints are numbered from 1 without a gap."""
    expected = 1
    for found in ids:
        if found > expected:
            yield Finding(Kind.CHECKPOINT_MISSING, "checkpoint", expected, found - 1)
        expected = found + 1


def _rewritten(walk: Walk, here: list[Signed], away: list[Signed]) -> Iterator[Finding]:
    """Where the record goes on and is not what was signed; or two checkpoints have one number and differ."""
    agreed, places = 0, []
    for each in sorted([*here, *away], key=lambda each: each.stated.entries):
        entries, link = each.stated.entries, each.stated.link
        there = GENESIS if entries == 0 else walk.links.get(entries)
        if there is not None and there != link:
            places.append(entries)
        elif there is not None and not places:
            agreed = entries
    if places:
        yield Finding(Kind.REWRITTEN, "ledger_entry", agreed + 1, places[-1])
        return
    known = {each.stated.id: each.stated for each in here}
    for each in away:
        if known.get(each.stated.id, each.stated) != each.stated:
            yield Finding(Kind.REWRITTEN, "ledger_entry", agreed + 1, max(walk.recorded, agreed + 1))
            return


def _ending(walk: Walk, head: Head, here: list[Signed], found: list[Finding]) -> Iterator[Finding]:
    """Whether the record ends where its head and its own checkpoints say."""
    states = 0 if head[:2] == (walk.last, walk.previous) else head.entries  # moved along with what was put in
    told = max([states, *(each.stated.entries for each in here)])
    if told > walk.recorded:
        yield Finding(Kind.CUT, "ledger_entry", walk.recorded + 1, told)
    elif not any(each.table == "ledger_entry" for each in found) and head[:2] != (walk.recorded, walk.previous):
        yield Finding(Kind.HEAD, "ledger_head", walk.recorded, walk.recorded)


def _ahead(walk: Walk, head: Head, kept: Kept, away: list[Signed], found: list[Finding]) -> Iterator[Finding]:
    """What only checkpoints sent away know of: an older copy, a cut end, or checkpoints that were taken out here."""
    last = kept.here[-1].stated.id if kept.here else 0
    beyond = [each.stated for each in away if each.stated.id > last]
    if not beyond:
        return
    entries, reads = max(each.entries for each in beyond), max(each.reads for each in beyond)
    is_cut = any(each.kind is Kind.CUT for each in found)
    if entries > walk.recorded and not is_cut:
        kind = Kind.CUT if head.known > walk.entries else Kind.RESTORED
        yield Finding(kind, "ledger_entry", walk.recorded + 1, entries)
    elif reads > kept.reads and not is_cut:
        yield Finding(Kind.RESTORED, "read_entry", kept.reads + 1, reads)
    else:
        yield Finding(Kind.CHECKPOINT_MISSING, "checkpoint", last + 1, max(each.id for each in beyond))


def reads_changed(kept: Kept, reads: Iterable[Sequence[Any]], is_signed: IsSigned) -> Iterator[Finding]:
    """Where the log of reads is not what checkpoints sealed. The reads are raw rows in order of their ids.

    Where a checkpoint is missing or forged and none that was sent away stands in, the span up to the next is unproved.
    """
    rows, previous, expected, before = iter(reads), GENESIS, 1, 0
    waiting = next(rows, None)
    for each in _to_prove(kept, is_signed):
        digest = hashlib.sha256(previous)
        while waiting is not None and waiting[0] <= each.reads:
            digest.update(line_of_read(*waiting))
            waiting = next(rows, None)
        sealed = digest.digest() if each.reads > before else previous
        if each.id == expected and sealed != each.reads_digest:
            yield Finding(Kind.READ_CHANGED, "read_entry", before + 1, each.reads)
        previous, expected, before = each.reads_digest, each.id + 1, each.reads


def _to_prove(kept: Kept, is_signed: IsSigned) -> list[Stated]:
    """The genuine checkpoints in order, up to the last that the database has."""
    last = max((each.stated.id for each in kept.here), default=0)
    genuine = {}
    for each in (*kept.away, *kept.here):
        if each.stated.id <= last and is_signed(statement(each.stated), each.signature):
            genuine[each.stated.id] = each.stated
    return [genuine[id_] for id_ in sorted(genuine)]
