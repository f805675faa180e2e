"""What a council's rules are made of, as frozen values: time rules, the rungs of ladders, and Rules that hold them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Any

from workflows.calendar import Calendar
from workflows.london import END_OF_DAY
from workflows.office import USUAL_HOURS, OfficeHours
from workflows.spans import CutOff, Span

ROLES = ("owner", "cover", "service_manager", "head_of_service")
OWED_BY = ("lado", "employer", "provider", "police_and_lado")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class RulesRefused(Exception):
    """Rules that cannot be used; `faults` says why, each in a sentence that a service manager can act on."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class WaitUnit(StrEnum):
    """What a rung's wait is counted in. An office hour is an hour in which the office is open."""

    OFFICE_HOUR = "office_hour"
    WORKING_DAY = "working_day"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long after a lapse a rung is told; 0 means at once."""

    count: int
    unit: WaitUnit


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of an escalation: which role is told, and how long after the lapse."""

    role: str
    wait: Wait


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs that a lapsed clock climbs, in order."""

    key: str
    rungs: tuple[Rung, ...]


# Default of this product, no published limit: told at once, then after half a day, one working day and three.
LADDER = (
    Rung("owner", Wait(0, WaitUnit.OFFICE_HOUR)),
    Rung("cover", Wait(4, WaitUnit.OFFICE_HOUR)),
    Rung("service_manager", Wait(1, WaitUnit.WORKING_DAY)),
    Rung("head_of_service", Wait(3, WaitUnit.WORKING_DAY)),
)

# Default of this product, no published limit: a case handed over that nobody accepted in half a day is told to the
# second cover, and after one working day to the service manager.
ACCEPTANCE = (
    Rung("cover", Wait(4, WaitUnit.OFFICE_HOUR)),
    Rung("service_manager", Wait(1, WaitUnit.WORKING_DAY)),
)


@dataclass(frozen=True, slots=True)
class TimeRule:
    """One limit: what starts it, how long it runs, who owes it, and where the rule is written.

    `starts` is the trigger. With `starts_after` the clock starts at the end of that lead-in, not at the trigger.
    `limit` None means that an officer gives the date. `repeats` starts the limit again, without the lead-in, each time
    it is met. `pauses` says whether it stands still while the case is paused for the police. `warns_at` are shares of
    the clock, 0 to 1; None takes the council's usual ones, and so does `ladder`.
    """

    key: str
    label: str
    starts: str
    limit: Span | None
    owed_by: str
    source: str
    starts_after: Span | None = None
    repeats: bool = False
    cut_offs: tuple[CutOff, ...] = ()
    pauses: bool = False
    warns_at: tuple[float, ...] | None = None
    ladder: str | None = None


@dataclass(frozen=True)
class Rules:
    """A council's rules at one version. Two Rules of the same content have the same version, in any process.

    `asks_why` says whether colleagues are asked why before they open a case that is not theirs.
    """

    name: str
    timescales: tuple[TimeRule, ...]
    office: OfficeHours = USUAL_HOURS
    day_ends: time = END_OF_DAY
    closure_days: tuple[tuple[date, str], ...] = ()
    ladder: tuple[Rung, ...] = LADDER
    ladders: tuple[Ladder, ...] = ()
    warnings: tuple[float, ...] = (0.8,)
    asks_why: bool = False

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when, and only when, the content does."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()[:12]

    @cached_property
    def by_key(self) -> dict[str, TimeRule]:
        """Each time rule under its key."""
        return {rule.key: rule for rule in self.timescales}

    def warns_at(self, rule: TimeRule) -> tuple[float, ...]:
        """The shares of this clock at which to warn."""
        return self.warnings if rule.warns_at is None else rule.warns_at

    def ladder_of(self, rule: TimeRule) -> tuple[Rung, ...]:
        """The rungs that this clock climbs when it lapses."""
        if rule.ladder is None:
            return self.ladder
        return next(ladder.rungs for ladder in self.ladders if ladder.key == rule.ladder)

    def calendar(self, published: Calendar) -> Calendar:
        """The published calendar less this council's closure days."""
        return published.with_closures(dict(self.closure_days))

    def to_json(self) -> str:
        """The canonical text of these rules: what is stored, hashed, and read back by `from_json`."""
        return json.dumps(as_data(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def as_data(rules: Rules) -> dict[str, Any]:
    """The rules as plain lists and dictionaries, as an admin page edits them."""
    return {
        "name": rules.name,
        "timescales": [_rule(rule) for rule in rules.timescales],
        "office": {day: _opening(opening) for day, opening in zip(WEEKDAYS, rules.office.week, strict=True)},
        "day_ends": rules.day_ends.isoformat(),
        "closure_days": [[day.isoformat(), why] for day, why in rules.closure_days],
        "ladder": [_rung(rung) for rung in rules.ladder],
        "ladders": [{"key": ladder.key, "rungs": [_rung(rung) for rung in ladder.rungs]} for ladder in rules.ladders],
        "warnings": list(rules.warnings),
        # Only where a council chose it, so that rules of before keep their version.
        **({"asks_why": True} if rules.asks_why else {}),
    }


def _rule(rule: TimeRule) -> dict[str, Any]:
    return {
        "key": rule.key,
        "label": rule.label,
        "starts": rule.starts,
        "starts_after": _span(rule.starts_after),
        "limit": _span(rule.limit),
        "owed_by": rule.owed_by,
        "source": rule.source,
        "repeats": rule.repeats,
        "cut_offs": [_cut_off(cut_off) for cut_off in rule.cut_offs],
        "pauses": rule.pauses,
        "warns_at": None if rule.warns_at is None else list(rule.warns_at),
        "ladder": rule.ladder,
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"count": span.count, "unit": span.unit.value}


def _cut_off(cut_off: CutOff) -> dict[str, Any]:
    day = None if cut_off.weekday is None else WEEKDAYS[cut_off.weekday]
    return {"weekday": day, "at": cut_off.at.isoformat()}


def _opening(opening: tuple[time, time] | None) -> list[str] | None:
    return None if opening is None else [moment.isoformat() for moment in opening]


def _rung(rung: Rung) -> dict[str, Any]:
    return {"role": rung.role, "wait": {"count": rung.wait.count, "unit": rung.wait.unit.value}}
