"""Reading a case's ledger: its events in order, and the words that were sealed beside them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.kept_fields import Kept, kept
from lado.models import LedgerEntry, Referral
from lado.queries.permitted import instead, kept_from, police_on
from workflows.case import Case
from workflows.engine import replay
from workflows.events import Event, Opened, from_plain, read_data

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
        LedgerEntry.referral_id,
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
    return opened(act, {referral.id: referral}, rows(act.session, referral.id))[referral.id]


def opened(act: Act, held: Mapping[int, Referral], found: Iterable[Any]) -> dict[int, list[Entry]]:
    """The whole records of several cases with their words opened, from their raw entries in order.

    For someone who may read the cases; where words have a permission of their own that they have not got, a sentence
    stands in their place.
    """
    entries: dict[int, list[Entry]] = {case: [] for case in held}
    for row in found:
        place = place_of(row.referral_id, row.number)
        wrapped = held[row.referral_id].sealing_key.wrapped
        words = act.vault.open(wrapped, place, row.sealed) if row.sealed is not None else {}
        event = from_plain(row.kind, read_data(row.data))
        entries[row.referral_id].append(Entry(row.number, event, words, row.actor_id, row.recorded_at))
    kept_back = {case: kinds for case, referral in held.items() if (kinds := kept_from(act.who, referral))}
    police = police_on(act.session, kept_back) if kept_back else {}
    for case, kinds in kept_back.items():
        entries[case] = list(_shown(entries[case], kinds, police.get(case, frozenset())))
    return entries


def _shown(entries: Sequence[Entry], kinds: Collection[Kept], police: Collection[int]) -> Iterator[Entry]:
    """The record of one case with a sentence in the place of words of these kinds."""
    first = entries[0]
    if not isinstance(first.event, Opened):
        raise LookupError("the record of a case begins with its opening")
    for entry in entries:
        at_first = entry.recorded_at == first.recorded_at
        found = kept(entry.event, entry.words, first.event, by=entry.actor_id, police=police, at_first=at_first)
        taken = {name: kind for name, kind in found.items() if kind in kinds}
        yield entry._replace(words=dict(instead(entry.words, taken))) if taken else entry


def place_of(referral_id: int, number: int) -> str:
    """Where a ledger entry's sealed part is bound to."""
    return f"ledger/{referral_id}/{number}"
