"""A council's own limits, cut-offs, office hours and ladders: data, checked, and versioned by its content."""

from workflows.office import USUAL_HOURS, OfficeHours
from workflows.rules.faults import faults
from workflows.rules.ladder import rung_at
from workflows.rules.national import NATIONAL
from workflows.rules.published import published
from workflows.rules.reading import from_json
from workflows.rules.terms import (
    ACCEPTANCE,
    LADDER,
    OWED_BY,
    ROLES,
    Ladder,
    Rules,
    RulesRefused,
    Rung,
    TimeRule,
    Wait,
    WaitUnit,
)
from workflows.rules.timing import begins_at, due_under

__all__ = [
    "ACCEPTANCE",
    "LADDER",
    "NATIONAL",
    "OWED_BY",
    "ROLES",
    "USUAL_HOURS",
    "Ladder",
    "OfficeHours",
    "Rules",
    "RulesRefused",
    "Rung",
    "TimeRule",
    "Wait",
    "WaitUnit",
    "begins_at",
    "due_under",
    "faults",
    "from_json",
    "published",
    "rung_at",
]
