"""What each move can do to clocks in each state, worked out once from the rows of a procedure and a council's rules."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workflows import events as e
from workflows.attempt import is_date
from workflows.facts import FACTS, Holds
from workflows.model import Move, Timescale, Workflow
from workflows.rules import Rules, TimeRule

Triggers = Mapping[str, str]
"""The triggers of a move, each with the answer that holds its instant, or none for the instant of recording."""


class End(NamedTuple):
    """One way in which a clock ends: when `answer` is given (none: always), at that instant or at the recording.

    `waits` says that it counts only once the clock has begun: a reason for delay that is given before the first one is
    asked for does not answer a clock whose lead-in still runs.
    """

    answer: str
    kind: type[e.ClockMet] | type[e.ClockStopped]
    at_recording: bool = False
    waits: bool = False


class Start(NamedTuple):
    """A clock that may begin: its rule, when, the fact that must hold, and the answers that would end it at once."""

    key: str
    rule: TimeRule
    answer: str
    only_if: str | None
    ends_with: tuple[str, ...]


class Step(NamedTuple):
    """A move made in one state: the facts it requires, and what ends, begins, is dated or stands still with it."""

    move: Move
    asks: tuple[tuple[str, bool], ...]
    """What it asks, and whether words will do."""
    requires: tuple[tuple[str, Holds], ...]
    ends: Mapping[str, tuple[End, ...]]
    starts: tuple[Start, ...]
    again: tuple[Start, ...]
    """The clocks that begin again when they are met by this move."""
    dates: tuple[tuple[str, str], ...]
    ends_pause: bool
    paused_for: str
    """Who has the ball while the case is paused, or nothing."""
    finishes_action: bool
    is_still: bool
    """Whether the move touches no clock at all."""


def steps(flow: Workflow, rules: Rules) -> Mapping[str, Mapping[str, Step]]:
    """Each move that can be made in each state, under the state and the move."""
    return {
        state: {key: _step(state, move, flow, rules) for key, move in moves.items()}
        for state, moves in flow.moves_from.items()
    }


def _step(state: str, move: Move, flow: Workflow, rules: Rules) -> Step:
    enters = move.enters or state
    changes = enters != state
    triggers = {name: answer for name, _, answer in (text.partition("@") for text in move.triggers)}
    can_run = frozenset(row.key for row in flow.timescales if enters in (row.runs_in or flow.open_states))
    goes_on = can_run if changes else frozenset(flow.timescale_by_key)
    ends = {row.key: tuple(_ends(row, triggers, move, goes_on, rules)) for row in flow.timescales}
    may_start = tuple(_starts(triggers, can_run, flow, rules))
    is_paused = {row.key for row in flow.states if row.pauses}
    return Step(
        move=move,
        asks=tuple((name, not is_date(name)) for name in move.asks),
        requires=tuple((name, FACTS[name].holds) for name in move.requires),
        ends={key: ways for key, ways in ends.items() if ways},
        starts=tuple(start for start in may_start if start.rule.starts in triggers),
        again=tuple(start for start in may_start if any(way.waits for way in ends[start.key])),
        dates=move.dates,
        ends_pause=changes and state in is_paused,
        paused_for=flow.state_by_key[enters].holder if changes and enters in is_paused else "",
        finishes_action="action_done" in triggers,
        is_still=not (changes or triggers or move.dates),
    )


def _ends(row: Timescale, triggers: Triggers, move: Move, goes_on: frozenset[str], rules: Rules) -> Iterator[End]:
    """In the order in which they count: what meets or stops the clock, a new date for it, a state it cannot run in."""
    rule = rules.by_key.get(row.key)
    for name, answer in triggers.items():
        if name in row.met_by:
            yield End(answer, e.ClockMet, waits=rule is not None and rule.repeats)
        elif name in row.stopped_by:
            yield End(answer, e.ClockStopped)
    for answer, dated in move.dates:
        if dated == row.key:
            yield End(answer, e.ClockStopped, at_recording=True)
    if row.key not in goes_on:
        yield End("", e.ClockStopped)


def _starts(triggers: Triggers, can_run: frozenset[str], flow: Workflow, rules: Rules) -> Iterator[Start]:
    """The clocks that can run after the move and have a limit; where an officer gives the date, no rule starts them."""
    for rule in rules.timescales:
        if rule.key in can_run and rule.limit is not None:
            row = flow.timescale_by_key[rule.key]
            ends_with = tuple(answer for name, answer in triggers.items() if name in row.met_by and name != rule.starts)
            yield Start(rule.key, rule, triggers.get(rule.starts, ""), row.only_if, ends_with)
