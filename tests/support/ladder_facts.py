"""What the model of the ladder is told of a database: the plain facts that were recorded, and the rungs that stand."""

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.domain.rota import read_week
from lado.models import (
    Absence,
    Account,
    Barred,
    CaseClock,
    DutyChange,
    DutyRule,
    Escalation,
    HandOver,
    IndependentContact,
    LedgerEntry,
    Referral,
    WorkingPattern,
)
from tests.support.ladder_model import CaseFacts, Council, Entry, Rung, Spell

WRITTEN_BY_THE_LADDER = "Escalated"


def cases(session: Session) -> list[CaseFacts]:
    """The record of every case, without what the ladder wrote on it."""
    authorities: Mapping[int, int] = dict(session.execute(select(Referral.id, Referral.authority_id)).all())
    councils = {authority: council(session, authority) for authority in set(authorities.values())}
    barred: dict[int, list[Spell]] = {}
    for row in session.scalars(select(Barred)):
        barred.setdefault(row.referral_id, []).append(Spell(row.account_id, row.since_at, row.ended_at))
    refused: dict[int, list[Spell]] = {}
    for hand_over in session.scalars(select(HandOver).where(HandOver.refused_at.is_not(None)).order_by(HandOver.id)):
        said_no = Spell((hand_over.absence_id, hand_over.to_id), hand_over.refused_at)
        refused.setdefault(hand_over.referral_id, []).append(said_no)
    columns = LedgerEntry.referral_id, LedgerEntry.recorded_at, LedgerEntry.kind, LedgerEntry.data
    entries = session.execute(
        select(*columns)
        .where(LedgerEntry.kind != WRITTEN_BY_THE_LADDER)
        .order_by(LedgerEntry.referral_id, LedgerEntry.number)
    )
    return [
        CaseFacts(
            case,
            councils[authorities[case]],
            [Entry(row.recorded_at, row.kind, _said(row.data)) for row in rows],
            barred.get(case, ()),
            refused.get(case, ()),
        )
        for case, rows in groupby(entries, lambda row: row.referral_id)
    ]


def council(session: Session, authority: int) -> Council:
    """What was recorded about who is there in a council, each with from when on it was known."""
    staff = session.scalars(
        select(Account).where(Account.authority_id == authority, Account.role != "partner").order_by(Account.id)
    ).all()
    roles: dict[str, list[int]] = {}
    for person in staff:
        roles.setdefault(person.role, []).append(person.id)
    return Council(
        roles,
        {person.id: person.deputy_id for person in staff if person.deputy_id is not None},
        [
            _spell(row, "id", "from_at", "until_at", "kind", person="account_id", cover="cover_id", second="second_id")
            for row in _of(session, Absence, authority)
        ],
        [_spell(row, "from_on", "week", person="account_id") for row in _of(session, WorkingPattern, authority)],
        [_spell(row, "rank", "weekday", "from_on", person="account_id") for row in _of(session, DutyRule, authority)],
        [
            _spell(row, "kind", "rank", "from_at", "until_at", person="account_id", by="by_id")
            for row in _of(session, DutyChange, authority)
        ],
        [Spell(person.id, person.disabled_at) for person in staff if person.disabled_at is not None],
        [
            Spell(row.account_id, row.chosen_at)
            for row in session.scalars(select(IndependentContact).where(IndependentContact.authority_id == authority))
        ],
    )


def rungs(session: Session) -> list[Rung]:
    """The rungs that stand."""
    query = select(Escalation, CaseClock.key).join(CaseClock, CaseClock.id == Escalation.clock_id)
    return [
        Rung(row.referral_id, key, row.occurrence, row.rung, row.due_at, row.recorded_at, row.told_id)
        for row, key in session.execute(query)
    ]


def _spell(row: Any, *same: str, **columns: str) -> Spell:
    """What a row says from when it was recorded until it was cancelled, if it can be."""
    said = {name: getattr(row, column) for name, column in {**dict(zip(same, same, strict=True)), **columns}.items()}
    if said.get("week") is not None:
        said["week"] = read_week(said["week"])
    return Spell(SimpleNamespace(**said), row.recorded_at, getattr(row, "cancelled_at", None))


def _of(session: Session, table: Any, authority: int) -> list[Any]:
    return list(session.scalars(select(table).where(table.authority_id == authority).order_by(table.id)))


def _said(data: str) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name.endswith("_at") and value is not None else value
        for name, value in json.loads(data).items()
    }
