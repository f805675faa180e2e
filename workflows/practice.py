"""The practice that a decision is made under: one procedure, one council's rules, one calendar, indexed once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from workflows.calendar import Calendar
from workflows.clocks import Due, due, london_day
from workflows.model import Move, Workflow
from workflows.rules import Rules, TimeRule
from workflows.spans import CutOff, Span, Unit


class Start(NamedTuple):
    """A clock that a trigger starts: its rule, the fact that must hold, the triggers that end it in the same move."""

    key: str
    rule: TimeRule
    only_if: str | None
    ends_with: frozenset[str]


class Trigger(NamedTuple):
    """A trigger of a move: the answer that holds its instant (none: that of recording) and the clocks it touches."""

    name: str
    answer: str
    meets: frozenset[str]
    stops: frozenset[str]
    starts: tuple[Start, ...]


class Triggers(NamedTuple):
    """The triggers of one move, and the clocks that any of them can end: all others need no second look."""

    each: tuple[Trigger, ...]
    can_end: frozenset[str]


class Practice:
    """Look-up tables over a procedure, a council's rules and a calendar. Never changed once made, so it is shared."""

    __slots__ = ("_due_by_day", "calendar", "can_run", "flow", "moves_from", "pausing", "repeats", "rules", "triggers")

    def __init__(self, flow: Workflow, rules: Rules, calendar: Calendar) -> None:
        """Index the rows. Rules for clocks that this procedure does not have start nothing: `check` reports them."""
        self.flow = flow
        self.rules = rules
        self.calendar = calendar
        self.moves_from: Mapping[str, Mapping[str, Move]] = flow.moves_from
        self.can_run = {
            state.key: frozenset(row.key for row in flow.timescales if state.key in (row.runs_in or flow.open_states))
            for state in flow.states
        }
        """The clocks that may run in each state."""
        self.pausing = frozenset(state.key for state in flow.states if state.pauses)
        """The states in which clocks stand still."""
        self.repeats = frozenset(rule.key for rule in rules.timescales if rule.repeats)
        """The clocks that begin again each time they are met."""
        self.triggers = _triggers(flow, rules)
        self._due_by_day: dict[tuple[str, str, date], Due] = {}

    def rule(self, key: str) -> TimeRule | None:
        """The council's rule for a clock of this procedure, or None where it has none."""
        return self.rules.by_key.get(key) if key in self.flow.timescale_by_key else None

    def begins_at(self, rule: TimeRule, triggered_at: datetime) -> datetime:
        """When the clock begins: at its trigger, or when the lead-in after it has run out."""
        if rule.starts_after is None:
            return triggered_at
        return self._counted("lead-in", rule.key, rule.starts_after, (), triggered_at).at

    def due(self, rule: TimeRule, started_at: datetime) -> Due:
        """When a clock that begins at this instant and is not paused falls due."""
        if rule.limit is None:
            raise ValueError(f"{rule.key} has no limit: an officer gives its date")
        return self._counted("limit", rule.key, rule.limit, rule.cut_offs, started_at)

    def _counted(self, what: str, key: str, span: Span, cut_offs: tuple[CutOff, ...], start: datetime) -> Due:
        """Count once for each London day: in days, weeks and months, without a cut-off, the hour changes nothing."""
        if span.unit is Unit.HOUR or cut_offs:
            return due(start, span, self.calendar, cut_offs=cut_offs, day_ends=self.rules.day_ends)
        place = what, key, london_day(start)
        known = self._due_by_day.get(place)
        if known is None:
            known = self._due_by_day[place] = due(start, span, self.calendar, day_ends=self.rules.day_ends)
        return known


def _triggers(flow: Workflow, rules: Rules) -> dict[str, Triggers]:
    meets = _by_trigger((row.key, row.met_by) for row in flow.timescales)
    stops = _by_trigger((row.key, row.stopped_by) for row in flow.timescales)
    table = {}
    for move in flow.moves:
        # meeting_held@held_at: the trigger, and the answer with its instant
        answers = {name: answer for name, _, answer in (text.partition("@") for text in move.triggers)}
        each = []
        for name, answer in answers.items():
            starts = tuple(_starts(name, frozenset(answers) - {name}, flow, rules))
            each.append(Trigger(name, answer, meets.get(name, frozenset()), stops.get(name, frozenset()), starts))
        can_end = frozenset(key for trigger in each for key in trigger.meets | trigger.stops)
        table[move.key] = Triggers(tuple(each), can_end)
    return table


def _starts(name: str, others: frozenset[str], flow: Workflow, rules: Rules) -> Iterator[Start]:
    """The clocks that a trigger starts, in a move that fires the others with it; a rule without a limit starts none."""
    for rule in rules.timescales:
        timescale = flow.timescale_by_key.get(rule.key)
        if timescale is not None and rule.starts == name and rule.limit is not None:
            yield Start(rule.key, rule, timescale.only_if, others.intersection(timescale.met_by))


def _by_trigger(rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for key, triggers in rows:
        for trigger in triggers:
            table.setdefault(trigger, set()).add(key)
    return {trigger: frozenset(keys) for trigger, keys in table.items()}
