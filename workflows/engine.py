"""Deciding a move and replaying events. Pure: the same case, attempt and practice always give the same events."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from workflows.attempt import Attempt, MoveUnknown, Refusal
from workflows.case import Case
from workflows.events import Event
from workflows.facts import FACTS, in_words
from workflows.fold import FOLD
from workflows.model import NEXT_UPDATE, Move
from workflows.practice import Practice
from workflows.records import RECORDS
from workflows.running import clock_events
from workflows.steps import Step
from workflows.updates import after_move


def admit(case: Case, attempt: Attempt, practice: Practice) -> Step | Refusal:
    """Say whether the move is open: right state, answers given, facts true. One pass, so the reason comes with it."""
    step = practice.steps[case.state].get(attempt.move)
    if step is None:
        return _not_open(case, attempt, practice)
    missing: list[str] = []
    given, words = attempt.answers, attempt.words
    for name, in_words_too in step.asks:
        if not given.get(name) and not (in_words_too and words.get(name)) and not attempt.says(name):
            missing.append(name)
    for name, holds in step.requires:
        if not holds(case, attempt):
            missing.append(name)
    if missing:
        named = "; ".join(in_words(name) for name in missing)
        return Refusal(attempt.move, f"{step.move.label}: still missing: {named}.", tuple(missing))
    return step


def decide(case: Case, attempt: Attempt, practice: Practice) -> tuple[Event, ...] | Refusal:
    """Say everything that happens if the attempt is made, or refuse it and name what is missing.

    The case is not touched. Raises MoveUnknown for a move that the procedure does not have.
    """
    step = admit(case, attempt, practice)
    if isinstance(step, Refusal):
        return step
    events: list[Event] = []
    for record in step.move.records:
        events += RECORDS[record](case, attempt, step.move, practice)
    if not step.is_still:
        events += clock_events(case, attempt, step, practice)
    if NEXT_UPDATE in case.running:
        events += after_move(case, step.move, practice.flow, events, attempt.at)
    return tuple(events)


def replay(events: Iterable[Event]) -> Case:
    """Fold events into the case they tell of."""
    case = Case()
    for event in events:
        FOLD[type(event)](case, event)
    return case


def what_is_missing(case: Case, practice: Practice) -> tuple[str, ...]:
    """Name the facts that the state expects and the record does not hold yet. Shown, never forced."""
    state = practice.flow.state_by_key.get(case.state)
    wants = state.wants if state else ()
    return tuple(name for name in wants if not FACTS[name].holds(case, None))


def open_moves(case: Case, practice: Practice) -> Mapping[Move, tuple[str, ...]]:
    """The moves of the present state, each with the facts that still stand in its way. Its form asks the answers."""
    return {
        move: tuple(name for name in move.requires if not FACTS[name].holds(case, None))
        for move in practice.moves_from[case.state].values()
    }


def next_due_at(case: Case) -> datetime | None:
    """The next due moment among the running clocks, or None when none runs."""
    return min((clock.due_at for clock in case.running.values() if clock.paused_at is None), default=None)


def _not_open(case: Case, attempt: Attempt, practice: Practice) -> Refusal:
    move = practice.flow.move_by_key.get(attempt.move)
    if move is None:
        raise MoveUnknown(attempt.move)
    state = practice.flow.state_by_key.get(case.state)
    here = state.label if state else "not yet received"
    return Refusal(attempt.move, f"{move.label}: not open while the case is “{here}”.", ("state",))
