"""The forms of who is told, and when: the usual warnings, and the ladders."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms.validators import DataRequired

from lado.domain.escalation import ROLE_WORDS
from lado.web.fields import Line, OneOf, choices
from lado.web.forms import Form
from lado.web.settings.fields import Number, Shares
from workflows.rules import ROLES, Rung, Wait, WaitUnit
from workflows.rules.faults import LONGEST_WAIT

NEVER, AT_ONCE = "never", "at_once"
WAITS: Mapping[str, str] = {
    NEVER: "Not told",
    AT_ONCE: "At once",
    WaitUnit.OFFICE_HOUR: "After so many office hours",
    WaitUnit.WORKING_DAY: "After so many working days",
}


class WarningsForm(Form):
    """The usual warnings."""

    shares = Shares("At which percentages of the time is the officer warned?")


class LadderForm(Form):
    """Who hears of a lapse, and when. The boxes of the roles are added below."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and that every wait has its number."""
        is_right = bool(super().validate(extra_validators))
        problems = {
            f"{role}_count": "Enter how many, in figures."
            for role in ROLES
            if self[f"{role}_when"].data in list(WaitUnit) and not self[f"{role}_count"].data
        }
        if is_right and not problems and not self.rungs(ROLES):
            problems = {f"{ROLES[0]}_when": "Choose at least one person to tell, or a lapse would reach nobody."}
        self.refuse(problems)
        return is_right and not problems

    def rungs(self, order: Iterable[str]) -> tuple[Rung, ...]:
        """The rungs as typed, in the order of the roles. Only of a form that is well formed."""
        return tuple(Rung(role, wait) for role in order if (wait := self._wait(role)) is not None)

    def _wait(self, role: str) -> Wait | None:
        when = self[f"{role}_when"].data
        if when == AT_ONCE:
            return Wait(0, WaitUnit.OFFICE_HOUR)
        return Wait(self[f"{role}_count"].number or 0, WaitUnit(when)) if when in list(WaitUnit) else None


for _role in ROLES:
    _who = ROLE_WORDS[_role].removeprefix("the ").capitalize()
    setattr(LadderForm, f"{_role}_when", OneOf(f"{_who}: told", choices=choices(WAITS)))
    setattr(LadderForm, f"{_role}_count", Number(f"{_who}: how many?", most=LONGEST_WAIT))


def ladder_shown(rungs: Iterable[Rung]) -> dict[str, str]:
    """A ladder as the boxes of its form."""
    shown = {f"{role}_when": NEVER for role in ROLES}
    for rung in rungs:
        shown[f"{rung.role}_when"] = AT_ONCE if rung.wait.count == 0 else rung.wait.unit.value
        shown[f"{rung.role}_count"] = str(rung.wait.count) if rung.wait.count else ""
    return shown


class NewLadderForm(Form):
    """The name of a further ladder."""

    name = Line("What is it called?", [DataRequired("Enter a name, for example: After a meeting.")])
