"""The least that does the job: a nested dictionary of states and moves, the same guards, a case that is a dictionary.

Standard library only and nothing of the project, so that it can also run where the peers are installed.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

Row = dict[str, Any]
Case = dict[str, Any]
AUDIENCES = ("referrer", "employer", "subject", "parents", "child", "regulator", "placing_authority")
BODIES = ("dbs", "regulator", "social_care")


class Refused(Exception):
    """The move cannot be made; says why."""


def _each_has(case: Case, given: Row, name: str) -> bool:
    outcomes = given.get("outcomes", {})
    allegations = case["allegations"]
    return bool(allegations) and all(row[name] or outcomes.get(number) for number, row in allegations.items())


FACTS: dict[str, Callable[[Case, Row], bool]] = {
    "review_is_set": lambda case, given: "review" in case["clocks"] or given.get("review_on") is not None,
    "outcome_proposed_for_each": lambda case, given: _each_has(case, given, "proposed"),
    "outcome_for_each_allegation": lambda case, given: _each_has(case, given, "outcome"),
    "everyone_told": lambda case, given: all(name in case["told"] for name in AUDIENCES),
    "onward_referrals_decided": lambda case, given: all(name in case["onward"] for name in BODIES),
    "action_is_open": lambda case, given: case["actions"].get(given.get("number")) == "open",
}
"""The facts that guard the moves of the benchmark."""

Table = dict[str, dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]]]


def table(rows: list[Row]) -> Table:
    """State, then move, then where it leads, its permission, what it asks and what must hold."""
    found: Table = {}
    for row in rows:
        step = (row["enters"], row["needs"], tuple(row["asks"]), tuple(row["requires"]))
        found.setdefault(row["leaves"], {})[row["move"]] = step
    return found


def fire(states: Table, case: Case, move: str, given: Row, words: Row, granted: frozenset[str]) -> None:
    """Make a move: right state, permission, answers, facts; then the case stands in the new state."""
    step = states[case["state"]].get(move)
    if step is None:
        raise Refused("not open in this state")
    enters, needs, asks, requires = step
    if needs not in granted:
        raise Refused(f"needs {needs}")
    for name in asks:
        if given.get(name) in (None, "", ()) and words.get(name) in (None, "", ()):
            raise Refused(f"{name} is missing")
    for fact in requires:
        if not FACTS[fact](case, given):
            raise Refused(f"{fact} does not hold")
    case["state"] = enters


def a_case(state: str) -> Case:
    """A case for which every guard of the path holds."""
    return {
        "state": state,
        "allegations": {"1": {"proposed": "substantiated", "outcome": "substantiated"}},
        "clocks": {"review": {}},
        "told": dict.fromkeys(AUDIENCES, True),
        "onward": dict.fromkeys(BODIES, "not referred"),
        "actions": {1: "open"},
    }


def remembered(rows: list[tuple[str, str]]) -> Case:
    """A live case with everything that its ledger tells, in plain dictionaries: the least that holds the same facts."""
    case: Case = {name: {} for name in ("people", "allegations", "clocks", "told", "onward", "strands", "actions")}
    case |= {"state": "", "owner": None, "meetings": [], "ended": [], "recorded": []}
    for kind, data in rows:
        remember(case, kind, json.loads(data))
    return case


def remember(case: Case, kind: str, data: Row) -> None:
    """Keep what one ledger row says; kinds that the measured case does not have are refused."""
    if kind == "Opened":
        wanted = ("procedure", "version", "rules", "calendar", "advice_call")
        case |= {name: data[name] for name in wanted} | {"received_at": datetime.fromisoformat(data["received_at"])}
    elif kind == "Moved":
        case["state"] = data["enters"]
    elif kind == "OwnerAssigned":
        case["owner"] = data["owner"]
    elif kind == "PersonAdded":
        case["people"][data["number"]] = data["role"]
    elif kind == "AllegationAdded":
        kept = {"category": data["category"], "children": data["children"], "proposed": "", "outcome": ""}
        case["allegations"][data["number"]] = kept
    elif kind == "ThresholdDecided":
        case["threshold"] = "met" if data["met"] else "not met"
    elif kind == "MeetingHeld":
        case["meetings"].append({"kind": data["kind"], "held_at": datetime.fromisoformat(data["held_at"])})
    elif kind == "ClockStarted":
        clock = {name: data[name] for name in ("occurrence", "provisional", "rule")}
        clock |= {name: datetime.fromisoformat(data[name]) for name in ("started_at", "due_at")}
        case["clocks"][data["clock"]] = clock | {"first_due_at": clock["due_at"]}
    elif kind in ("ClockMet", "ClockStopped"):
        clock, is_met = case["clocks"].pop(data["clock"]), kind == "ClockMet"
        ended_at = datetime.fromisoformat(data["met_at" if is_met else "stopped_at"])
        case["ended"].append(clock | {"key": data["clock"], "ended_at": ended_at, "met": is_met})
    else:
        raise LookupError(kind)
