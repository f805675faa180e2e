"""Invented records of a few entries, checkpoints and reads, and the bundles that the product would make of them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from lado.domain.bundles import Chained, End, Header, end_statement, write
from lado.domain.chain import GENESIS, Linked, Looked, Stated, canonical, digest_of, reads_digest, statement
from lado.domain.witnessed import Signed
from lado.vault import Vault

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
KINDS = ("Opened", "Moved", "Noted", "ClockStarted", "ClockPaused", "Told")
ROLES = ("designated_officer", "service_manager", "system", "partner")
PAGES = ("referrals.case", "queue.show", "search.results", "clocks.working")


class Exported(NamedTuple):
    """A bundle by its lines, and the checkpoint files that lie elsewhere."""

    lines: list[bytes]
    files: dict[str, bytes]


@dataclass(frozen=True)
class Record:
    """What a database would hold: entries without their links, reads, and how far each checkpoint went."""

    entries: tuple[Linked, ...]
    reads: tuple[Looked, ...]
    marks: tuple[tuple[datetime, int, int], ...]
    """When each checkpoint was made, and how many entries and reads there were."""
    made_at: datetime
    signed: tuple[Signed, ...] = field(default=())
    """The checkpoints as they were signed at the time."""


def a_vault(draw: Random) -> Vault:
    """Keys for a few bundles."""
    return Vault(*(draw.randbytes(32) for _ in range(4)))


def a_record(draw: Random, vault: Vault) -> Record:
    """A record of up to 40 entries in some cases, with reads and checkpoints in between."""
    at = BEGAN + timedelta(microseconds=draw.randrange(10**12))
    entries: list[Linked] = []
    reads: list[Looked] = []
    marks: list[tuple[datetime, int, int]] = []
    numbers = dict.fromkeys(draw.sample(range(1, 400), draw.randint(1, 5)), 0)
    for _ in range(draw.randint(8, 60)):
        at += timedelta(microseconds=draw.randrange(1, 10**10))
        what = draw.random()
        if what < 0.55:
            case = draw.choice(list(numbers))
            numbers[case] += 1
            entries.append(_entry(draw, len(entries) + 1, case, numbers[case], at))
        elif what < 0.85:
            reads.append(_read(draw, (reads[-1].id if reads else 0) + draw.choice((1, 1, 1, 3)), at))
        else:
            marks.append((at, len(entries), len(reads)))
    record = Record(tuple(entries), tuple(reads), tuple(marks), at + timedelta(seconds=1))
    return replace(record, signed=tuple(_signed(record, vault)))


def _entry(draw: Random, sequence: int, case: int, number: int, at: datetime) -> Linked:
    data = json.dumps({"clock": "threshold", "due_at": at.isoformat(), "said": draw.choice(("", "é", "a\nb"))})
    sealed = digest_of(draw.randbytes(40) if draw.random() < 0.7 else None)
    actor, role = draw.choice((None, 7, 12, 31)), draw.choice(ROLES)
    login = draw.choice(("", "f3a9", "é7"))
    return Linked(sequence, case, number, draw.choice(KINDS), data, sealed, actor, role, login, at)


def _read(draw: Random, identity: int, at: datetime) -> Looked:
    case = draw.choice((None, 3, 250))
    what = draw.choice(("view", "search", "download"))
    return Looked(
        identity, at, draw.randint(1, 40), draw.choice(ROLES), what, draw.choice(PAGES), "referral_read", case
    )


def links(entries: Iterable[Linked], vault: Vault) -> list[bytes]:
    """The link of each entry, after the one before the first."""
    found = [GENESIS]
    for entry in entries:
        found.append(vault.link(found[-1], canonical(entry)))
    return found


def _signed(record: Record, vault: Vault) -> Iterable[Signed]:
    chain = links(record.entries, vault)
    digest, covered = GENESIS, 0
    for identity, (at, entries, reads) in enumerate(record.marks, start=1):
        if reads > covered:
            digest, covered = reads_digest(digest, record.reads[covered:reads]), reads
        last = record.reads[reads - 1].id if reads else 0
        stated = Stated(identity, at, entries, chain[entries], last, digest)
        yield Signed(stated, vault.sign(statement(stated)))


def exported(record: Record, vault: Vault) -> list[bytes]:
    """The lines that the product would export of a database that holds this, whether it was tampered with or not."""
    chain = links(record.entries, vault)
    counts = len(record.entries), chain[-1], len(record.signed), len(record.reads)
    header = Header(record.made_at, vault.public_key.public_bytes_raw(), *counts)
    last = record.signed[-1].stated if record.signed else None
    covered, digest = (last.reads, last.reads_digest) if last else (0, GENESIS)
    digest = reads_digest(digest, (read for read in record.reads if read.id > covered))
    chained = map(Chained, record.entries, chain[1:])
    end = End(digest, vault.sign(end_statement(header, digest)))
    return [write(line) for line in (header, *record.signed, *chained, *record.reads, end)]


def file_of(draw: Random, signed: Signed) -> bytes:
    """A checkpoint as it was sent away, however its JSON is spaced."""
    line = write(signed)
    return line if draw.random() < 0.5 else json.dumps(json.loads(line), indent=draw.choice((None, 2))).encode()


def files_of(draw: Random, record: Record, *, fewest: int = 0) -> dict[str, bytes]:
    """Some of the checkpoints, as files elsewhere."""
    some = draw.sample(record.signed, draw.randint(min(fewest, len(record.signed)), len(record.signed)))
    return {f"checkpoint-{each.stated.id:08}.json": file_of(draw, each) for each in some}


def good(draw: Random) -> tuple[Exported, Vault]:
    """A bundle that holds, beside some files; now and then one file is newer than the bundle."""
    vault = a_vault(draw)
    record = a_record(draw, vault)
    files = files_of(draw, record)
    if record.marks and draw.random() < 0.3:
        cut = draw.randrange(len(record.marks))
        at, entries, reads = record.marks[cut]
        earlier = Record(record.entries[:entries], record.reads[:reads], record.marks[:cut], at, record.signed[:cut])
        return Exported(exported(earlier, vault), files), vault
    return Exported(exported(record, vault), files), vault


def edited(line: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A line with its fields changed, written as the format asks."""
    fields = json.loads(line)
    change(fields)
    return written(fields)


def written(fields: dict[str, Any]) -> bytes:
    """The fields of a line as the format asks for them."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n"
