"""Reading what a bundle of the record holds, row after row. Of a sealed part only the digest leaves here."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from lado.domain.bundles import Chained
from lado.domain.chain import Linked, Looked, Stated, digest_of
from lado.domain.witnessed import Signed
from lado.models import Base, Checkpoint, LedgerEntry, ReadEntry

CHECKPOINTS, ENTRIES, READS = (
    Base.metadata.tables[model.__tablename__] for model in (Checkpoint, LedgerEntry, ReadEntry)
)
BATCH = 1_000


def count_reads(session: Session) -> int:
    """How many reads there are."""
    return session.execute(select(func.count()).select_from(READS)).scalar_one()


def checkpoints(session: Session) -> Iterator[Signed]:
    """Every checkpoint by its id."""
    columns = (CHECKPOINTS.c[name] for name in (*Stated._fields, "signature"))
    for *stated, signature in _streamed(session, select(*columns).order_by(CHECKPOINTS.c.id)):
        yield Signed(Stated(*stated), signature)


def entries(session: Session) -> Iterator[Chained]:
    """Every entry by its place in the record."""
    columns = (ENTRIES.c[name] for name in (*Linked._fields, "link"))
    at = Linked._fields.index("sealed")
    for *said, link in _streamed(session, select(*columns).order_by(ENTRIES.c.sequence)):
        said[at] = digest_of(said[at])
        yield Chained(Linked(*said), link)


def reads(session: Session) -> Iterator[Looked]:
    """Every read by its id."""
    columns = (READS.c[name] for name in Looked._fields)
    for said in _streamed(session, select(*columns).order_by(READS.c.id)):
        yield Looked(*said)


def _streamed(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        yield tuple(row)
