"""The forms that choose the list of a restricted case, end it, ask to be let in, and answer that."""

from wtforms import IntegerField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from lado.services.glass import LONGEST, Wish
from lado.services.restrictions import NewList
from lado.web.fields import Line, OneOfFew, Text, choices
from lado.web.forms import Form

ANSWERS = {"yes": "Yes, let them read it", "no": "No"}


class ListForm(Form):
    """Who is on the list, and why."""

    people = SelectMultipleField(
        "Who is this case there for?", [DataRequired("Choose at least one officer, who works the case.")]
    )
    why = Text("Why?", [DataRequired("Say why.")])

    def answers(self) -> NewList:
        """What was chosen, as the service takes it."""
        return NewList([int(person) for person in self.people.data or ()], self.why.data or "")


class EndForm(Form):
    """Why it ends."""

    why = Text("Why does it end?", [DataRequired("Say why.")])


class ReviewForm(Form):
    """That the list is right as it is."""


class AskForm(Form):
    """Which case, for how long, and why."""

    reference = Line("Reference of the case", [DataRequired("Enter the reference of the case.")])
    hours = IntegerField(
        "For how many hours?", [InputRequired(f"Enter a number of hours from 1 to {LONGEST}.")], default=4
    )
    why = Text("Why do you need to read it?", [DataRequired("Say why you need to read it.")])

    def answers(self) -> Wish:
        """What was asked, as the service takes it."""
        return Wish(self.reference.data or "", self.hours.data or 0, self.why.data or "")


class AnswerForm(Form):
    """Yes or no, and why."""

    agreed = OneOfFew("May they read it?", "Choose yes or no.", choices=choices(ANSWERS))
    why = Text("Why?", [DataRequired("Say why.")])
