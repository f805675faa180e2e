"""Reading a case's ledger: its events in order, and the words that were sealed beside them."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.models import LedgerEntry, Referral
from workflows.case import Case
from workflows.engine import replay
from workflows.events import Event, from_plain, read_data

ENTRIES = LedgerEntry.__table__.c
EVENTS = select(ENTRIES.kind, ENTRIES.data).where(ENTRIES.referral_id == bindparam("case")).order_by(ENTRIES.number)


class Entry(NamedTuple):
    """One ledger entry as it was recorded: the event, its words once opened, who recorded it and when."""

    number: int
    event: Event
    words: dict[str, Any]
    actor_id: int | None
    recorded_at: Any


def rows(session: Session, referral_id: int) -> list[Any]:
    """The raw entries of a case in order, as rows and not as entities."""
    columns = (
        LedgerEntry.number,
        LedgerEntry.kind,
        LedgerEntry.data,
        LedgerEntry.sealed,
        LedgerEntry.actor_id,
        LedgerEntry.recorded_at,
    )
    return list(
        session.execute(select(*columns).where(LedgerEntry.referral_id == referral_id).order_by(LedgerEntry.number))
    )


def case_of(session: Session, referral_id: int) -> Case:
    """The case as its events leave it. No sealed part is read, let alone opened."""
    return replay(from_plain(row.kind, read_data(row.data)) for row in session.execute(EVENTS, {"case": referral_id}))


def entries(act: Act, referral: Referral) -> list[Entry]:
    """The whole record with its words opened, for someone who may read the case."""
    wrapped = referral.sealing_key.wrapped
    found = []
    for row in rows(act.session, referral.id):
        place = place_of(referral.id, row.number)
        words = act.vault.open(wrapped, place, row.sealed) if row.sealed is not None else {}
        found.append(Entry(row.number, from_plain(row.kind, read_data(row.data)), words, row.actor_id, row.recorded_at))
    return found


def place_of(referral_id: int, number: int) -> str:
    """Where a ledger entry's sealed part is bound to."""
    return f"ledger/{referral_id}/{number}"
