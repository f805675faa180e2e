"""Cases made by real moves alone, without a database: what the tests and the benchmark of the engine walk with.

Imports nothing of `lado`, so that the engine is measured alone.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from workflows.attempt import Attempt, Refusal
from workflows.calendar import Calendar
from workflows.case import Case
from workflows.engine import decide, replay
from workflows.events import Event
from workflows.fold import apply
from workflows.model import Workflow
from workflows.practice import Practice
from workflows.registry import CURRENT
from workflows.rules import NATIONAL

HOLIDAYS = {date(2026, 4, 3): "Good Friday", date(2026, 4, 6): "Easter Monday", date(2026, 5, 4): "Early May"}
CALENDAR = Calendar.of("some of England", HOLIDAYS, date(2025, 1, 1), date(2027, 12, 31))
PRACTICE = Practice(CURRENT, NATIONAL, CALENDAR)
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

EVALUATING = ("refer", "meet_threshold")
MEETING_HELD = (*EVALUATING, "hold_meeting")
OUTCOME_DECIDED = (*MEETING_HELD, "decide_outcome")
CLOSED = (*OUTCOME_DECIDED, "tell_all", "decide_all_onward", "close")
PATHS: Mapping[str, tuple[str, ...]] = {
    "": (),
    "received": ("refer",),
    "awaiting_information": ("refer", "ask_information"),
    "deciding": ("refer", "information_arrived"),
    "advice_only": ("refer", "advise"),
    "threshold_not_met": ("refer", "return_to_employer"),
    "no_further_action": ("refer", "no_further_action"),
    "evaluating": EVALUATING,
    "meeting_arranged": (*EVALUATING, "arrange_meeting"),
    "oversight": (*EVALUATING, "oversee"),
    "meeting_held": MEETING_HELD,
    "investigating": (*MEETING_HELD, "investigate"),
    "paused_for_police": (*MEETING_HELD, "pause_for_police"),
    "reviewing": (*MEETING_HELD, "hold_review"),
    "outcome_proposed": (*MEETING_HELD, "propose_outcome"),
    "outcome_decided": OUTCOME_DECIDED,
    "post_outcome": (*OUTCOME_DECIDED, "follow_up"),
    "closed": CLOSED,
    "reopened": (*CLOSED, "reopen"),
    "transferred": ("refer", "offer_transfer", "accept_transfer"),
    "merged": ("refer", "merge"),
}
"""A shortest way to each state."""

WORDS = {
    *("rationale", "told", "closing_note", "new_information", "plan", "police_lead", "delay_reason"),
    *("missing_information", "information_from", "merged_into", "action", "note"),
}
"""The answers that are sealed words."""

EVERYBODY = ("referrer", "employer", "subject", "parents", "child", "regulator", "placing_authority")
SEVERAL = {
    "tell_all": [("tell", {"audience": name}) for name in EVERYBODY],
    "decide_all_onward": [("decide_onward", {"body": name}) for name in ("dbs", "regulator", "social_care")],
}
"""Moves that are made once for each of several audiences or bodies."""


def answers_for(move: str, at: datetime, case: Case) -> dict[str, Any]:
    """Plain answers that satisfy everything that a move asks in codes, numbers, instants and days."""
    review = {"review_on": (at + 14 * DAY).date()}
    outcomes = {"outcomes": {str(number): "substantiated" for number in case.allegations}}
    known: dict[str, dict[str, Any]] = {
        "refer": {
            "received_at": at,
            "channel": "call",
            "evidence": "call_note",
            "owner": 7,
            "people": ("subject", "child", "referrer"),
            "allegations": ({"category": "physical", "children": (2,)},),
        },
        "ask_information": {"information_on": (at + 2 * DAY).date()},
        "meet_threshold": {"limbs": (1, 4)},
        "arrange_meeting": {"planned_at": at + 3 * DAY},
        "oversee": review,
        "hold_meeting": {"held_at": at, **review},
        "hold_review": {"held_at": at, **review},
        "pause_for_police": review,
        "investigate": {} if "review" in case.running else review,
        "propose_outcome": outcomes,
        "decide_outcome": outcomes,
        "offer_transfer": {"authority": "southmere"},
        "add_person": {"people": ("witness",)},
        "add_allegation": {"allegations": ({"category": "conduct", "children": ()},)},
        "record_fact": {"fact": "children_safe"},
        "change_strand": {"strand": "police", "status": "open"},
        "set_action": {"holder": "officer", "due_on": (at + 5 * DAY).date(), "user": 7},
        "complete_action": {"number": next((n for n, action in case.actions.items() if not action.is_done), 0)},
        "assign": {"owner": 8},
        "tell": {"audience": "referrer", "decision": "told", "told_on": at.date()},
        "decide_onward": {"body": "dbs", "decision": "not referred"},
        "record_event": {"event": "suspended", "happened_at": at},
    }
    return known.get(move, {})


def words_for(move: str, flow: Workflow = PRACTICE.flow) -> dict[str, str]:
    """Words for everything that the move asks in words."""
    return {name: "In words." for name in flow.move_by_key[move].asks if name in WORDS}


class Walk:
    """One case on its way, an hour between two moves unless a test says otherwise."""

    def __init__(self, *moves: str, at: datetime = MONDAY, practice: Practice = PRACTICE) -> None:
        self.at = at
        self.practice = practice
        self.case = Case()
        self.events: list[Event] = []
        for move in moves:
            self.make(move)

    def make(self, move: str, *, after: timedelta = HOUR, **answers: Any) -> tuple[Event, ...]:
        """Make a move that must be open; what the test does not answer is answered in the usual way."""
        if move in SEVERAL:
            several = [self.make(name, after=after, **fixed) for name, fixed in SEVERAL[move]]
            return tuple(event for events in several for event in events)
        made = self.attempt(move, after=after, **answers)
        assert not isinstance(made, Refusal), made.reason
        for event in made:
            apply(self.case, event)
        self.events.extend(made)
        return made

    def attempt(self, move: str, *, after: timedelta = HOUR, **answers: Any) -> tuple[Event, ...] | Refusal:
        """Try a move without making it. An answer of None is left out."""
        if self.events:
            self.at += after
        usual = {**answers_for(move, self.at, self.case), **answers}
        given = {name: value for name, value in usual.items() if value is not None}
        left_out = {name for name, value in usual.items() if value is None}
        words = {name: text for name, text in words_for(move, self.practice.flow).items() if name not in left_out}
        return decide(self.case, Attempt(move, self.at, given, words), self.practice)

    def refused(self, move: str, **answers: Any) -> tuple[str, ...]:
        """Try a move that must be refused, and say what is missing. The case must be as it was."""
        before = snapshot(self.case)
        refusal = self.attempt(move, **answers)
        assert isinstance(refusal, Refusal), f"{move} was open"
        assert snapshot(self.case) == before
        return refusal.missing

    def clock(self, key: str, at: datetime | None = None) -> str:
        """How the last running of a clock stands."""
        clocks = (*self.case.ended, *self.case.running.values())
        return next(clock.status(at or self.at) for clock in reversed(clocks) if clock.key == key)

    def due_on(self, key: str) -> date:
        """The London day on which a running clock is due."""
        return self.case.running[key].due_at.date()


def at_state(state: str, practice: Practice = PRACTICE) -> Walk:
    """A case that has come to stand in a state."""
    walk = Walk(*PATHS[state], practice=practice)
    assert walk.case.state == state
    return walk


def snapshot(case: Case) -> dict[str, Any]:
    """Everything that a case holds, to compare it with another."""
    return {name: getattr(case, name) for name in Case.__slots__}


def is_as_replayed(walk: Walk) -> bool:
    """Whether the case as folded step by step is the case as replayed from all its events."""
    return snapshot(replay(walk.events)) == snapshot(walk.case)
