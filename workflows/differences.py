"""What differs between two versions of a procedure, in sentences for whoever decides about moving cases."""

from collections.abc import Iterator, Mapping

from workflows.facts import in_words
from workflows.model import Move, Passage, Workflow


def differences(before: Workflow, after: Workflow, passage: Passage | None) -> tuple[str, ...]:
    """Each difference as a sentence, states first, then moves, then clocks."""
    return (*_states(before, after, passage), *_moves(before, after), *_clocks(before, after))


def _states(before: Workflow, after: Workflow, passage: Passage | None) -> Iterator[str]:
    for key, state in before.state_by_key.items():
        if key in after.state_by_key:
            continue
        if passage is not None and key in passage.states:
            goes_on = after.state_by_key[passage.states[key]].label
            yield f"“{state.label}” is no state any more: its cases go on in “{goes_on}”."
        else:
            yield f"“{state.label}” is no state any more: its cases stay under the version that they have."
    for key, state in after.state_by_key.items():
        if key not in before.state_by_key:
            yield f"“{state.label}” is a new state."
    for fact, labels in _more_wanted(before, after).items():
        yield f"The page shows as missing until it is recorded: {in_words(fact)}. In {labels}."
    for fact, labels in _more_wanted(after, before).items():
        yield f"The page no longer asks for: {in_words(fact)}. In {labels}."


def _more_wanted(before: Workflow, after: Workflow) -> Mapping[str, str]:
    """The facts that states of the later version want besides, each with those states."""
    found: dict[str, list[str]] = {}
    for key, state in after.state_by_key.items():
        known = before.state_by_key.get(key)
        for fact in state.wants if known else ():
            if known and fact not in known.wants:
                found.setdefault(fact, []).append(f"“{state.label}”")
    return {fact: ", ".join(labels) for fact, labels in found.items()}


def _moves(before: Workflow, after: Workflow) -> Iterator[str]:
    for key, move in after.move_by_key.items():
        if key not in before.move_by_key:
            yield f"New step: “{move.label}”, {_where(move, after)}."
    for key, move in before.move_by_key.items():
        if key not in after.move_by_key:
            yield f"The step “{move.label}” is gone."


def _where(move: Move, flow: Workflow) -> str:
    labels = [f"“{flow.state_by_key[key].label}”" for key in move.leaves if key in flow.state_by_key]
    return f"open in {', '.join(labels)}"


def _clocks(before: Workflow, after: Workflow) -> Iterator[str]:
    for key, row in after.timescale_by_key.items():
        if key not in before.timescale_by_key:
            yield f"New time limit: “{row.label}”."
    for key, row in before.timescale_by_key.items():
        if key not in after.timescale_by_key:
            yield f"The time limit “{row.label}” is gone: where it runs, it stops."
