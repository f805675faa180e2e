"""The practice that a decision is made under: one procedure, one council's rules, one calendar, indexed once."""

from collections.abc import Mapping
from datetime import date, datetime

from workflows.calendar import Calendar
from workflows.clocks import Due, due, london_day
from workflows.model import Move, Workflow
from workflows.rules import Rules, TimeRule
from workflows.spans import CutOff, Span, Unit
from workflows.steps import Step, steps


class Practice:
    """Look-up tables over a procedure, a council's rules and a calendar. Never changed once made, so it is shared."""

    __slots__ = (
        "_due_by_day",
        "calendar",
        "calendar_version",
        "day_ends",
        "flow",
        "moves_from",
        "pauses",
        "rules",
        "rules_version",
        "steps",
    )

    def __init__(self, flow: Workflow, rules: Rules, calendar: Calendar) -> None:
        """Index the rows. Rules for clocks that this procedure does not have start nothing: `check` reports them."""
        self.flow = flow
        self.rules = rules
        self.rules_version = rules.version
        self.pauses = frozenset(rule.key for rule in rules.timescales if rule.pauses)
        """The clocks that stand still while the case is paused."""
        self.day_ends = rules.day_ends
        self.calendar = calendar
        self.calendar_version = calendar.version
        self.moves_from: Mapping[str, Mapping[str, Move]] = flow.moves_from
        self.steps: Mapping[str, Mapping[str, Step]] = steps(flow, rules)
        self._due_by_day: dict[tuple[str, date], Due] = {}

    def rule(self, key: str) -> TimeRule | None:
        """The council's rule for a clock of this procedure, or None where it has none."""
        return self.rules.by_key.get(key) if key in self.flow.timescale_by_key else None

    def begins_at(self, rule: TimeRule, triggered_at: datetime) -> datetime:
        """When the clock begins: at its trigger, or when the lead-in after it has run out."""
        if rule.starts_after is None:
            return triggered_at
        place = f"{rule.key} begins", london_day(triggered_at)
        known = self._due_by_day.get(place) or self._counted(place, rule.starts_after, (), triggered_at)
        return known.at

    def due(self, rule: TimeRule, started_at: datetime) -> Due:
        """When a clock that begins at this instant and is not paused falls due."""
        place = rule.key, london_day(started_at)
        return self._due_by_day.get(place) or self._counted(place, rule.limit, rule.cut_offs, started_at)

    def _counted(
        self, place: tuple[str, date], span: Span | None, cut_offs: tuple[CutOff, ...], start: datetime
    ) -> Due:
        """Count, and keep the answer for that London day where the hour changes nothing: no hours and no cut-off."""
        if span is None:
            raise ValueError(f"{place[0]} has no limit: an officer gives its date")
        found = due(start, span, self.calendar, cut_offs=cut_offs, day_ends=self.day_ends)
        if span.unit is not Unit.HOUR and not cut_offs:
            self._due_by_day[place] = found
        return found
