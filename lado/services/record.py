"""The one way a case changes: events into the ledger, and the tables that screens query brought into line, together."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update

from lado.act import Act
from lado.domain import projection
from lado.models import CaseAction, CaseClock, DueMoment, LedgerEntry, Referral
from lado.queries.ledger import place_of
from workflows.case import Case
from workflows.events import AllegationAdded, Event, PersonAdded, write_data
from workflows.fold import apply
from workflows.practice import Practice

OWN_WORDS: Mapping[type, str] = {PersonAdded: "people", AllegationAdded: "allegations"}
"""Events that carry words of their own; all other words are sealed with the first event of a move."""


def record(
    act: Act,
    referral: Referral,
    case: Case,
    events: Sequence[Event],
    practice: Practice,
    words: Mapping[str, Any] | None = None,
) -> None:
    """Append the events to the ledger, fold them into the case and write its projections. Saved when the act is."""
    first = referral.events + 1
    paired = pair(events, words or {})
    wrapped = referral.sealing_key.wrapped
    act.session.execute(
        insert(LedgerEntry),
        [
            {
                "referral_id": referral.id,
                "number": number,
                "kind": type(event).__name__,
                "data": write_data(event),
                "sealed": act.vault.seal(wrapped, place_of(referral.id, number), said) if said else None,
                "actor_id": act.who.id,
                "recorded_at": act.at,
            }
            for number, (event, said) in enumerate(zip(events, paired, strict=True), start=first)
        ],
    )
    for event in events:
        apply(case, event)
    project(act, referral, case, practice, events=referral.events + len(events))


def pair(events: Sequence[Event], words: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give each event the words that belong to it: its own where it has them, the rest to the first."""
    shared = {name: said for name, said in words.items() if name not in OWN_WORDS.values() and said not in (None, "")}
    queues = {kind: list(words.get(name, ())) for kind, name in OWN_WORDS.items()}
    paired: list[dict[str, Any]] = []
    for event in events:
        queue = queues.get(type(event))
        paired.append(dict(queue.pop(0)) if queue else {})
    if paired:
        paired[0] = {**shared, **paired[0]}
    return paired


def project(act: Act, referral: Referral, case: Case, practice: Practice, *, events: int) -> None:
    """Write what the replayed case says into the tables that screens and the scheduler query."""
    columns = projection.referral_columns(case, practice)
    act.session.execute(
        update(Referral)
        .where(Referral.id == referral.id)
        .values(**columns, events=events)
        .execution_options(synchronize_session="evaluate")
    )
    ids = _write_clocks(act, referral, case)
    _write_moments(act, ids, projection.due_moments(case, practice))
    _write_actions(act, referral, case)


def _write_clocks(act: Act, referral: Referral, case: Case) -> dict[projection.ClockKey, int]:
    wanted = projection.clock_rows(case)
    found = {
        (row.key, row.occurrence): row
        for row in act.session.execute(select(*CaseClock.__table__.columns).where(CaseClock.referral_id == referral.id))
    }
    new = [
        {"referral_id": referral.id, "key": key, "occurrence": occurrence, **columns}
        for (key, occurrence), columns in wanted.items()
        if (key, occurrence) not in found
    ]
    changed = [
        {"id": found[place].id, **columns}
        for place, columns in wanted.items()
        if place in found and any(getattr(found[place], name) != value for name, value in columns.items())
    ]
    ids = {place: row.id for place, row in found.items()}
    if new:
        added = act.session.execute(insert(CaseClock).returning(CaseClock.id, CaseClock.key, CaseClock.occurrence), new)
        ids.update({(row.key, row.occurrence): row.id for row in added})
    if changed:
        act.session.execute(update(CaseClock), changed)
    return ids


def _write_moments(act: Act, ids: Mapping[projection.ClockKey, int], wanted: Mapping[projection.ClockKey, Any]) -> None:
    moments = {ids[place]: moment for place, moment in wanted.items()}
    found = dict(
        act.session.execute(
            select(DueMoment.clock_id, DueMoment.next_at).where(DueMoment.clock_id.in_(list(ids.values())))
        ).all()
    )
    gone = [clock for clock, moment in found.items() if moments.get(clock) != moment]
    if gone:
        act.session.execute(delete(DueMoment).where(DueMoment.clock_id.in_(gone)))
    new = [{"clock_id": clock, "next_at": moment} for clock, moment in moments.items() if found.get(clock) != moment]
    if new:
        act.session.execute(insert(DueMoment), new)


def _write_actions(act: Act, referral: Referral, case: Case) -> None:
    if not case.actions:
        return
    found = {
        row.number: row
        for row in act.session.execute(
            select(*CaseAction.__table__.columns).where(CaseAction.referral_id == referral.id)
        )
    }
    wanted = projection.action_rows(case)
    new = [{"referral_id": referral.id, "number": n, **columns} for n, columns in wanted.items() if n not in found]
    changed = [
        {"id": found[n].id, **columns}
        for n, columns in wanted.items()
        if n in found and any(getattr(found[n], name) != value for name, value in columns.items())
    ]
    if new:
        act.session.execute(insert(CaseAction), new)
    if changed:
        act.session.execute(update(CaseAction), changed)
