"""What the tables that screens query must say of a case: derived from its replay, and from nothing else.

The same functions write the tables and check them, so a difference can only mean that someone went round the ledger.
"""

from datetime import datetime
from typing import Any, NamedTuple

from lado.domain.codes import rolled_up
from lado.domain.escalation import coming, write_steps
from workflows.case import Case, Clock
from workflows.model import Workflow
from workflows.practice import Practice

ClockKey = tuple[str, int]


class Moment(NamedTuple):
    """When a clock is looked at next, and its steps from there on (`escalation.write_steps`)."""

    next_at: datetime
    steps: str


STANDING = ("procedure", "procedure_version", "state", "is_open", "owner_id", "next_clock", "next_due_at")
"""The columns of the referral row of which every past value is kept."""


def standing(case: Case, flow: Workflow) -> dict[str, Any]:
    """How the case stands: what a queue shows of it and what it is counted by."""
    waiting = [clock for clock in case.running.values() if clock.paused_at is None]
    following = min(waiting, key=lambda clock: (clock.due_at, clock.key), default=None)
    return {
        "procedure": case.procedure,
        "procedure_version": case.version,
        "state": case.state,
        "is_open": not flow.state_by_key[case.state].final,
        "owner_id": case.owner,
        "next_clock": following.key if following else None,
        "next_due_at": following.due_at if following else None,
    }


def referral_columns(case: Case, practice: Practice) -> dict[str, Any]:
    """The plain columns of the referral row."""
    return {
        **standing(case, practice.flow),
        "rules": case.rules,
        "calendar": case.calendar,
        "is_urgent": case.urgent,
        "is_advice_call": case.advice_call,
        "threshold": case.threshold,
        "outcome": rolled_up(allegation.outcome for allegation in case.allegations.values()),
        "received_at": case.received_at,
        "corrected_received_at": case.corrected.get((1, "received_at")),
    }


def clock_rows(case: Case) -> dict[ClockKey, dict[str, Any]]:
    """One row for each running of each clock, ended or not."""
    return {(clock.key, clock.occurrence): _clock_row(clock) for clock in (*case.ended, *case.running.values())}


def due_moments(case: Case, practice: Practice) -> dict[ClockKey, Moment]:
    """When the scheduler has to look at each running clock next, and the steps that are still to come."""
    moments = {}
    for clock in case.running.values():
        steps = coming(clock, climbed_rungs(case, clock), practice, is_urgent=case.urgent)
        if steps:
            moments[clock.key, clock.occurrence] = Moment(steps[0].due_at, write_steps(steps))
    return moments


def action_rows(case: Case) -> dict[int, dict[str, Any]]:
    """One row for each action, done or not."""
    due = {clock.key: clock.due_at for clock in (*case.ended, *case.running.values())}
    return {
        number: {
            "holder": action.holder,
            "holder_id": action.user,
            "due_at": due[f"action:{number}"],
            "is_done": action.is_done,
        }
        for number, action in case.actions.items()
    }


def climbed_rungs(case: Case, clock: Clock) -> frozenset[str]:
    """The rungs of this running of the clock that the ledger says were reached."""
    return frozenset(
        rung for key, occurrence, rung in case.escalated if key == clock.key and occurrence == clock.occurrence
    )


def _clock_row(clock: Clock) -> dict[str, Any]:
    return {
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "first_due_at": clock.first_due_at,
        "is_provisional": clock.provisional,
        "paused_at": clock.paused_at,
        "ended_at": clock.ended_at,
        "is_met": clock.met,
    }
