"""Reading checkpoints: the last one, what has changed since, what a witness has not got yet, and how witnesses do."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lado.domain.chain import Looked, Stated
from lado.domain.witnessed import Signed
from lado.models import Checkpoint, LedgerHead, ReadEntry, Witness

SETTLED = timedelta(minutes=1)
"""How old a read has to be before it is sealed: by then none with a lower number can still be on its way."""

BATCH = 2000

MAILBOX = "mail"
"""What the mailbox is known by among the witnesses; a folder is known by its path."""


def last(session: Session) -> Checkpoint | None:
    """The newest checkpoint."""
    return session.scalars(select(Checkpoint).order_by(Checkpoint.id.desc()).limit(1)).one_or_none()


def head(session: Session) -> tuple[int, bytes]:
    """How many entries the record has, and the link of the last."""
    row = session.execute(select(LedgerHead.entries, LedgerHead.link)).one()
    return row.entries, row.link


def settled_reads(session: Session, at: datetime) -> int:
    """The number of the last read that can be sealed now, with all before it."""
    unsettled = session.scalar(select(func.min(ReadEntry.id)).where(ReadEntry.at > at - SETTLED))
    newest = session.scalar(select(func.max(ReadEntry.id)))
    return (newest or 0) if unsettled is None else unsettled - 1


def reads_between(session: Session, after: int, until: int) -> Iterator[Looked]:
    """The log of reads after one number up to another, a few at a time."""
    columns = [ReadEntry.__table__.c[name] for name in Looked._fields]
    query = select(*columns).where(ReadEntry.id > after, ReadEntry.id <= until).order_by(ReadEntry.id)
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        yield Looked(*row)


def after(session: Session, checkpoint_id: int, limit: int) -> list[Signed]:
    """The checkpoints after this one, in order."""
    query = select(Checkpoint).where(Checkpoint.id > checkpoint_id).order_by(Checkpoint.id).limit(limit)
    return [signed(each) for each in session.scalars(query)]


def count(session: Session) -> int:
    """How many checkpoints there are."""
    return session.scalar(select(func.count()).select_from(Checkpoint)) or 0


def witnesses(session: Session) -> list[Witness]:
    """Where checkpoints go, by name."""
    return list(session.scalars(select(Witness).order_by(Witness.name)))


def witness(session: Session, name: str) -> Witness | None:
    """One place where checkpoints go."""
    return session.get(Witness, name, populate_existing=True)


def signed(row: Any) -> Signed:
    """A checkpoint as the statement that it is, with its signature."""
    return Signed(Stated(*(getattr(row, name) for name in Stated._fields)), row.signature)
