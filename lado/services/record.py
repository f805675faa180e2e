"""The one way a case changes: events into the ledger, and the tables that screens query brought into line, together."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, Update, bindparam, delete, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from lado.act import Act
from lado.domain import projection
from lado.domain.chain import Linked, as_lines, canonical, digest_of, instant
from lado.models import Base, CaseAction, CaseClock, DueMoment, LedgerEntry, LedgerHead, Referral
from lado.queries.ledger import place_of
from lado.services import bulk, feedback, standings
from workflows.case import Case
from workflows.events import AllegationAdded, Event, PersonAdded, write_data
from workflows.fold import apply
from workflows.practice import Practice

# Built once and sent to the tables themselves: a case is written with few statements, and none is put together anew.
ENTRIES, HEADS, REFERRALS, CLOCKS, MOMENTS, ACTIONS = (
    Base.metadata.tables[model.__tablename__]
    for model in (LedgerEntry, LedgerHead, Referral, CaseClock, DueMoment, CaseAction)
)
HEAD = select(HEADS.c.entries, HEADS.c.link).with_for_update()
MOVE_HEAD = update(HEADS).values(entries=bindparam("new_entries"), link=bindparam("new_link"))
CLOCKS_OF_CASE = (
    select(CLOCKS, MOMENTS.c.next_at, MOMENTS.c.steps)
    .outerjoin(MOMENTS, MOMENTS.c.clock_id == CLOCKS.c.id)
    .where(CLOCKS.c.referral_id == bindparam("referral"))
)
ACTIONS_OF_CASE = select(ACTIONS).where(ACTIONS.c.referral_id == bindparam("referral"))
ADD_ENTRIES, ADD_CLOCKS, ADD_MOMENTS, ADD_ACTIONS = insert(ENTRIES), insert(CLOCKS), insert(MOMENTS), insert(ACTIONS)
NEW = "new_"
DROP_MOMENT = delete(MOMENTS).where(MOMENTS.c.clock_id == bindparam("clock"))

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
    append(act, referral, case, events, words)
    project(act, referral, case, practice, events=referral.events)


def append(
    act: Act, referral: Referral, case: Case, events: Sequence[Event], words: Mapping[str, Any] | None = None
) -> None:
    """Append the events to the ledger and fold them into the case. `project` has to follow in the same act.

    The head of the record is held from here until the act ends, so whoever writes to several cases in one act has to
    hold their referrals before.
    """
    sequence, link = hold_head(act)
    rows: list[dict[str, Any]] = []
    for event, said in zip(events, pair(events, words or {}), strict=True):
        sequence += 1
        number = referral.events + len(rows) + 1
        row = _entry(act, referral.id, sequence, number, event, _seal(act, referral, number, said))
        link = act.vault.link(link, canonical(Linked(**{**row, "sealed": digest_of(row["sealed"])})))
        rows.append({**row, "link": link})
    act.session.execute(ADD_ENTRIES, rows)
    act.session.execute(MOVE_HEAD, {"new_entries": sequence, "new_link": link})
    for event in events:
        apply(case, event)
    set_committed_value(referral, "events", referral.events + len(events))


def hold_head(act: Act) -> tuple[int, bytes]:
    """Hold the head of the record until the act ends: how many entries there are, and the link of the last."""
    entries, link = act.session.execute(HEAD).one()
    return entries, link


def append_to_many(act: Act, head: tuple[int, bytes], events: Sequence[tuple[int, int, Event]]) -> None:
    """Append events without words to many cases at once after the head, each with its case and its number there.

    The cases have to be held by this act; whoever calls brings their rows and other projections into line.
    """
    before, link = head
    cases, numbers, happened = zip(*events, strict=True)
    written = {event: write_data(event) for event in set(happened)}  # most say the same, of one case after another
    same = {"actor_id": act.who.id, "role": act.who.role.value, "login": act.who.login}
    columns = {
        "sequence": range(before + 1, before + 1 + len(events)),
        "referral_id": cases,
        "number": numbers,
        "kind": [type(event).__name__ for event in happened],
        "data": [written[event] for event in happened],
    }
    links, at = [], instant(act.at)
    for entry in zip(*columns.values(), strict=True):
        link = act.vault.link(link, as_lines(*entry, "", *same.values(), at))
        links.append(link)
    bulk.insert(act.session, LedgerEntry, {**columns, "link": links}, {**same, "sealed": None, "recorded_at": act.at})
    act.session.execute(MOVE_HEAD, {"new_entries": before + len(events), "new_link": link})


def _entry(
    act: Act, referral_id: int, sequence: int, number: int, event: Event, sealed: bytes | None
) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "referral_id": referral_id,
        "number": number,
        "kind": type(event).__name__,
        "data": write_data(event),
        "sealed": sealed,
        "actor_id": act.who.id,
        "role": act.who.role.value,
        "login": act.who.login,
        "recorded_at": act.at,
    }


def _seal(act: Act, referral: Referral, number: int, said: Mapping[str, Any]) -> bytes | None:
    return act.vault.seal(referral.sealing_key.wrapped, place_of(referral.id, number), said) if said else None


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
    columns = {**projection.referral_columns(case, practice), "events": events}
    was_closed = not referral.is_open and referral.threshold == "met"
    stands_as_before = all(getattr(referral, name) == columns[name] for name in projection.STANDING)
    # The database refuses whoever so much as names the first date: it was written with the row.
    written = {name: value for name, value in columns.items() if name != "received_at"}
    _change(act, REFERRALS, [{"row": referral.id, **_new(written)}])
    for name, value in columns.items():
        set_committed_value(referral, name, value)
    _write_clocks(act, referral, projection.clock_rows(case), projection.due_moments(case, practice))
    if case.actions:
        _write_actions(act, referral, projection.action_rows(case))
    if not stands_as_before:
        standings.keep(act, referral, columns)
    feedback.keep(act, referral, case, practice, was_closed=was_closed)


def _write_clocks(
    act: Act,
    referral: Referral,
    wanted: Mapping[projection.ClockKey, Mapping[str, Any]],
    moments: Mapping[projection.ClockKey, projection.Moment],
) -> None:
    """Bring the rows of the clocks into line, and with them the moments at which the scheduler looks at each."""
    found = {(row.key, row.occurrence): row for row in act.session.execute(CLOCKS_OF_CASE, {"referral": referral.id})}
    ids = {place: row.id for place, row in found.items()}
    _change(act, CLOCKS, _changed(found, wanted))
    new = [
        {"referral_id": referral.id, "key": key, "occurrence": occurrence, **columns}
        for (key, occurrence), columns in wanted.items()
        if (key, occurrence) not in found
    ]
    if new:
        rows = act.session.execute(ADD_CLOCKS.returning(CLOCKS.c.id, CLOCKS.c.key, CLOCKS.c.occurrence), new)
        ids.update({(row.key, row.occurrence): row.id for row in rows})
    stood = {
        place: projection.Moment(row.next_at, row.steps) for place, row in found.items() if row.next_at is not None
    }
    gone = [{"clock": ids[place]} for place, moment in stood.items() if moments.get(place) != moment]
    if gone:
        act.session.execute(DROP_MOMENT, gone)
    due = [
        {"clock_id": ids[place], **moment._asdict()} for place, moment in moments.items() if stood.get(place) != moment
    ]
    if due:
        act.session.execute(ADD_MOMENTS, due)


def _write_actions(act: Act, referral: Referral, wanted: Mapping[int, Mapping[str, Any]]) -> None:
    found = {row.number: row for row in act.session.execute(ACTIONS_OF_CASE, {"referral": referral.id})}
    _change(act, ACTIONS, _changed(found, wanted))
    new = [{"referral_id": referral.id, "number": n, **columns} for n, columns in wanted.items() if n not in found]
    if new:
        act.session.execute(ADD_ACTIONS, new)


def _changed(found: Mapping[Any, Any], wanted: Mapping[Any, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What has to be written of the rows that are there and say something else."""
    return [
        {"row": found[place].id, **_new(columns)}
        for place, columns in wanted.items()
        if place in found and any(getattr(found[place], name) != value for name, value in columns.items())
    ]


def _change(act: Act, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        act.session.execute(_update(table, tuple(rows[0])), rows)


@lru_cache(maxsize=16)
def _update(table: Table, names: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name.removeprefix(NEW): bindparam(name) for name in names if name.startswith(NEW)}
    return update(table).where(table.c.id == bindparam("row")).values(values)


def _new(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The values under the names that the statement knows them by."""
    return {f"{NEW}{name}": value for name, value in columns.items()}
