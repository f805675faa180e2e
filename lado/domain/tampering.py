"""What can have been done to the record behind the product's back, found in plain rows and named by its kind.

It is given rows as the database holds them, the keyed link as a function, and what checkpoints state. It reads nothing
by itself and opens no sealed part.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from lado.domain.chain import as_lines, digest_of

Link = Callable[[bytes, bytes], bytes]
"""The keyed link of an entry's bytes to the link before (`Vault.link`)."""


class Kind(StrEnum):
    """What was done."""

    EDITED = "edited entry"
    INSERTED = "inserted entry"
    DELETED = "deleted entry"
    REORDERED = "reordered entries"
    CUT = "cut tail"
    HEAD = "changed head"
    REWRITTEN = "rewritten record"
    RESTORED = "restored older copy"
    CHECKPOINT_FORGED = "forged checkpoint"
    CHECKPOINT_MISSING = "missing checkpoint"
    READ_CHANGED = "changed or removed read"


class Finding(NamedTuple):
    """One thing that was done, and where: from the first to the last number (of entries, checkpoints or reads).

    `referral_id` and `number` say which entry of which case the first one is, where there is one.
    """

    kind: Kind
    table: str
    first: int
    last: int
    referral_id: int | None = None
    number: int | None = None

    @property
    def words(self) -> str:
        """The finding as a sentence, without the case."""
        return SENTENCES[self.kind].format(self.place)

    @property
    def place(self) -> str:
        """Where: 17, or 17 to 19."""
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


SENTENCES = {
    Kind.EDITED: "Entry {} is not what was recorded: it was changed afterwards.",
    Kind.INSERTED: "Entry {} was never recorded: it was put in afterwards.",
    Kind.DELETED: "Entry {} was recorded and is not there any more.",
    Kind.REORDERED: "Entries {} do not stand in the order in which they were recorded.",
    Kind.CUT: "The end of the record was cut off: entry {} was recorded and is not there any more.",
    Kind.HEAD: "The head of the record does not state entry {}, which is the last.",
    Kind.REWRITTEN: "The record is not the one that was signed: entry {} was written anew, or the record of an older "
    "copy was continued.",
    Kind.RESTORED: "The database is an older copy: checkpoints that were sent away know of entry {}.",
    Kind.CHECKPOINT_FORGED: "Checkpoint {} does not bear the signature of this installation.",
    Kind.CHECKPOINT_MISSING: "Checkpoint {} was made and is not in the database any more.",
    Kind.READ_CHANGED: "The log of reads is not what was sealed: something in {} was changed, removed or put in.",
}


class Entry(NamedTuple):
    """A row of the ledger as the database holds it, the instant as it is written in the chain."""

    sequence: Any
    referral_id: Any
    number: Any
    kind: Any
    data: Any
    sealed: Any
    actor_id: Any
    role: Any
    login: Any
    at: Any
    link: Any


def bytes_of(row: Any, sequence: int | None = None, number: int | None = None) -> bytes:
    """The canonical bytes of a raw row, as if it stood under another number of the record or of its case."""
    was, referral, own, kind, data, sealed, actor, role, login, at, _ = row
    if sealed is not None and not isinstance(sealed, bytes):
        sealed = str(sealed).encode()  # only a tampered row holds anything but bytes
    return as_lines(
        was if sequence is None else sequence,
        referral,
        own if number is None else number,
        kind,
        data,
        digest_of(sealed),
        actor,
        role,
        login,
        at,
    )


def about(kind: Kind, rows: list[Entry]) -> Finding:
    """A finding about these entries, which stand beside one another."""
    first, last = rows[0], rows[-1]
    return Finding(kind, "ledger_entry", first.sequence, last.sequence, first.referral_id, first.number)
