"""The forms of what concerns all limits: the name of the rules, the office hours, and the days of closure."""

from collections.abc import Iterator
from datetime import time
from typing import Any

from wtforms.validators import DataRequired

from lado.web.fields import DayField, Line, OneOfFew, choices
from lado.web.forms import Form
from lado.web.settings.fields import TimeOfDay
from workflows.london import END_OF_DAY
from workflows.office import OfficeHours
from workflows.rules import Rules
from workflows.rules.terms import WEEKDAYS

ASKING = {
    "yes": "Yes: they say why first, and the officer who has the case is told",
    "no": "No: each look is written down, and nobody is asked",
}


class OfficeForm(Form):
    """When the office is open on each day, and when a due day ends. The boxes of the days are added below."""

    ends = OneOfFew(
        "When does a due day end?",
        "Choose when a due day ends.",
        choices=choices({"midnight": "At midnight", "time": "At a time of day"}),
    )
    ends_at = TimeOfDay("At what time?")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and that every day that opens closes later."""
        is_right = bool(super().validate(extra_validators))
        problems = dict(self._problems()) if is_right else {}
        self.refuse(problems)
        return is_right and not problems

    def _problems(self) -> Iterator[tuple[str, str]]:
        for name in WEEKDAYS:
            opens, closes = self[f"{name}_opens"], self[f"{name}_closes"]
            if bool(opens.data) != bool(closes.data):
                missing = closes if opens.data else opens
                yield missing.name, f"Enter when {name.capitalize()} opens and closes, or empty both if it is closed."
            elif opens.time and closes.time and opens.time >= closes.time:
                yield closes.name, f"{name.capitalize()} closes before it opens. Check both times."
        if self.ends.data == "time" and not self.ends_at.data:
            yield "ends_at", "Enter the time at which a due day ends, for example 17:00."

    def days(self) -> list[tuple[str, TimeOfDay, TimeOfDay]]:
        """Each day with the boxes for its opening and its closing."""
        return [(name.capitalize(), self[f"{name}_opens"], self[f"{name}_closes"]) for name in WEEKDAYS]

    def office(self) -> OfficeHours:
        """The week as typed. Only of a form that is well formed."""
        pairs = ((self[f"{name}_opens"].time, self[f"{name}_closes"].time) for name in WEEKDAYS)
        return OfficeHours(tuple((opens, closes) if opens and closes else None for opens, closes in pairs))

    def day_ends(self) -> time:
        """When a due day ends. Only of a form that is well formed."""
        return (self.ends_at.time or END_OF_DAY) if self.ends.data == "time" else END_OF_DAY


for _day in WEEKDAYS:
    setattr(OfficeForm, f"{_day}_opens", TimeOfDay("Opens"))
    setattr(OfficeForm, f"{_day}_closes", TimeOfDay("Closes"))


def office_shown(rules: Rules) -> dict[str, str]:
    """Office hours as the boxes of their form."""
    shown = {"ends": "midnight", "ends_at": ""}
    if rules.day_ends != END_OF_DAY:
        shown = {"ends": "time", "ends_at": f"{rules.day_ends:%H:%M}"}
    for name, opening in zip(WEEKDAYS, rules.office.week, strict=True):
        if opening:
            shown |= {f"{name}_opens": f"{opening[0]:%H:%M}", f"{name}_closes": f"{opening[1]:%H:%M}"}
    return shown


class ClosureForm(Form):
    """A day on which the council is closed, and why."""

    closed_on = DayField("Which day?", missing="Enter the day on which the council is closed.")
    why = Line("Why?", [DataRequired("Say why, for example: Between Christmas and New Year.")])


class AskingForm(Form):
    """Whether colleagues are asked why they open a case that is not theirs."""

    asks_why = OneOfFew("Are colleagues asked why?", "Choose yes or no.", choices=choices(ASKING))


class NameForm(Form):
    """What the rules are called."""

    name = Line("What are the rules called?", [DataRequired("Enter a name, for example: Rules of Northbrook.")])
