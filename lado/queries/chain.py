"""Reading what a proof of the chain walks over: rows as the database holds them, in order, a few at a time.

No model is built and nothing is converted: a value that was tampered with must not stop the proof, and a million rows
have to be read in seconds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, String, column, func, select, table, type_coerce
from sqlalchemy.orm import Session

from lado.domain.chain import Stated
from lado.domain.suspects import Head
from lado.domain.witnessed import Kept, Signed
from lado.models import Checkpoint, LedgerEntry, LedgerHead, ReadEntry, Referral

BATCH = 2000

BEFORE_THE_INSTANT = ("sequence", "referral_id", "number", "kind", "data", "sealed", "actor_id", "role", "login")
AFTER_READ_AT = ("account_id", "role", "what", "page", "right", "referral_id")
AFTER_STATED_AT = ("entries", "link", "reads", "reads_digest", "signature")


def entries(session: Session) -> Iterator[Any]:
    """Every entry in order of its number, each a row in the order of `tampering.Entry`."""
    rows = _raw(*map(column, BEFORE_THE_INSTANT), _written(session, "recorded_at"), column("link"))
    rows = rows.select_from(table(LedgerEntry.__tablename__))
    return _streamed(session, rows.order_by(column("sequence"), column("id")))


def reads(session: Session) -> Iterator[Any]:
    """Every entry of the log of reads in order, each a row in the order of `chain.Looked`."""
    rows = _raw(column("id"), _written(session, "at"), *map(column, AFTER_READ_AT))
    return _streamed(session, rows.select_from(table(ReadEntry.__tablename__)).order_by(column("id")))


def head(session: Session) -> Head:
    """What the database states about the end of its record; nothing where even that was taken out."""
    row = session.execute(select(LedgerHead.entries, LedgerHead.link)).one_or_none()
    known = session.scalar(select(func.coalesce(func.sum(Referral.events), 0))) or 0
    return Head(row.entries, row.link, int(known)) if row else Head(0, b"", int(known))


def kept(session: Session, away: list[Signed]) -> Kept:
    """The checkpoints of the database beside those that were sent away, and how far the log of reads goes."""
    rows = _raw(column("id"), _written(session, "at"), *map(column, AFTER_STATED_AT))
    found = session.execute(rows.select_from(table(Checkpoint.__tablename__)).order_by(column("id")))
    here = [_signed(*row) for row in found]
    return Kept(here, away, session.scalar(select(func.max(ReadEntry.id))) or 0)


def references(session: Session, referral_ids: set[int]) -> dict[int, str]:
    """The references of cases by their ids."""
    if not referral_ids:
        return {}
    found = session.execute(select(Referral.id, Referral.reference).where(Referral.id.in_(referral_ids)))
    return {row.id: row.reference for row in found}


def _raw(*columns: Any) -> Select[*tuple[Any, ...]]:
    """A query of columns without types: values come as the driver gives them."""
    return select(*columns)


def _streamed(session: Session, query: Select[*tuple[Any, ...]]) -> Iterator[Any]:
    found = session.execute(query, execution_options={"yield_per": BATCH})
    try:
        yield from found
    finally:
        found.close()  # whoever stops before the end leaves no cursor open


def _written(session: Session, name: str) -> Any:
    """An instant as the chain writes it, made by the database: reading a million into objects takes longest."""
    connection: Connection = session.connection()
    if connection.dialect.name == "sqlite":
        return func.replace(type_coerce(column(name), String()), " ", "T").concat("Z").label("written_at")
    in_utc = func.timezone("UTC", column(name))
    return func.to_char(in_utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"').label("written_at")


def _signed(id_: int, at: str, entries: int, link: Any, reads: int, digest: Any, signature: Any) -> Signed:
    """A raw row as the statement that it is. What is not even of the right kind cannot bear a signature."""
    try:
        when = datetime.fromisoformat(at)
    except (TypeError, ValueError):
        when = datetime.min.replace(tzinfo=UTC)
    return Signed(Stated(id_, when, entries, _bytes(link), reads, _bytes(digest)), _bytes(signature))


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else b""
