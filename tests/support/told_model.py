"""A model of the figure of who was told, written apart from it: the plain ledger in, out come the counts.

It knows the definition that stands on the managers' page, reads the rows of the ledger as JSON, counts working days one
by one, and knows nothing of the product.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
EVERYBODY = ("referrer", "employer", "subject", "parents", "child", "regulator", "placing_authority")
SATURDAY = 5


class Entry(NamedTuple):
    """One row of the ledger."""

    case: int
    number: int
    kind: str
    data: str
    recorded_at: datetime


class Told(NamedTuple):
    """A closed case and one audience: told, reason or neither, and how many working days it took."""

    case: int
    audience: str
    group: str
    took: int | None


def told(entries: Iterable[Entry], holidays: set[date], first_on: date, last_on: date) -> list[Told]:
    """Every closed case of the period, once for each audience."""
    cases: dict[int, list[tuple[str, dict[str, Any], date, int]]] = {}
    for entry in entries:
        day = entry.recorded_at.astimezone(LONDON).date()
        cases.setdefault(entry.case, []).append((entry.kind, json.loads(entry.data), day, entry.number))
    found = []
    for case, record in cases.items():
        closed_on = _closed_on(record)
        if closed_on is not None and first_on <= closed_on <= last_on:
            decided_on = [day for kind, _, day, _ in record if kind == "OutcomeDecided"][-1]
            found += [Told(case, who, *_of(who, record, decided_on, holidays)) for who in EVERYBODY]
    return found


def _closed_on(record: Iterable[tuple[str, Mapping[str, Any], date, int]]) -> date | None:
    """The day on which a case came to stand closed, if it stands so now."""
    closed_on = None
    for kind, said, day, _ in record:
        if kind == "Moved" and said["enters"] != said["leaves"]:
            closed_on = day if said["enters"] == "closed" else None
    return closed_on


def _of(
    who: str, record: list[tuple[str, dict[str, Any], date, int]], decided_on: date, holidays: set[date]
) -> tuple[str, int | None]:
    said = [
        (data["told"], _day(data["told_on"], day), _before(record, number).get("extent", ""))
        for kind, data, day, number in record
        if kind == "Told" and data["audience"] == who
    ]
    if not said:
        return "neither", None
    if not said[-1][0]:
        return "reason", None
    days = [on for is_told, on, extent in said if is_told and extent in ("", "outcome") and on >= decided_on]
    return ("told", _working_days(decided_on, min(days), holidays)) if days else ("neither", None)


def _before(record: list[tuple[str, dict[str, Any], date, int]], number: int) -> dict[str, Any]:
    """What was answered on the form: it stands in the note just before."""
    kind, data, _, _ = next(row for row in record if row[3] == number - 1)
    answers: dict[str, Any] = data["answers"] if kind == "Noted" else {}
    return answers


def _day(told_on: str | None, recorded_on: date) -> date:
    return date.fromisoformat(told_on) if told_on else recorded_on


def _working_days(first: date, last: date, holidays: set[date]) -> int:
    """How many come after the first day, up to and with the last."""
    count = 0
    while first < last:
        first += timedelta(days=1)
        count += first.weekday() < SATURDAY and first not in holidays
    return count
