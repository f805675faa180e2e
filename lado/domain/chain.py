"""The bytes of a ledger entry that are linked into the chain: the same on every machine.

The format is written down in `docs/record-format.md`, so that somebody else can check it with a program of their own.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

FORMAT = "lado-entry-1"
GENESIS = bytes(32)
"""What the first entry is linked to."""


class Linked(NamedTuple):
    """What a link covers. `sealed` is the SHA-256 of the sealed part in hexadecimal digits, or empty for none."""

    sequence: int
    referral_id: int
    number: int
    kind: str
    data: str
    sealed: str
    actor_id: int | None
    role: str
    login: str
    recorded_at: datetime


def digest_of(sealed: bytes | None) -> str:
    """What stands for a sealed part in the chain: whoever has the entry without its words can still check it."""
    return hashlib.sha256(sealed).hexdigest() if sealed is not None else ""


def canonical(entry: Linked) -> bytes:
    """The entry as lines of UTF-8, nothing for None, the instant in UTC to the microsecond."""
    return as_lines(*entry[:-1], instant(entry.recorded_at))


def as_lines(*said: object) -> bytes:
    """The canonical bytes of an entry whose ten parts are given in order, the instant as it is written."""
    sequence, referral, number, kind, data, sealed, actor, role, login, at = said
    by = "" if actor is None else actor
    return (
        f"{FORMAT}\n{sequence}\n{referral}\n{number}\n{kind}\n{data}\n{sealed}\n{by}\n{role}\n{login}\n{at}"
    ).encode()


def instant(at: datetime) -> str:
    """An instant as the record writes it: 2026-03-02T09:30:00.000000Z."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


class Stated(NamedTuple):
    """What a checkpoint states: how far the record and the log of reads went at an instant. Nothing personal."""

    id: int
    at: datetime
    entries: int
    link: bytes
    reads: int
    reads_digest: bytes


def statement(stated: Stated) -> bytes:
    """The bytes of a checkpoint that are signed, as lines of UTF-8."""
    said = (
        "lado-checkpoint-1",
        stated.id,
        instant(stated.at),
        stated.entries,
        stated.link.hex(),
        stated.reads,
        stated.reads_digest.hex(),
    )
    return "\n".join(map(str, said)).encode()


class Looked(NamedTuple):
    """One entry of the log of reads, as the digest covers it."""

    id: int
    at: datetime
    account_id: int
    role: str
    what: str
    page: str
    right: str
    referral_id: int | None


def reads_digest(previous: bytes, reads: Iterable[Looked]) -> bytes:
    """The digest of the log of reads up to the last of `reads`: SHA-256 over the digest before and a line each."""
    digest = hashlib.sha256(previous)
    for read in reads:
        digest.update(line_of_read(*read[:1], instant(read.at), *read[2:]))
    return digest.digest()


def line_of_read(*said: object) -> bytes:
    """The bytes of one read whose eight parts are given in order, the instant as it is written."""
    return ("|".join("" if part is None else str(part) for part in said) + "\n").encode()
