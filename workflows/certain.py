"""Which clocks are certain to run in each state, whatever path a case took: the proof that no open case drifts.

A forward analysis over the definition. A clock is certain in a state only when it is certain after every move that
leads there; what may have happened counts against a clock, and only what must have happened counts for it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from workflows.model import ACTION, START, Move, Workflow
from workflows.rules import Rules, TimeRule


class Held(NamedTuple):
    """The clocks that a case is certain to hold, and those of them whose date an officer gave, which no pause moves."""

    clocks: frozenset[str]
    dated: frozenset[str]

    def and_also(self, other: "Held") -> "Held":
        """What is certain whichever of two paths was taken."""
        return Held(self.clocks & other.clocks, self.dated & other.dated)


class Effect(NamedTuple):
    """What a move does to clocks, wherever it is made: which may end, which are redated by a rule, which surely run."""

    may_end: frozenset[str]
    may_renew: frozenset[str]
    dated: frozenset[str]
    started: frozenset[str]


NONE_YET = Held(frozenset(), frozenset())


def certain_clocks(flow: Workflow, rules: Rules) -> Mapping[str, frozenset[str]]:
    """The clocks that run, and do not stand still, in each state that can be reached."""
    states = flow.state_by_key
    runs_in = {row.key: frozenset(row.runs_in or flow.open_states) for row in flow.timescales}
    can_run = {state: frozenset(key for key, places in runs_in.items() if state in places) for state in states}
    steps = [(move, _effect(move, flow, rules)) for move in flow.moves]
    found: dict[str, Held] = {START: NONE_YET}
    is_settled = False
    while not is_settled:
        is_settled = True
        for move, effect in steps:
            for place in move.leaves:
                enters = place if move.enters is None else move.enters
                if place not in found or enters not in states:
                    continue
                after = _after(found[place], effect, can_run[enters])
                known = found.get(enters)
                merged = after if known is None else known.and_also(after)
                if merged != known:
                    found[enters], is_settled = merged, False
    return {key: _running(held, states[key].pauses, rules) for key, held in found.items() if key != START}


def may_fire(move: Move) -> frozenset[str]:
    """The triggers that the move can fire."""
    return frozenset(text.partition("@")[0] for text in move.triggers)


def surely_fires(move: Move) -> frozenset[str]:
    """The triggers that the move always fires: those at the instant of recording, or of an answer that it asks for."""
    parts = (text.partition("@") for text in move.triggers)
    return frozenset(trigger for trigger, _, answer in parts if not answer or answer in move.asks)


def surely_dated(move: Move) -> frozenset[str]:
    """The clocks for which the move always brings a date."""
    return frozenset(key for answer, key in move.dates if answer in move.asks and key != ACTION)


def _after(before: Held, effect: Effect, can_run: frozenset[str]) -> Held:
    """What is certain after a move, given what was certain before it and what can run where it leads."""
    clocks = (before.clocks - effect.may_end) | effect.dated | effect.started
    dated = (before.dated - effect.may_end - effect.may_renew) | effect.dated
    return Held(clocks & can_run, dated & can_run)


def _effect(move: Move, flow: Workflow, rules: Rules) -> Effect:
    fired = may_fire(move)
    met = frozenset(row.key for row in flow.timescales if fired.intersection(row.met_by))
    stopped = frozenset(row.key for row in flow.timescales if fired.intersection(row.stopped_by))
    starts_again = frozenset(rule.key for rule in rules.timescales if rule.repeats and rule.starts not in fired)
    return Effect((met - starts_again) | stopped, met, surely_dated(move), _started(move, flow, rules))


def _started(move: Move, flow: Workflow, rules: Rules) -> frozenset[str]:
    return frozenset(rule.key for rule in rules.timescales if _surely_starts(rule, move, flow))


def _surely_starts(rule: TimeRule, move: Move, flow: Workflow) -> bool:
    timescale = flow.timescale_by_key.get(rule.key)
    if timescale is None or timescale.only_if is not None or rule.limit is None:
        return False
    ends_at_once = (may_fire(move) - {rule.starts}) & set(timescale.met_by)
    return rule.starts in surely_fires(move) and not ends_at_once


def _running(held: Held, is_paused: bool, rules: Rules) -> frozenset[str]:
    """Leave out the clocks that may stand still in a state that pauses."""
    standing = {rule.key for rule in rules.timescales if rule.pauses} if is_paused else set()
    return held.clocks - (standing - held.dated)
