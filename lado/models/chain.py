"""What proves that the record was not changed: its head, the signed checkpoints, and where they were sent."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class LedgerHead(Base):
    """One row: how many entries the record has, and the link of the last. Whoever appends holds it until the end."""

    __tablename__ = "ledger_head"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entries: Mapped[int]
    link: Mapped[bytes]


class Checkpoint(Base):
    """A signed statement of how far the record and the log of reads went at an instant. It names nobody.

    `reads` is the id of the last read that it covers and `reads_digest` the digest over them and the digest before.
    """

    __tablename__ = "checkpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    entries: Mapped[int]
    link: Mapped[bytes]
    reads: Mapped[int]
    reads_digest: Mapped[bytes]
    signature: Mapped[bytes]


class Witness(Base):
    """A place off this machine to which checkpoints go: the last one that arrived, and what went wrong since."""

    __tablename__ = "witness"

    name: Mapped[str] = mapped_column(primary_key=True)
    checkpoint_id: Mapped[int | None]
    arrived_at: Mapped[datetime | None]
    failing_since_at: Mapped[datetime | None]
    problem: Mapped[str]


class Certificate(Base):
    """One proof, for one council, that its screens say what the record says: how much was compared and what differed.

    `entries` and `link` are the whole record's. Never changed.
    """

    __tablename__ = "certificate"
    __table_args__ = (Index("ix_certificate_authority", "authority_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    at: Mapped[datetime]
    cases: Mapped[int]
    entries: Mapped[int]
    link: Mapped[bytes]
    differences: Mapped[int]
    body: Mapped[str]
    """The differences as JSON: reference, table, field, what the record says and what the screen says; or, for what was
    done to the record itself, its kind and place."""
