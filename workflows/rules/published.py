"""One row of a published table of council rules, read as a time rule, or refused until the council has chosen."""

import re
from collections.abc import Mapping
from datetime import time

from workflows.rules.terms import WEEKDAYS, RulesRefused, TimeRule
from workflows.spans import CutOff, Span, Unit

NOT_STATED = "day_unit_not_stated"
DAY_UNITS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY)
PAUSED_FOR_POLICE = ("conclusion",)

_LEAD_IN = re.compile(r"(?P<trigger>\w+)_plus_(?P<count>\d+)_(?P<unit>hour|working_day|calendar_day|week|month)s?")
_CUT_OFF = re.compile(r"(?P<day>\w+) (?P<at>late|\d\d:\d\d): (?P<next>\w+)")


def published(row: Mapping[str, str], *, unit: Unit | None = None, cut_off_at: time | None = None) -> TimeRule:
    """The time rule that a row states (council, rule, starts, limit, unit, owed_by, cut_off, source).

    Where the row leaves something open the council chooses: `unit` for "5 days", `cut_off_at` for "Friday late".
    Raises `RulesRefused`, saying what to choose, when it has not.
    """
    key = row["rule"]
    starts, starts_after = _starts(row["starts"])
    return TimeRule(
        key=key,
        label=key.replace("_", " ").capitalize().replace("lado", "LADO").replace("ofsted", "Ofsted"),
        starts=starts,
        limit=_limit(row, unit),
        owed_by=row["owed_by"],
        source=f"{row['council']}: {row['source']}",
        starts_after=starts_after,
        repeats=starts_after is not None,  # "open past 3 months, monthly": from then on, again and again
        cut_offs=_cut_offs(key, row["cut_off"], cut_off_at),
        pauses=key in PAUSED_FOR_POLICE,
    )


def _starts(text: str) -> tuple[str, Span | None]:
    found = _LEAD_IN.fullmatch(text)
    if found is None:
        return text, None
    unit = Unit.CALENDAR_MONTH if found["unit"] == "month" else Unit(found["unit"])
    return found["trigger"], Span(int(found["count"]), unit)


def _limit(row: Mapping[str, str], chosen: Unit | None) -> Span:
    key, stated = row["rule"], row["unit"]
    if not re.fullmatch(r"[1-9]\d{0,3}", row["limit"]):
        raise RulesRefused(f"{key}: the limit must be a whole number of 1 or more, not “{row['limit']}”")
    count = int(row["limit"])
    if stated == NOT_STATED:
        if chosen not in DAY_UNITS:
            raise RulesRefused(unit_not_stated(key, count))
        return Span(count, chosen)
    if stated not in list(Unit):
        raise RulesRefused(f"{key}: “{stated}” is not a unit; choose from {', '.join(Unit)}")
    return Span(count, Unit(stated))


def unit_not_stated(key: str, count: int) -> str:
    """What to tell a council whose rule says "5 days" and no more."""
    return f"{key}: the published rule says {count} days without saying which: choose working days or calendar days"


def _cut_offs(key: str, text: str, chosen: time | None) -> tuple[CutOff, ...]:
    if not text:
        return ()
    found = _CUT_OFF.fullmatch(text)
    if found is None or found["day"].lower() not in WEEKDAYS:
        raise RulesRefused(f"{key}: “{text}” is not a cut-off; write it as “Friday 16:00: Monday”")
    weekday = WEEKDAYS.index(found["day"].lower())
    expected = WEEKDAYS[weekday + 1] if weekday < WEEKDAYS.index("friday") else "monday"
    if found["next"].lower() != expected:
        raise RulesRefused(f"{key}: after {found['day']} the next working day is {expected.capitalize()}")
    at = chosen if found["at"] == "late" else _time(key, found["at"])
    if at is None:
        raise RulesRefused(f"{key}: “{found['day']} late” must name a time, such as 16:00")
    return (CutOff(weekday, at),)


def _time(key: str, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as wrong:
        raise RulesRefused(f"{key}: “{text}” is not a time of day") from wrong
