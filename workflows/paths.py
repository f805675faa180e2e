"""The paths through a procedure: where a case can go from each state, and what is wrong with them, in words."""

from collections.abc import Collection, Iterator
from itertools import pairwise

from workflows.model import START, Move, Workflow

THRESHOLD_ASKS = ("limbs", "rationale")
ENDING_ASKS = ("rationale", "told")
REOPENING_ASKS = ("new_information",)
MEETS_THRESHOLD = "threshold_met"
"""The kind of record that says that the threshold is met."""


def steps(flow: Workflow) -> Iterator[tuple[str, Move, str]]:
    """Every way from one known place to another: where from, by which move, where to."""
    for move in flow.moves:
        if move.enters is not None and move.enters in flow.state_by_key:
            for place in move.leaves:
                if place == START or place in flow.state_by_key:
                    yield place, move, move.enters


def reachable(flow: Workflow, start: str, stop: Collection[str] = ()) -> frozenset[str]:
    """The states that can be reached from `start`, itself among them, without going on from those in `stop`."""
    onward: dict[str, set[str]] = {}
    for place, _, enters in steps(flow):
        onward.setdefault(place, set()).add(enters)
    return _closure(onward, (start,), stop)


def leading_to(flow: Workflow, goals: Collection[str]) -> frozenset[str]:
    """The places from which at least one of the goals can be reached, the goals among them."""
    back: dict[str, set[str]] = {}
    for place, _, enters in steps(flow):
        back.setdefault(enters, set()).add(place)
    return _closure(back, goals, ())


def path_faults(flow: Workflow) -> Iterator[str]:
    """Say what is wrong with the paths: states out of reach, traps, endings left or reached too easily."""
    if not any(START in move.leaves for move in flow.moves):
        yield "no move begins a case"
    within_reach = reachable(flow, START)
    endings = _endings(flow)
    ends = leading_to(flow, endings)
    for state in flow.states:
        if state.key not in within_reach:
            yield f"state “{state.key}” cannot be reached"
        if not state.final and state.key not in ends:
            yield f"state “{state.key}” is a trap: no path leads from it to an ending"
    for place, move, enters in steps(flow):
        if place in endings and (enters in endings or not asks_all(move, REOPENING_ASKS)):
            yield f"move “{move.key}” leaves the ending “{place}” without asking for new information to re-open it"
    ways = {(place, enters) for place, _, enters in steps(flow)}
    for place, enters in pairwise((START, *flow.main_path)):
        if (place, enters) not in ways:
            yield f"the main path goes from “{place}” to “{enters}”, but no move does"
    yield from _threshold_faults(flow)
    yield from _ending_faults(flow)


def asks_all(move: Move, names: Collection[str]) -> bool:
    """Whether the move asks for all of these answers."""
    return all(name in move.asks for name in names)


def _threshold_faults(flow: Workflow) -> Iterator[str]:
    before, after = _sides(flow)
    may_follow = {flow.threshold_met, *_endings(flow)}
    for move in _deciding(flow):
        if not asks_all(move, THRESHOLD_ASKS) or MEETS_THRESHOLD not in move.records:
            yield f"move “{move.key}” meets the threshold without its limbs and reasons on the record"
    for place, move, enters in steps(flow):
        if place in after and enters in before:
            yield f"move “{move.key}” leads from “{place}” back to “{enters}”, before the threshold"
        if place in before and enters in after and enters not in may_follow:
            yield f"move “{move.key}” leads from “{place}” to “{enters}” past the threshold decision"


def _ending_faults(flow: Workflow) -> Iterator[str]:
    _, after = _sides(flow)
    endings = _endings(flow)
    for move in flow.moves:
        if move.enters not in endings:
            continue
        is_handed_on = move.enters in flow.handed_on
        missing = [fact for fact in flow.closing_facts if fact not in move.requires]
        if missing and not is_handed_on and after.intersection(move.leaves):
            yield f"move “{move.key}” can end a case that met the threshold without {' and '.join(missing)}"
        if (is_handed_on or not after.issuperset(move.leaves)) and not asks_all(move, ENDING_ASKS):
            yield f"move “{move.key}” ends a case without its rationale and who was told"


def _sides(flow: Workflow) -> tuple[frozenset[str], frozenset[str]]:
    """The open places before the threshold is decided, and those that a case can reach once it is met."""
    undecided = _undecided(flow)
    deciding = {place for move in _deciding(flow) for place in move.leaves} & undecided
    after = reachable(flow, flow.threshold_met, deciding) - deciding
    before = undecided & leading_to(flow, deciding) - after - _endings(flow)
    return before | {START}, after


def _deciding(flow: Workflow) -> list[Move]:
    """The moves by which the threshold is met."""
    undecided = _undecided(flow)
    return [move for move in flow.moves if move.enters == flow.threshold_met and undecided.intersection(move.leaves)]


def _undecided(flow: Workflow) -> frozenset[str]:
    """The places that a case can reach without its threshold being met."""
    return reachable(flow, START, (flow.threshold_met,)) - {flow.threshold_met}


def _endings(flow: Workflow) -> frozenset[str]:
    return frozenset(state.key for state in flow.states if state.final)


def _closure(onward: dict[str, set[str]], starts: Collection[str], stop: Collection[str]) -> frozenset[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        place = waiting.pop()
        if place in stop:
            continue
        for following in onward.get(place, ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return frozenset(found)
