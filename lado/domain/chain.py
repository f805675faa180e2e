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
    said = (
        FORMAT,
        entry.sequence,
        entry.referral_id,
        entry.number,
        entry.kind,
        entry.data,
        entry.sealed,
        "" if entry.actor_id is None else entry.actor_id,
        entry.role,
        entry.login,
        instant(entry.recorded_at),
    )
    return "\n".join(map(str, said)).encode()


def instant(at: datetime) -> str:
    """An instant as the record writes it: 2026-03-02T09:30:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


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
        case = "" if read.referral_id is None else read.referral_id
        said = (read.id, instant(read.at), read.account_id, read.role, read.what, read.page, read.right, case)
        digest.update(("|".join(map(str, said)) + "\n").encode())
    return digest.digest()
