"""Proving that the screen is the record: every case replayed and compared with the tables that screens query.

It changes nothing, and no sealed part is opened: whoever may not read a case can still prove it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from sqlalchemy.exc import DataError, NoResultFound

from lado.act import Act
from lado.domain import projection
from lado.domain.conflicts import PERSON
from lado.domain.corrections import correction_rows
from lado.domain.feedback import closed
from lado.domain.standings import history
from lado.queries import practices, verification
from lado.queries.ledger import Entry
from lado.queries.verification import Kept
from lado.security.permissions import Permission
from lado.security.policy import ensure
from workflows.asof import Recorded
from workflows.case import Case
from workflows.engine import replay
from workflows.events import Escalated, Event, Opened, from_plain, read_data
from workflows.practice import Practice

FindPractice = Callable[[int, str, int, str, str], Practice]
"""The practice of an authority under a procedure, its version, its rules and its calendar. Raises when unknown."""


class Difference(NamedTuple):
    """A place where a table says something other than the record; None where one of them has nothing there."""

    reference: str
    table: str
    field: str
    record: Any
    screen: Any


class Verdict(NamedTuple):
    """How much was compared, and every difference that was found."""

    cases: int
    entries: int
    differences: tuple[Difference, ...]


class Unreadable(Exception):
    """A ledger that cannot be replayed, and why."""


def verify(act: Act) -> Verdict:
    """Replay every case and compare it with its projections. Reads in batches, so memory stays bounded."""
    ensure(act.who, Permission.RECORD_VERIFY)
    cases = entries = 0
    found: list[Difference] = []
    find: FindPractice = lru_cache(maxsize=256)(partial(practices.of, act.session))
    try:
        for kept in verification.cases(act.session):
            cases, entries = cases + 1, entries + len(kept.entries)
            found.extend(differences(kept, find))
    except (ValueError, TypeError, DataError) as problem:
        # Databases hold what is no instant of ours, as text or as infinity; a proof that stops must be heard.
        found.append(Difference("", "referral", f"unreadable after case {cases}", None, type(problem).__name__))
    return Verdict(cases, entries, tuple(found))


def differences(kept: Kept, find: FindPractice) -> Iterator[Difference]:
    """Every place where the tables say something else than the ledger of this case."""
    reference = kept.referral.reference
    yield from _numbering(kept)
    try:
        events = [_read(row) for row in kept.entries]
        case = _replayed(events)
        practice = find(kept.referral.authority_id, case.procedure, case.version, case.rules, case.calendar)
    except Unreadable as problem:
        yield Difference(reference, "ledger_entry", "data", str(problem), None)
    except (NoResultFound, KeyError):
        yield Difference(reference, "rule_set", "version", kept.referral.rules, None)
    else:
        yield from _compared(reference, "referral", "", _referral(case, events, practice), kept.referral._mapping)
        yield from _projections(kept, case, practice)
        yield from _rows(reference, "escalation", _climbed(events), {_rung(row): row for row in kept.rungs})
        yield from _rows(reference, "standing", _stood(kept, events), {_since(row): row for row in kept.standings})
        yield from _rows(
            reference, "feedback", _told(kept, events, case, practice), {row.audience: row for row in kept.feedback}
        )
        yield from _rows(
            reference, "correction", _corrections(kept, events), {str(row.number): row for row in kept.corrections}
        )
        yield from _rows(reference, "listed", _list_of(case), {f"account {row.account_id}": row for row in kept.listed})
    yield from _kept_away(kept)


def _numbering(kept: Kept) -> Iterator[Difference]:
    """Numbers run from 1 without a gap, and the row knows the last."""
    reference = kept.referral.reference
    for expected, row in enumerate(kept.entries, start=1):
        if row.number != expected:
            yield Difference(reference, "ledger_entry", "number", expected, row.number)
            break
    if kept.referral.events != len(kept.entries):
        yield Difference(reference, "referral", "events", len(kept.entries), kept.referral.events)


def _read(row: Any) -> Event:
    try:
        return from_plain(row.kind, read_data(row.data))
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Unreadable(f"entry {row.number} ({row.kind}) cannot be read") from problem


def _replayed(events: list[Event]) -> Case:
    if not events or not isinstance(events[0], Opened):
        raise Unreadable("the ledger does not begin with the opening of the case")
    try:
        return replay(events)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as problem:
        raise Unreadable("the entries do not follow from one another") from problem


def _referral(case: Case, events: list[Event], practice: Practice) -> dict[str, Any]:
    opened = events[0]
    recorded_at = opened.recorded_at if isinstance(opened, Opened) else None
    return {**projection.referral_columns(case, practice), "recorded_at": recorded_at}


def _projections(kept: Kept, case: Case, practice: Practice) -> Iterator[Difference]:
    reference = kept.referral.reference
    clocks = {_clock(*place): columns for place, columns in projection.clock_rows(case).items()}
    steps = {_clock(row.key, row.occurrence): row.steps for row in kept.moments}
    moments = {_clock(*place): moment._asdict() for place, moment in projection.due_moments(case, practice).items()}
    for name in moments.keys() & steps.keys():
        if not steps[name]:  # kept before steps were: the next tick works them out anew
            del moments[name]["steps"]
    actions = {f"action {number}": columns for number, columns in projection.action_rows(case).items()}
    yield from _rows(reference, "case_clock", clocks, {_clock(row.key, row.occurrence): row for row in kept.clocks})
    yield from _rows(reference, "due_moment", moments, {_clock(row.key, row.occurrence): row for row in kept.moments})
    yield from _rows(reference, "case_action", actions, {f"action {row.number}": row for row in kept.actions})


def _climbed(events: list[Event]) -> dict[str, dict[str, Any]]:
    """The rungs that the record says were reached, and who was told."""
    return {
        f"{_clock(event.clock, event.occurrence)} {event.rung}": {"due_at": event.due_at, "told_id": event.told}
        for event in events
        if isinstance(event, Escalated)
    }


def _stood(kept: Kept, events: list[Event]) -> dict[str, dict[str, Any]]:
    """How the case stood from each recording on, replayed step by step."""
    recorded = [row.recorded_at for row in kept.entries]
    return {_since(span): span.columns for span in history(zip(events, recorded, strict=True))}


def _told(kept: Kept, events: list[Event], case: Case, practice: Practice) -> dict[str, dict[str, Any]]:
    """What the record of a closed case says of telling each audience."""
    record = [Recorded(row.number, event, row.recorded_at) for row, event in zip(kept.entries, events, strict=True)]
    found = closed(record, case, practice)
    return found.rows() if found is not None else {}


def _corrections(kept: Kept, events: list[Event]) -> dict[str, dict[str, Any]]:
    """What was asked to be corrected, and what a second person made of it."""
    entries = [
        Entry(row.number, event, {}, row.actor_id, row.recorded_at)
        for row, event in zip(kept.entries, events, strict=True)
    ]
    return {str(number): columns for number, columns in correction_rows(entries).items()}


def _list_of(case: Case) -> dict[str, dict[str, Any]]:
    """Who is on the list of a restricted case, and who keeps it, as the record says."""
    return {f"account {person}": {"keeper_id": case.keeper} for person in case.listed or ()}


def _kept_away(kept: Kept) -> Iterator[Difference]:
    """Whom the case is kept from, against the declarations that stand.

    A name of a place is the same where its index is. People can share every word of a name: of those the index proves
    that nobody is kept from the case without reason, and only opened words could tell that somebody is missing.
    """
    may = {_conflict(row): {"account_id": row.account_id} for row in (*kept.links, *kept.declared)}
    screen = {_conflict(row): row for row in kept.barred}
    people = {_conflict(row) for row in kept.links if row.kind == PERSON}
    record = {name: columns for name, columns in may.items() if name in screen or name not in people}
    yield from _rows(kept.referral.reference, "barred", record, screen)


def _conflict(row: Any) -> str:
    return f"conflict {row.conflict_id}"


def _since(row: Any) -> str:
    return f"since {row.from_at.isoformat()}"


def _rung(row: Any) -> str:
    return f"{_clock(row.key, row.occurrence)} {row.rung}"


def _rows(
    reference: str, table: str, record: Mapping[str, Mapping[str, Any]], screen: Mapping[str, Any]
) -> Iterator[Difference]:
    """What differs between the rows that the record asks for and those that the table holds, by name."""
    for name in sorted(record.keys() | screen.keys()):
        if name not in screen:
            yield Difference(reference, table, name, _plain(record[name]), None)
        elif name not in record:
            yield Difference(reference, table, name, None, _plain(dict(screen[name]._mapping)))
        else:
            yield from _compared(reference, table, f"{name}: ", record[name], screen[name]._mapping)


def _compared(
    reference: str, table: str, place: str, record: Mapping[str, Any], screen: Mapping[str, Any]
) -> Iterator[Difference]:
    for name, value in record.items():
        if screen[name] != value:
            yield Difference(reference, table, f"{place}{name}", _plain(value), _plain(screen[name]))


def _clock(key: str, occurrence: int) -> str:
    return f"{key} {occurrence}"


def _plain(value: Any) -> Any:
    """A value as JSON can say it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value
