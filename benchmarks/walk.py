"""The closed path of moves that the engine, the floor and the peers all walk, and the cases that stand on it."""

import json
from collections.abc import Callable
from copy import copy
from typing import Any, NamedTuple

from benchmarks.floor import a_case, fire, table
from tests.support.cases import HOUR, PRACTICE, Walk, answers_for, at_state, words_for
from workflows.attempt import Attempt, Refusal
from workflows.case import Case
from workflows.engine import admit, decide, replay
from workflows.events import Event, from_plain, read_data, write_data
from workflows.fold import apply
from workflows.model import Move

START = "reopened"
PATH = (
    *("oversee", "record_fact", "arrange_meeting", "tell", "hold_meeting", "record_fact", "send_minutes", "set_action"),
    *("investigate", "add_note", "pause_for_police", "add_note", "resume", "change_strand", "hold_review"),
    *("complete_action", "add_note", "investigate", "hold_review", "record_fact", "propose_outcome", "decide_outcome"),
    *("tell", "tell", "tell", "tell", "decide_onward", "decide_onward", "decide_onward"),
    *("follow_up", "close", "reopen"),
)
"""From a re-opened case through meeting, police pause and reviews to closure and back, with what is recorded on the
way. It ends where it began, so it can be walked for ever.
"""

Lap = Callable[[], None]


class Standing(NamedTuple):
    """A case as it stands before a move of the path, and the attempt to make it."""

    case: Case
    attempt: Attempt


def stations() -> list[Standing]:
    """Each move of the path with the case in front of it."""
    walk = at_state(START)
    found = []
    for move in PATH:
        at = walk.at + HOUR
        found.append(Standing(copy(walk.case), Attempt(move, at, answers_for(move, at, walk.case), words_for(move))))
        walk.make(move)
    assert walk.case.state == START
    return found


def plan(along: list[Standing]) -> dict[str, Any]:
    """The path and its rows as plain data, for the floor and for the peers."""
    flow = PRACTICE.flow
    states = sorted({standing.case.state for standing in along})
    moves = [flow.move_by_key[key] for key in dict.fromkeys(PATH)]
    rows = [_row(place, move) for move in moves for place in move.leaves if place in states]
    path = [(each.attempt.move, _plain(each.attempt.answers), dict(each.attempt.words)) for each in along]
    granted = sorted({move.needs for move in flow.moves})
    return {"start": START, "states": states, "rows": rows, "path": path, "granted": granted}


def _row(place: str, move: Move) -> dict[str, Any]:
    step = {"leaves": place, "move": move.key, "enters": move.enters or place}
    return {**step, "needs": move.needs, "asks": move.asks, "requires": move.requires}


def _plain(answers: Any) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(dict(answers), default=str))
    return written


def floor_lap(described: dict[str, Any]) -> Lap:
    """Once round on the floor."""
    states, granted = table(described["rows"]), frozenset(described["granted"])
    case, path = a_case(START), described["path"]

    def lap() -> None:
        for move, given, words in path:
            fire(states, case, move, given, words, granted)

    return lap


def steps_alone(along: list[Standing]) -> list[Standing]:
    """The steps of the procedure without the keeping of the record: those that move clocks."""
    return [each for each in along if PRACTICE.flow.move_by_key[each.attempt.move].main]


def admit_lap(along: list[Standing]) -> Lap:
    """Once round: is each move open, permitted, answered, and do its facts hold?"""
    granted = frozenset(move.needs for move in PRACTICE.flow.moves)

    def lap() -> None:
        for case, attempt in along:
            step = admit(case, attempt, PRACTICE)
            if isinstance(step, Refusal) or step.move.needs not in granted:
                raise AssertionError(attempt.move)

    return lap


def decide_lap(along: list[Standing]) -> Lap:
    """Once round, each move decided with its events and its clocks."""

    def lap() -> None:
        for case, attempt in along:
            if not decide(case, attempt, PRACTICE):
                raise AssertionError(attempt.move)

    return lap


def live_lap(along: list[Standing]) -> Lap:
    """Once round with one case that is also changed by its events, as a peer's model is."""
    first = Walk("refer")  # any case: it is filled anew for each lap
    names = Case.__slots__
    begins = [getattr(along[0].case, name) for name in names]

    def lap() -> None:
        case = first.case
        for name, value in zip(names, begins, strict=True):
            setattr(case, name, value)
        for _, attempt in along:
            for event in decide(case, attempt, PRACTICE) or ():
                apply(case, event)

    return lap


def ledger() -> list[tuple[str, str]]:
    """What the ledger keeps of a case that is under investigation: kinds and JSON, as they come from a database."""
    walk = at_state("investigating")
    return [(type(event).__name__, write_data(event)) for event in walk.events]


def loaded(rows: list[tuple[str, str]]) -> Case:
    """A case replayed from the ledger."""
    return replay(_read(rows))


def _read(rows: list[tuple[str, str]]) -> list[Event]:
    return [from_plain(kind, read_data(data)) for kind, data in rows]
