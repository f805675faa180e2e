"""Reading what the date-quality list is made from: the cases recorded lately, by a few queries in all."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.quality import WINDOW, Born, Happened, Logged, Met
from lado.models import CaseClock, LedgerEntry, Referral, SealingKey
from lado.queries.ledger import place_of
from workflows.events import MeetingHeld, Opened, PersonAdded, from_plain, read_data

MOST = 1000
"""Cases that are looked at: the latest of the window, so that a busy year costs no more than this."""

KINDS = tuple(kind.__name__ for kind in (Opened, MeetingHeld, PersonAdded))


class Recent(NamedTuple):
    """What was recorded in the window."""

    logged: list[Logged]
    happened: list[Happened]
    meetings: list[Happened]
    met: list[Met]
    born: list[Born]
    is_cut: bool
    """Whether there were more cases than are looked at."""


def recent(act: Act) -> Recent:
    """What was recorded in the person's own authority within the window."""
    rows = act.session.execute(
        select(Referral.id, Referral.reference, Referral.received_at, Referral.recorded_at, Referral.owner_id)
        .where(Referral.authority_id == act.who.authority, Referral.recorded_at > act.at - WINDOW)
        .order_by(Referral.recorded_at.desc(), Referral.id.desc())
        .limit(MOST + 1)
    ).all()
    cases = {row.id: row for row in rows[:MOST]}
    entries = _entries(act.session, list(cases))
    by_whom = {row.referral_id: row.actor_id for row in entries if row.number == 1}
    logged = [Logged(row.reference, row.received_at, row.recorded_at, by_whom.get(row.id)) for row in cases.values()]
    meetings = [
        Happened(cases[row.referral_id].reference, "meeting", event.held_at, row.recorded_at, row.actor_id)
        for row in entries
        if isinstance(event := from_plain(row.kind, read_data(row.data)), MeetingHeld)
    ]
    opened = [Happened(one.reference, "referral", one.received_at, one.recorded_at, one.actor_id) for one in logged]
    return Recent(
        logged,
        [*opened, *meetings],
        meetings,
        _met(act.session, cases),
        list(_born(act, cases, entries)),
        len(rows) > MOST,
    )


def _entries(session: Session, cases: list[int]) -> list[Any]:
    query = (
        select(
            LedgerEntry.referral_id,
            LedgerEntry.number,
            LedgerEntry.kind,
            LedgerEntry.data,
            LedgerEntry.sealed,
            LedgerEntry.actor_id,
            LedgerEntry.recorded_at,
            SealingKey.wrapped,
        )
        .join(Referral, Referral.id == LedgerEntry.referral_id)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .where(LedgerEntry.referral_id.in_(cases), LedgerEntry.kind.in_(KINDS))
        .order_by(LedgerEntry.referral_id, LedgerEntry.number)
    )
    return list(session.execute(query))


def _met(session: Session, cases: dict[int, Any]) -> list[Met]:
    query = select(CaseClock.referral_id, CaseClock.started_at, CaseClock.due_at, CaseClock.ended_at).where(
        CaseClock.referral_id.in_(cases), CaseClock.is_met, CaseClock.ended_at.is_not(None)
    )
    return [
        Met(cases[row.referral_id].reference, cases[row.referral_id].owner_id, row.started_at, row.due_at, row.ended_at)
        for row in session.execute(query)
        if cases[row.referral_id].owner_id is not None and row.ended_at is not None
    ]


def _born(act: Act, cases: dict[int, Any], entries: list[Any]) -> Iterator[Born]:
    """The dates of birth, opened only here and only for the cases of the window."""
    for row in entries:
        if row.kind != PersonAdded.__name__ or row.sealed is None:
            continue
        words = act.vault.open(row.wrapped, place_of(row.referral_id, row.number), row.sealed)
        born_on = words.get("born_on")
        if born_on:
            event = from_plain(row.kind, read_data(row.data))
            role = event.role if isinstance(event, PersonAdded) else ""
            yield Born(cases[row.referral_id].reference, role, date.fromisoformat(born_on))
