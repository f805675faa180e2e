"""The practice that a decision is made under: one procedure, one council's rules, one calendar, indexed once."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from workflows.calendar import Calendar
from workflows.model import Move, Timescale, Workflow
from workflows.rules import Rules, TimeRule


class Start(NamedTuple):
    """A clock that a trigger starts, and the rule that gives its limit."""

    timescale: Timescale
    rule: TimeRule


class Practice:
    """Look-up tables over a procedure, a council's rules and a calendar. Never changed once made, so it is shared."""

    __slots__ = (
        "calendar",
        "dated",
        "flow",
        "met_by",
        "moves_from",
        "rules",
        "runs_in",
        "starts",
        "stopped_by",
        "triggers",
    )

    def __init__(self, flow: Workflow, rules: Rules, calendar: Calendar) -> None:
        """Index the rows. Rules for clocks that this procedure does not know are left aside: `check` reports them."""
        self.flow = flow
        self.rules = rules
        self.calendar = calendar
        self.moves_from: Mapping[str, Mapping[str, Move]] = flow.moves_from
        known = flow.timescale_by_key
        starts: dict[str, list[Start]] = {}
        self.dated: dict[str, TimeRule] = {}
        for rule in rules.timescales:
            if rule.key in known:
                starts.setdefault(rule.starts, []).append(Start(known[rule.key], rule))
                self.dated[rule.key] = rule
        self.starts = {trigger: tuple(rows) for trigger, rows in starts.items()}
        self.met_by = _by_trigger((row.key, row.met_by) for row in flow.timescales)
        self.stopped_by = _by_trigger((row.key, row.stopped_by) for row in flow.timescales)
        self.runs_in = {row.key: frozenset(row.runs_in or flow.open_states) for row in flow.timescales}
        self.triggers = {move.key: tuple(_trigger(text) for text in move.triggers) for move in flow.moves}

    def rule(self, key: str) -> TimeRule | None:
        """The council's rule for a clock, or None where it has none."""
        return self.dated.get(key)


def _by_trigger(rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for key, triggers in rows:
        for trigger in triggers:
            table.setdefault(trigger, set()).add(key)
    return {trigger: frozenset(keys) for trigger, keys in table.items()}


def _trigger(text: str) -> tuple[str, str]:
    """Read `meeting_held@held_at`: the trigger, and the answer that holds its instant (none: that of recording)."""
    name, _, answer = text.partition("@")
    return name, answer
