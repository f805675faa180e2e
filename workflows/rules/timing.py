"""A council's rule applied: when its clock begins and when it falls due."""

from datetime import datetime

from workflows.calendar import Calendar
from workflows.clocks import Due, Pause, due
from workflows.rules.terms import Rules, TimeRule


def begins_at(rules: Rules, rule: TimeRule, triggered_at: datetime, calendar: Calendar) -> datetime:
    """When the clock starts: at the trigger, or when the lead-in after it has run out."""
    if rule.starts_after is None:
        return triggered_at
    return due(triggered_at, rule.starts_after, calendar, day_ends=rules.day_ends).at


def due_under(
    rules: Rules,
    rule: TimeRule,
    triggered_at: datetime,
    calendar: Calendar,
    pauses: tuple[Pause, ...] = (),
    *,
    strict: bool = False,
) -> Due | None:
    """When the rule's clock falls due after its trigger; None when an officer gives the date.

    `calendar` already leaves out the council's closure days (`Rules.calendar`). Pauses touch only a rule that pauses.
    """
    if rule.limit is None:
        return None
    return due(
        begins_at(rules, rule, triggered_at, calendar),
        rule.limit,
        calendar,
        cut_offs=rule.cut_offs,
        day_ends=rules.day_ends,
        pauses=pauses if rule.pauses else (),
        strict=strict,
    )
