"""What happens next on a case: the moves that are open, what stands in the way of the others, and what is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for

from lado.queries.case_file import CaseFile
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.components import Task
from workflows.engine import open_moves, what_is_missing
from workflows.facts import in_words
from workflows.model import START, Move

RECORDED_BY: Mapping[str, str] = {
    "everyone_told": "tell",
    "onward_referrals_decided": "decide_onward",
    "an_action_is_set": "set_action",
    "minutes_sent": "send_minutes",
    "receipt_sent": "send_receipt",
}
"""The move that records a missing fact; any other fact is recorded by `record_fact`. All are told on one page."""

GIVEN_BY_FORM = ("outcome_proposed_for_each", "outcome_for_each_allegation", "review_is_set")
"""Facts that the form of the move itself asks for, so they are named as asked and not as standing in the way."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The moves in plain values.

    `aside` are steps that lead away from here in any state (transfer, duplicate); `side` keep the record; `shut` are
    steps that are not open now, and why.
    """

    main: tuple[Task, ...]
    aside: tuple[Task, ...]
    side: tuple[Task, ...]
    shut: tuple[tuple[str, str], ...]
    missing: tuple[Task, ...]
    keys: frozenset[str]


def steps(file: CaseFile, who: Identity, moves: str) -> Steps:
    """What this person can do on the case now. `moves` is the address under which moves are made."""
    allowed = {move: gaps for move, gaps in open_moves(file.case, file.practice).items() if may(who, move, file)}
    keys = frozenset(move.key for move in allowed)
    return Steps(
        tuple(_task(move, gaps, moves) for move, gaps in allowed.items() if move.main and not _aside(file, move, gaps)),
        tuple(_task(move, gaps, moves) for move, gaps in allowed.items() if move.main and _aside(file, move, gaps)),
        tuple(_task(move, gaps, moves) for move, gaps in _side(allowed)),
        tuple(_shut(file, who)),
        tuple(_missing(file, moves, keys)),
        keys,
    )


def may(who: Identity, move: Move, file: CaseFile) -> bool:
    """Whether the policy lets this person make the move on this case."""
    return can(who, Permission(move.needs), file)


def _aside(file: CaseFile, move: Move, gaps: tuple[str, ...]) -> bool:
    """Whether the step is open at any time and so is not the next one; the answer to an open offer is."""
    is_everywhere = set(file.practice.flow.open_states) <= set(move.leaves)
    return is_everywhere and not ("transfer_offered" in move.requires and not gaps)


def _side(allowed: Mapping[Move, tuple[str, ...]]) -> Iterator[tuple[Move, tuple[str, ...]]]:
    """What keeps the record; an action is ended from the list of actions, so only when there is one to end."""
    for move, gaps in allowed.items():
        if not move.main and not (move.key == "complete_action" and gaps):
            yield move, gaps


def _task(move: Move, gaps: tuple[str, ...], moves: str) -> Task:
    in_the_way = [in_words(name) for name in gaps if name not in GIVEN_BY_FORM]
    asked = [in_words(name) for name in (*move.asks, *(gap for gap in gaps if gap == "review_is_set"))]
    asked = list(dict.fromkeys(asked))
    hint = f"Asks: {'; '.join(asked)}." if asked else ""
    if in_the_way:
        return Task(
            move.label,
            "Still missing",
            "soon",
            f"{moves}/{move.key}",
            f"Still missing: {'; '.join(in_the_way)}. {hint}".strip(),
        )
    return Task(move.label, "Open", "running", f"{moves}/{move.key}", hint)


def _shut(file: CaseFile, who: Identity) -> Iterator[tuple[str, str]]:
    """Steps of the procedure that are not open in this state, each with the states in which they are."""
    flow = file.practice.flow
    for move in flow.moves:
        if not move.main or file.case.state in move.leaves or move.leaves == (START,) or not may(who, move, file):
            continue
        if set(flow.open_states) <= set(move.leaves):
            yield move.label, "open while the case is open"
        else:
            labels = [f"“{flow.state_by_key[key].label}”" for key in move.leaves if key != START]
            yield move.label, f"open while the case is {_either(labels)}"


def _missing(file: CaseFile, moves: str, keys: frozenset[str]) -> Iterator[Task]:
    for name in what_is_missing(file.case, file.practice):
        move = RECORDED_BY.get(name, "record_fact")
        query = f"?fact={name}" if move == "record_fact" else ""
        words = in_words(name)
        at_once = url_for("telling.record", reference=file.reference) if move == "tell" else ""
        href = (at_once or f"{moves}/{move}{query}") if move in keys else ""
        yield Task(words[:1].upper() + words[1:], "Not recorded yet", "quiet", href)


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
