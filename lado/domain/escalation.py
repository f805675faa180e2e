"""The ladder of a clock: its warnings and rungs, when each is due, which come next, and who they look for. Pure."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from workflows.case import Clock
from workflows.clocks import Due, warning_at
from workflows.practice import Practice
from workflows.rules import Rung, TimeRule, rung_at

WARNING = "warning"


class Step(NamedTuple):
    """One step of the ladder of a clock: its name (`warning 80` or a role), when it is due, and whom it looks for."""

    rung: str
    due_at: datetime
    role: str

    @property
    def is_warning(self) -> bool:
        """Whether it comes before the lapse."""
        return self.rung.startswith(WARNING)


def ladder(clock: Clock, practice: Practice) -> tuple[Step, ...]:
    """All steps of a running clock in order of time: warnings as a share of it, then the rungs after its lapse."""
    rule = practice.rule("action" if clock.key.startswith("action:") else clock.key)
    rules, calendar = practice.rules, practice.calendar
    due = Due(clock.due_at, clock.provisional, calendar.version)
    steps = [
        Step(
            f"{WARNING} {round(share * 100)}",
            warning_at(clock.started_at, due, share, rules.office, calendar, clock.pauses),
            "owner",
        )
        for share in (rules.warns_at(rule) if rule else rules.warnings)
    ]
    for rung in _rungs(rule, practice):
        steps.append(Step(rung.role, rung_at(clock.due_at, rung, rules.office, calendar), rung.role))
    return tuple(sorted(steps, key=lambda step: step.due_at))


def next_moment(clock: Clock, climbed: Collection[str], practice: Practice) -> datetime | None:
    """When the scheduler has to look at the clock next; None when it is paused, ended, or the ladder is at its end."""
    if clock.paused_at is not None or clock.ended_at is not None:
        return None
    return next((step.due_at for step in ladder(clock, practice) if step.rung not in climbed), None)


def passed(clock: Clock, climbed: Collection[str], at: datetime, practice: Practice) -> tuple[Step, ...]:
    """The steps that are due at the instant and not climbed yet, the earliest first."""
    return tuple(step for step in ladder(clock, practice) if step.due_at <= at and step.rung not in climbed)


def _rungs(rule: TimeRule | None, practice: Practice) -> tuple[Rung, ...]:
    return practice.rules.ladder_of(rule) if rule else practice.rules.ladder
