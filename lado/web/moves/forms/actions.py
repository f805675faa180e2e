"""Forms that give work to somebody: actions, and the case itself."""

from datetime import datetime
from typing import Any, ClassVar

from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from lado.queries.moves import Officer
from lado.web.due import day_words
from lado.web.moves.forms.base import MoveForm, Step, day, from_list, line, one_of, text

HOLDERS = {
    "officer": "An officer of the council",
    "partner": "A partner who can follow this case",
    "outsider": "Someone else",
}
WITHIN = 5
"""Working days that a form proposes for an action (a default of this product)."""

REVIEW = "This is done on the page of the clock that stands still: start it again there, or set the next review."

NOBODY = SelectChoice("", "Choose")


class SetAction(MoveForm):
    """What has to be done, by whom, by when."""

    help = "An action is reminded of and escalated like a time limit, and stays alive after closure until it is done."
    done = "The action is set."
    button = "Set the action"
    names_people = True
    shown_with: ClassVar = {"holder": {"officer": ("officer",), "partner": ("partner",), "outsider": ("outsider",)}}
    action = text("What has to be done?", "Say what has to be done.")
    holder = one_of("Who does it?", "Choose who does it.", HOLDERS)
    officer = from_list("Which officer?", "Choose the officer.")
    partner = from_list("Which partner?", "Choose the partner.")
    outsider = line(
        "Who?", "Enter who does it.", "Name and agency. They have no account, so the owner of the case is reminded."
    )
    due_on = day("By when?", "Enter the day by which it has to be done.")

    def defaults(self) -> dict[str, Any]:
        """Oneself, in a working week."""
        due_on = self.sheet.practice.calendar.after(self.sheet.today, WITHIN, provisional=True)
        return {"holder": "officer", "officer": str(self.sheet.case.owner or ""), "due_on": due_on}

    def prepare(self) -> None:
        """The officers and the partners with access; where no partner has access the answer is not offered."""
        self.officer.choices = [NOBODY, *(SelectChoice(str(one.id), one.name) for one in self.sheet.officers)]
        self.partner.choices = [NOBODY, *(SelectChoice(str(id_), name) for id_, name in self.sheet.partners.items())]
        offered = {code: words for code, words in HOLDERS.items() if code != "partner" or self.sheet.partners}
        self.holder.choices = [SelectChoice(code, words) for code, words in offered.items()]

    def step(self, move: str) -> Step:
        """Who holds it as a code and an account; someone without one in words."""
        made = super().step(move)
        holder = self.holder.data
        plain: dict[str, Any] = {"holder": holder, "due_on": self.due_on.data}
        if holder != "outsider":
            plain["user"] = int(self[holder].data)
        words = {"action": self.action.data}
        return made._replace(
            answers=plain, words=words if holder != "outsider" else {**words, "who": self.outsider.data}
        )


class CompleteAction(MoveForm):
    """An open action is done."""

    help = "Choose the action that is done. What was set stays in the record."
    done = "The action is done."
    button = "Record that it is done"
    presets = ("number",)
    mends = ("action_is_open",)
    number = one_of("Which action is done?", "Choose the action that is done.")
    note = text("What was done?")

    def prepare(self) -> None:
        """The open actions, each with its day."""
        reviews = {clock.review for clock in self.sheet.case.running.values()}
        self["number"].choices = [
            SelectChoice(
                str(number),
                given.what or f"Action {number}",
                {"hint": REVIEW if number in reviews else f"Due by {_day(given.due_at, self.sheet.at)}"},
            )
            for number, given in self.sheet.actions.items()
            if not given.is_done
        ]

    def step(self, move: str) -> Step:
        """The number of the action."""
        made = super().step(move)
        return made._replace(answers={"number": int(self["number"].data)})


class Assign(MoveForm):
    """The case gets another accountable officer."""

    help = "The officer becomes accountable for the case and its time limits, and is told at once."
    done = "The case has a new officer."
    button = "Give the case to them"
    names_people = True
    owner = one_of("To whom?", "Choose the officer.")
    note = text("Why, and what should they know?")

    def prepare(self) -> None:
        """The other officers, and whether each is there."""
        names = {officer.id: officer.name for officer in self.sheet.officers}
        self.owner.choices = [
            SelectChoice(str(officer.id), officer.name, {"hint": self._standing(officer, names)})
            for officer in self.sheet.officers
            if officer.id != self.sheet.case.owner
        ]

    def validate_owner(self, field: Any) -> None:
        """A case is never given to someone who is away with nobody to cover."""
        chosen = next((officer for officer in self.sheet.officers if str(officer.id) == field.data), None)
        if chosen is not None and chosen.cover.is_nobody:
            raise ValidationError(
                f"{chosen.name} is away and nobody covers. Name a cover first, under Cover, or choose someone else."
            )

    def step(self, move: str) -> Step:
        """The account of the officer."""
        made = super().step(move)
        return made._replace(answers={"owner": int(self.owner.data)})

    def _standing(self, officer: Officer, names: dict[int, str]) -> str:
        if officer.away_until_at is None:
            return ""
        until = f"Away until {_day(officer.away_until_at, self.sheet.at)}"
        if officer.cover.person is None:
            return f"{until}, and nobody covers."
        return f"{until}. {names.get(officer.cover.person, 'Somebody else')} covers."


def _day(when: datetime, at: datetime) -> str:
    return day_words(when, at)
