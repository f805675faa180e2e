"""What an officer does to one clock with a reason: give it more time, let it stand still, start it again, stop it.

Pure, like the moves of a procedure: the case, the practice and the instant give the events, or a refusal in words. The
first promise stays on the clock and every earlier date in the events before. A lapse stays a lapse. A pause always has
a review date, which is an action of the accountable officer, and a stop never leaves an open case to drift.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from workflows import events as e
from workflows.attempt import Refusal
from workflows.calendar import BeyondCalendar
from workflows.case import Case, Clock
from workflows.certain import certain_clocks
from workflows.clocks import Due
from workflows.london import instant_on, london_day
from workflows.model import ACTION, NEXT_UPDATE
from workflows.practice import Practice
from workflows.running import BY_OFFICER, due_by_rule, pauses_done, resumed

Decided = tuple[e.Event, ...] | Refusal

EXTEND, PAUSE, KEEP_PAUSED = "extend_clock", "pause_clock", "keep_clock_paused"
RESUME, STOP = "resume_clock", "stop_clock"
"""The name under which each is noted on the record."""

HOLDERS = ("police", "employer", "social_care", "court", "regulator")
"""Who can have the ball while one clock stands still."""

MOST = 366
"""Nobody adds more units than this to a limit at once: a larger number is a slip."""

ENDED = "This clock has ended, so nothing about it can be changed any more."
LAPSED = (
    "This clock has lapsed, and a lapse stays a lapse. Record what it waited for as soon as it is done; "
    "the reason for the delay can be recorded on the case."
)
STILL = "This clock stands still now. Start it again first."
WITH_THE_CASE = "This clock stands still with the whole case, and runs again when the case does."
NOT_STILL = "This clock does not stand still now."
NOT_BEGUN = "This clock has not begun to count yet."
BY_HAND = "An officer gave this date, so it stands, whoever has the ball. Give it a later date instead."
NO_PAUSES = "Under the council’s rules this clock does not stand still for anybody. Give it more time instead."
NOT_OPEN = "The case is closed, so there is nobody to wait for."
MEETING = "A planned meeting gets another date by being arranged anew: then everybody has the same one."
AN_ACTION = "An action is not stopped. Record that it is done, and in the note why it was not needed."
REVIEW_OF_PAUSE = "The case is paused, and a pause always has a review date. Give it another date instead."
LAST_ONE = (
    "Without this clock the case could come to a point at which no time limit runs. "
    "Give it more time instead, or record what it waits for."
)


def why_not(kind: str, case: Case, clock: Clock, practice: Practice, at: datetime) -> str:
    """Why this cannot be done to the clock now, as a sentence that says what to do instead; empty when it can."""
    if case.running.get(clock.key) != clock:
        return ENDED
    return WHY_NOT[kind](case, clock, practice, at)


def extend(
    case: Case, clock: Clock, practice: Practice, at: datetime, *, by: int = 0, due_on: date | None = None
) -> Decided:
    """Give the clock `by` more units of its own limit, or until the end of `due_on` where an officer gave its date.

    `practice` is the one that the clock was started under, so that the limit is the one that was promised.
    """
    if reason := why_not(EXTEND, case, clock, practice, at):
        return Refusal(EXTEND, reason)
    if clock.rule == BY_OFFICER:
        by = 0
        if due_on is None:
            return Refusal(EXTEND, "Enter the new date.", ("due_on",))
        new = Due(instant_on(due_on, practice.day_ends), False, practice.calendar_version)
        missing = ("due_on",)
    else:
        due_on, missing = None, ("by",)
        if not 1 <= by <= MOST:
            return Refusal(EXTEND, f"Enter a whole number from 1 to {MOST}.", missing)
        try:
            new = due_by_rule(practice.rules.by_key[clock.key], clock._replace(extra=clock.extra + by), practice)
        except BeyondCalendar:
            return Refusal(EXTEND, "This reaches too far ahead. Enter a smaller number.", missing)
    if new.at <= clock.due_at or new.at <= at:
        return Refusal(EXTEND, "The new date has to be later than the one that stands.", missing)
    return (
        _noted(EXTEND, clock, {"by": by} if by else {"due_on": due_on}),
        e.ClockExtended(clock.key, clock.occurrence, by, *new),
    )


def pause(case: Case, clock: Clock, practice: Practice, at: datetime, *, holder: str, review_on: date) -> Decided:
    """Let the clock stand still while `holder` has the ball, and have the accountable officer review that in time."""
    if reason := why_not(PAUSE, case, clock, practice, at):
        return Refusal(PAUSE, reason)
    if holder not in HOLDERS:
        return Refusal(PAUSE, "Choose who has the ball.", ("holder",))
    if review_on <= london_day(at):
        return Refusal(PAUSE, "The review has to be after today.", ("review_on",))
    number = len(case.actions) + 1
    return (
        _noted(PAUSE, clock, {"holder": holder, "review_on": review_on, "number": number}),
        e.ClockPaused(clock.key, clock.occurrence, at, holder),
        *_review(case, number, review_on, practice, at),
    )


def keep_paused(case: Case, clock: Clock, practice: Practice, at: datetime, *, review_on: date) -> Decided:
    """Review a pause and let it last: the review is done, and the next one has a date."""
    if reason := why_not(KEEP_PAUSED, case, clock, practice, at):
        return Refusal(KEEP_PAUSED, reason)
    if review_on <= london_day(at):
        return Refusal(KEEP_PAUSED, "The review has to be after today.", ("review_on",))
    number = len(case.actions) + 1
    return (
        _noted(KEEP_PAUSED, clock, {"holder": clock.holder, "review_on": review_on, "number": number}),
        *pauses_done(case, [clock], at),
        *_review(case, number, review_on, practice, at),
    )


def resume(case: Case, clock: Clock, practice: Practice, at: datetime) -> Decided:
    """Start the clock again; the review of the pause is done. Where the whole case is paused, it stands on with it."""
    if (reason := why_not(RESUME, case, clock, practice, at)) or clock.paused_at is None:
        return Refusal(RESUME, reason or NOT_STILL)
    events: list[e.Event] = [
        _noted(RESUME, clock, {"holder": clock.holder}),
        *resumed(clock, clock.paused_at, at, practice),
        *pauses_done(case, [clock], at),
    ]
    state = practice.flow.state_by_key[case.state]
    if state.pauses and clock.key in practice.pauses:
        events.append(e.ClockPaused(clock.key, clock.occurrence, at, state.holder))
    return tuple(events)


def stop(case: Case, clock: Clock, practice: Practice, at: datetime, *, why: str) -> Decided:
    """Stop the clock because it does not apply, `why` as a code. Never one that keeps an open case from drifting."""
    if reason := why_not(STOP, case, clock, practice, at):
        return Refusal(STOP, reason)
    if not why:
        return Refusal(STOP, "Choose why the clock does not apply.", ("stop_reason",))
    return (
        _noted(STOP, clock, {"stop_reason": why}),
        e.ClockStopped(clock.key, clock.occurrence, at),
        *pauses_done(case, [clock], at),
    )


def keeps_its_limit(clock: Clock) -> bool:
    """Whether the clock is extended in units of its own limit; otherwise an officer gives a new date."""
    return clock.rule != BY_OFFICER


def _noted(kind: str, clock: Clock, answers: Mapping[str, Any]) -> e.Noted:
    return e.Noted(kind, {"clock": clock.key, "occurrence": clock.occurrence, **answers})


def _review(case: Case, number: int, review_on: date, practice: Practice, at: datetime) -> tuple[e.Event, ...]:
    """The review of a pause: an action of the accountable officer, with its clock."""
    key, due_at = f"{ACTION}:{number}", instant_on(review_on, practice.day_ends)
    started = e.ClockStarted(key, 1, at, due_at, False, BY_OFFICER, practice.calendar_version)
    return e.ActionSet(number, "officer", case.owner), started


def _no_extension(case: Case, clock: Clock, practice: Practice, at: datetime) -> str:
    if clock.paused_at is not None:
        return STILL if clock.review else WITH_THE_CASE
    if any(key == clock.key and answer.endswith("_at") for answer, key in _dates(practice)):
        return MEETING
    return LAPSED if clock.status(at) == "lapsed" else ""


def _no_pause(case: Case, clock: Clock, practice: Practice, at: datetime) -> str:
    if practice.flow.state_by_key[case.state].final:
        return NOT_OPEN
    if clock.rule == BY_OFFICER:
        return BY_HAND
    if clock.key not in practice.pauses:
        return NO_PAUSES
    if clock.paused_at is not None:
        return STILL if clock.review else WITH_THE_CASE
    if clock.started_at > at:
        return NOT_BEGUN
    return LAPSED if clock.status(at) == "lapsed" else ""


def _no_resumption(case: Case, clock: Clock, practice: Practice, at: datetime) -> str:
    if clock.paused_at is None:
        return NOT_STILL
    return "" if clock.review else WITH_THE_CASE


def _no_stop(case: Case, clock: Clock, practice: Practice, at: datetime) -> str:
    if clock.key.startswith(f"{ACTION}:"):
        return AN_ACTION
    is_review = clock.rule == BY_OFFICER and clock.key != NEXT_UPDATE
    if is_review and practice.flow.state_by_key[case.state].pauses:
        return REVIEW_OF_PAUSE
    ending = clock.key, f"{ACTION}:{clock.review}"
    others = any(one.paused_at is None and one.key not in ending for one in case.running.values())
    return "" if others and not _is_relied_on(case, clock.key, practice) else LAST_ONE


def _is_relied_on(case: Case, key: str, practice: Practice) -> bool:
    """Whether the case could come to a state in which no other clock is certain to run.

    A clock that is certain here and does not run was stopped by hand, and is certain no longer; one that is certain
    only later on starts on the way there.
    """
    certain = certain_clocks(practice.flow, practice.rules)
    gone = {key, *(other for other in certain.get(case.state, ()) if other not in case.running)}
    return any(key in clocks and not clocks - gone for clocks in certain.values())


def _dates(practice: Practice) -> tuple[tuple[str, str], ...]:
    return tuple(dated for move in practice.flow.moves for dated in move.dates)


WHY_NOT = {
    EXTEND: _no_extension,
    PAUSE: _no_pause,
    KEEP_PAUSED: _no_resumption,
    RESUME: _no_resumption,
    STOP: _no_stop,
}
"""What stands in the way of each."""
