"""Rules read back from their text: every fault is collected and said in words before anything is refused."""

import json
from collections.abc import Callable
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar

from workflows.london import END_OF_DAY
from workflows.office import USUAL_HOURS, OfficeHours, Opening
from workflows.rules.faults import faults
from workflows.rules.published import NOT_STATED, unit_not_stated
from workflows.rules.terms import LADDER, WEEKDAYS, Ladder, Rules, RulesRefused, Rung, TimeRule, Wait, WaitUnit
from workflows.spans import CutOff, Span, Unit

T = TypeVar("T")
C = TypeVar("C", bound=StrEnum)

RULES = ("name", "timescales", "office", "day_ends", "closure_days", "ladder", "ladders", "warnings", "asks_why")
TIME_RULE = (
    "key",
    "label",
    "starts",
    "starts_after",
    "limit",
    "owed_by",
    "source",
    "repeats",
    "cut_offs",
    "pauses",
    "warns_at",
    "ladder",
)


def from_json(text: str) -> Rules:
    """The Rules that `Rules.to_json` wrote; raises `RulesRefused` with every fault found."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise RulesRefused("the rules are not written as JSON") from wrong
    sheet = _Sheet()
    rules = sheet.rules(data)
    if found := tuple(sheet.faults) or faults(rules):
        raise RulesRefused(*found)
    return rules


class _Sheet:
    """Reads one set of rules, noting each fault and reading on; what is faulty is stood in for and never returned."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def blame(self, where: str, what: str) -> None:
        self.faults.append(f"{where}: {what}")

    def rules(self, data: Any) -> Rules:
        row = self._row(data, "rules", RULES)
        return Rules(
            name=self._text(row.get("name"), "name"),
            timescales=self._each(row.get("timescales"), "timescales", self._time_rule),
            office=self._office(row["office"]) if "office" in row else USUAL_HOURS,
            day_ends=self._time(row["day_ends"], "end of the day") if "day_ends" in row else END_OF_DAY,
            closure_days=self._each(row.get("closure_days", []), "closure days", self._closure),
            ladder=self._each(row["ladder"], "ladder", self._rung) if "ladder" in row else LADDER,
            ladders=self._each(row.get("ladders", []), "ladders", self._ladder),
            warnings=self._each(row.get("warnings", [0.8]), "warnings", self._share),
            asks_why=self._yes_or_no(row.get("asks_why", False), "asking why"),
        )

    def _time_rule(self, data: Any, where: str) -> TimeRule:
        row = self._row(data, where, TIME_RULE)
        key = self._text(row.get("key"), f"{where}, key")
        where = key or where
        if "limit" not in row:
            self.blame(where, "has no limit; give one, or leave it empty for a date that the officer gives")
        return TimeRule(
            key=key,
            label=self._text(row.get("label"), f"{where}, label"),
            starts=self._text(row.get("starts"), f"{where}, start"),
            limit=self._span(row.get("limit"), where),
            owed_by=self._text(row.get("owed_by"), f"{where}, owed by"),
            source=self._text(row.get("source", ""), f"{where}, source"),
            starts_after=self._span(row.get("starts_after"), where),
            repeats=self._yes_or_no(row.get("repeats", False), f"{where}, repeats"),
            cut_offs=self._each(row.get("cut_offs", []), where, self._cut_off),
            pauses=self._yes_or_no(row.get("pauses", False), f"{where}, pauses"),
            warns_at=None
            if row.get("warns_at") is None
            else self._each(row["warns_at"], f"{where}, warning", self._share),
            ladder=None if row.get("ladder") is None else self._text(row["ladder"], f"{where}, ladder"),
        )

    def _span(self, value: Any, where: str) -> Span | None:
        if value is None:
            return None
        row = self._row(value, where, ("count", "unit"))
        count = self._whole(row.get("count"), where)
        if row.get("unit") in (None, "", "day", "days", NOT_STATED):
            self.faults.append(unit_not_stated(where, count))
            return None
        return Span(count, self._choice(row["unit"], where, Unit))

    def _cut_off(self, value: Any, where: str) -> CutOff:
        row = self._row(value, where, ("weekday", "at"))
        weekday = row.get("weekday")
        if weekday is not None and weekday not in WEEKDAYS:
            self.blame(where, f"“{weekday}” is not a day of the week")
            weekday = None
        if row.get("at") in (None, "", "late"):
            self.blame(where, f"the cut-off “{weekday or 'every day'} late” must name a time, such as 16:00")
            return CutOff(None, END_OF_DAY)
        number = None if weekday is None else WEEKDAYS.index(weekday)
        return CutOff(number, self._time(row["at"], f"{where}, cut-off"))

    def _office(self, value: Any) -> OfficeHours:
        row = self._row(value, "office hours", WEEKDAYS)
        return OfficeHours(tuple(self._opening(row.get(day), f"office hours on {day}") for day in WEEKDAYS))

    def _opening(self, value: Any, where: str) -> Opening | None:
        if value is None:
            return None
        if not isinstance(value, list) or len(value) != 2:
            self.blame(where, "give an opening and a closing time")
            return None
        return self._time(value[0], where), self._time(value[1], where)

    def _closure(self, value: Any, where: str) -> tuple[date, str]:
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
            try:
                return date.fromisoformat(value[0]), self._text(value[1], f"{where} on {value[0]}")
            except ValueError:
                pass  # said below, as for any other shape
        self.blame(where, f"“{value}” is not a day and a reason")
        return date.min, ""

    def _ladder(self, value: Any, where: str) -> Ladder:
        row = self._row(value, where, ("key", "rungs"))
        key = self._text(row.get("key"), f"{where}, key")
        return Ladder(key, self._each(row.get("rungs"), f"ladder {key}", self._rung))

    def _rung(self, value: Any, where: str) -> Rung:
        row = self._row(value, where, ("role", "wait"))
        wait = self._row(row.get("wait"), where, ("count", "unit"))
        count = self._whole(wait.get("count"), where)
        return Rung(
            self._text(row.get("role"), f"{where}, role"), Wait(count, self._choice(wait.get("unit"), where, WaitUnit))
        )

    def _share(self, value: Any, where: str) -> float:
        if not isinstance(value, float):
            self.blame(where, f"“{value}” is not a share such as 0.8")
            return 0.5
        return value

    def _row(self, value: Any, where: str, known: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.blame(where, "is missing or not a set of named values")
            return {}
        for name in sorted(value.keys() - set(known)):
            self.blame(where, f"“{name}” is not something that rules know")
        return value

    def _each(self, value: Any, where: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
        if not isinstance(value, list):
            self.blame(where, "is missing or not a list")
            return ()
        return tuple(read(item, where) for item in value)

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str) or not value.isprintable():
            self.blame(where, "is missing or not a line of text")
            return ""
        return value

    def _whole(self, value: Any, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.blame(where, f"“{value}” is not a whole number")
            return 1
        return value

    def _yes_or_no(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            self.blame(where, "must be true or false")
        return value is True

    def _time(self, value: Any, where: str) -> time:
        try:
            read = time.fromisoformat(value)
        except (ValueError, TypeError):
            read = None
        if read is None or read.tzinfo is not None:
            self.blame(where, f"“{value}” is not a time of day such as 16:00")
            return END_OF_DAY
        return read

    def _choice(self, value: Any, where: str, among: type[C]) -> C:
        if value not in list(among):
            self.blame(where, f"“{value}” is not a unit; choose from {', '.join(among)}")
            return next(iter(among))
        return among(value)
