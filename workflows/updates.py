"""When the referrer hears from us next: a day that an officer promises, kept by telling them something. Pure.

The promise is a clock like any other: one at a time, due at the end of the day, never paused, because the referrer
waits whoever has the ball. Another day is promised only with an update; a later day for the same promise is more time
for its clock, with a reason. It ends with the case.
"""

from collections.abc import Iterable
from datetime import date, datetime

from workflows import events as e
from workflows.adjustments import Decided
from workflows.attempt import Refusal
from workflows.calendar import BeyondCalendar
from workflows.case import Case
from workflows.london import END_OF_DAY, instant_on, london_day
from workflows.model import NEXT_UPDATE, Move, Workflow
from workflows.practice import Practice
from workflows.rules import NATIONAL, Rules, TimeRule, due_under
from workflows.running import BY_OFFICER

REFERRER = "referrer"
"""The audience to whom a day is promised."""

PROMISE, GIVE = "promise_update", "give_update"
"""Under which name a refusal says what was not possible."""

TOLD_WITH = "advice_given"
"""The trigger of the threshold decision and of its endings: the referrer is told of it, which is an update."""

FARTHEST = 2 * 365
"""Days ahead; more is a slip of the hand (a default of this product)."""

ENDED = "The case has ended, so no further update is promised."
STANDS = "A day has been promised already. Record the update first, or give its clock a later date."
PAST = "Promise today or a later day."
TOO_FAR = "This is more than two years away. Check the year."


def promise(case: Case, practice: Practice, at: datetime, by_on: date, *, given: bool = False) -> Decided:
    """Promise the referrer an update by the end of a day; `given`: they have just had one, which keeps the last."""
    if practice.flow.state_by_key[case.state].final:
        return Refusal(PROMISE, ENDED)
    if NEXT_UPDATE in case.running and not given:
        return Refusal(PROMISE, STANDS)
    due_at = instant_on(by_on, practice.day_ends)
    if due_at <= at:
        return Refusal(PROMISE, PAST, ("by_on",))
    if (by_on - london_day(at)).days > FARTHEST:
        return Refusal(PROMISE, TOO_FAR, ("by_on",))
    occurrence = case.occurrences(NEXT_UPDATE) + 1
    return (
        *(give(case, at) if given else ()),
        e.UpdatePromised(REFERRER, by_on),
        e.ClockStarted(NEXT_UPDATE, occurrence, at, due_at, False, BY_OFFICER, practice.calendar_version),
    )


def give(case: Case, at: datetime) -> tuple[e.Event, ...]:
    """The referrer had an update now: the promise that stands, if any, is kept."""
    return e.UpdateGiven(REFERRER, london_day(at)), *kept(case, at)


def kept(case: Case, at: datetime) -> tuple[e.Event, ...]:
    """The promise that stands is kept at this instant; nothing where there is none."""
    clock = case.running.get(NEXT_UPDATE)
    if clock is None or at < clock.started_at:
        return ()
    return (e.ClockMet(NEXT_UPDATE, clock.occurrence, at),)


def after_move(case: Case, move: Move, flow: Workflow, events: Iterable[e.Event], at: datetime) -> tuple[e.Event, ...]:
    """What a move makes of the promise that stands: telling the referrer keeps it, and no case that has ended owes it.

    Told on an earlier day, it was kept at the end of that day; told before it was made, it is not kept by that.
    """
    clock = case.running[NEXT_UPDATE]
    told = [_told_at(event, at) for event in events if _tells(event)]
    if TOLD_WITH in move.triggers:
        told.append(at)
    in_time = [moment for moment in told if moment >= clock.started_at]
    if in_time:
        return kept(case, min(in_time))
    if move.enters is not None and flow.state_by_key[move.enters].final:
        return (e.ClockStopped(NEXT_UPDATE, clock.occurrence, at),)
    return ()


def suggested_on(practice: Practice, at: datetime) -> date:
    """The day to offer: by the council's rule (`rule_of`), counted from now; today where no day can be counted."""
    rule = rule_of(practice.rules)
    try:
        due = due_under(practice.rules, rule, at, practice.calendar)
    except BeyondCalendar:
        due = None
    return london_day(due.at if due is not None else at)


def rule_of(rules: Rules) -> TimeRule:
    """The rule by which a day is offered: the council's, or the product's where the council has none yet."""
    return rules.by_key.get(NEXT_UPDATE) or NATIONAL.by_key[NEXT_UPDATE]


def _tells(event: e.Event) -> bool:
    if isinstance(event, e.Told):
        return event.told and event.audience == REFERRER
    return isinstance(event, e.OutcomeReleased)


def _told_at(event: e.Event, at: datetime) -> datetime:
    on = event.told_on if isinstance(event, e.Told) else None
    return at if on is None else min(at, instant_on(on, END_OF_DAY))
