"""Plain folds of a case's events: what a replay is measured beside. A dictionary that is changed in place, no class.

`look_up` keeps the state alone, by a table of steps that it checks. `plain` keeps all that the product's case keeps.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from workflows import events as e

Kept = dict[str, Any]


def look_up(events: Iterable[e.Event], steps: Mapping[tuple[str, str], str]) -> str:
    """The state that the moves lead to. A move that is not open where it was made raises KeyError."""
    state = ""
    for event in events:
        if event.__class__ is e.Moved:
            state = steps[state, event.move]
    return state


def plain(events: Iterable[e.Event]) -> Kept:
    """Everything that the events tell, as a dictionary of dictionaries and lists."""
    case: Kept = {"state": "", "running": {}, "ended": [], "started": {}, "allegations": {}, "people": {}}
    case |= {"meetings": [], "strands": {}, "actions": {}, "told": {}, "onward": {}, "recorded": set(), "escalated": []}
    case["agreed"] = {}
    for event in events:
        FOLD[event.__class__](case, event)
    return case


def _opened(case: Kept, event: e.Opened) -> None:
    case["procedure"], case["version"] = event.procedure, event.version
    case["rules"], case["calendar"] = event.rules, event.calendar
    case["received_at"], case["advice_call"] = event.received_at, event.advice_call


def _moved(case: Kept, event: e.Moved) -> None:
    case["state"] = event.enters


def _noted(case: Kept, event: e.Noted) -> None:
    fact = event.answers.get("fact") or ("minutes_sent" if event.kind == "send_minutes" else None)
    if fact:
        case["recorded"].add(fact)


def _person(case: Kept, event: e.PersonAdded) -> None:
    case["people"][event.number] = event.role


def _allegation(case: Kept, event: e.AllegationAdded) -> None:
    case["allegations"][event.number] = {"category": event.category, "children": event.children}


def _threshold(case: Kept, event: e.ThresholdDecided) -> None:
    case["threshold"] = "met" if event.met else "not met"


def _arranged(case: Kept, event: e.MeetingArranged) -> None:
    case["meetings"].append({"planned_at": event.planned_at, "kind": "meeting"})


def _held(case: Kept, event: e.MeetingHeld) -> None:
    if event.number > len(case["meetings"]):
        case["meetings"].append({"planned_at": None})
    case["meetings"][event.number - 1].update(held_at=event.held_at, kind=event.kind)


def _strand(case: Kept, event: e.StrandChanged) -> None:
    case["strands"][event.strand] = event.status


def _proposed(case: Kept, event: e.OutcomeProposed) -> None:
    case["allegations"][event.allegation]["proposed"] = event.outcome


def _decided(case: Kept, event: e.OutcomeDecided) -> None:
    case["allegations"][event.allegation]["outcome"] = event.outcome


def _action(case: Kept, event: e.ActionSet) -> None:
    case["actions"][event.number] = {"holder": event.holder, "user": event.user}


def _action_done(case: Kept, event: e.ActionDone) -> None:
    case["actions"][event.number]["is_done"] = True


def _told(case: Kept, event: e.Told) -> None:
    case["told"][event.audience] = (event.told, event.told_on)


def _agreed(case: Kept, event: e.TellingAgreed) -> None:
    case["agreed"][event.audience] = event.extent


def _onward(case: Kept, event: e.OnwardDecided) -> None:
    case["onward"][event.body] = event.decision


def _owner(case: Kept, event: e.OwnerAssigned) -> None:
    case["owner"] = event.owner


def _transfer(case: Kept, event: e.TransferOffered) -> None:
    case["transfer"] = "offered"


def _started(case: Kept, event: e.ClockStarted) -> None:
    case["running"][event.clock] = {
        "occurrence": event.occurrence,
        "started_at": event.started_at,
        "due_at": event.due_at,
        "first_due_at": event.due_at,
        "provisional": event.provisional,
        "rule": event.rule,
        "pauses": [],
    }
    case["started"][event.clock] = event.occurrence


def _met(case: Kept, event: e.ClockMet) -> None:
    _end(case, event.clock, event.met_at, met=True)


def _stopped(case: Kept, event: e.ClockStopped) -> None:
    _end(case, event.clock, event.stopped_at, met=False)


def _end(case: Kept, key: str, ended_at: Any, *, met: bool) -> None:
    clock = case["running"].pop(key)
    clock["key"], clock["ended_at"], clock["met"] = key, ended_at, met
    case["ended"].append(clock)


def _paused(case: Kept, event: e.ClockPaused) -> None:
    clock = case["running"][event.clock]
    clock["paused_at"], clock["holder"] = event.paused_at, event.holder


def _resumed(case: Kept, event: e.ClockResumed) -> None:
    clock = case["running"][event.clock]
    clock["pauses"].append((clock.pop("paused_at"), event.resumed_at, clock.pop("holder")))
    clock["due_at"], clock["provisional"] = event.due_at, event.provisional


def _escalated(case: Kept, event: e.Escalated) -> None:
    case["escalated"].append((event.clock, event.occurrence, event.rung))


FOLD: Mapping[type, Callable[[Kept, Any], None]] = {
    e.Opened: _opened,
    e.Moved: _moved,
    e.Noted: _noted,
    e.PersonAdded: _person,
    e.AllegationAdded: _allegation,
    e.ThresholdDecided: _threshold,
    e.MeetingArranged: _arranged,
    e.MeetingHeld: _held,
    e.StrandChanged: _strand,
    e.OutcomeProposed: _proposed,
    e.OutcomeDecided: _decided,
    e.ActionSet: _action,
    e.ActionDone: _action_done,
    e.Told: _told,
    e.TellingAgreed: _agreed,
    e.OnwardDecided: _onward,
    e.OwnerAssigned: _owner,
    e.TransferOffered: _transfer,
    e.ClockStarted: _started,
    e.ClockMet: _met,
    e.ClockStopped: _stopped,
    e.ClockPaused: _paused,
    e.ClockResumed: _resumed,
    e.Escalated: _escalated,
}
"""How each event changes the dictionary."""
