"""Forms up to the threshold decision and just after it: information, the endings below the threshold, the threshold."""

from datetime import date
from typing import Any

from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import DataRequired

from lado.domain.codes import LIMBS
from lado.domain.rule_words import offer_sentence
from lado.web.fields import choices
from lado.web.moves.forms.base import NOT_SHOWN, MoveForm, Step, day, line, text
from workflows.updates import rule_of, suggested_on

WHY = "Give the reasons for the decision."
WHO_WAS_TOLD = "Say who was told."
INFORMATION_WITHIN = 2
"""Working days in which information is asked for (a default of this product)."""


class AskInformation(MoveForm):
    """What is missing, from whom, by when."""

    help = "Use this when you cannot decide yet. The time limit for the threshold decision keeps running."
    done = "You asked for more information."
    button = "Record what you asked for"
    missing_information = text("What is missing?", "Say what is missing, for example the dates of the incident.")
    information_from = line("Who has been asked for it?", "Say who has been asked for it.")
    information_on = day("By when?", "Enter the day by which you need it.")

    def defaults(self) -> dict[str, Any]:
        """Two working days from now."""
        calendar = self.sheet.practice.calendar
        return {"information_on": calendar.after(self.sheet.today, INFORMATION_WITHIN, provisional=True)}


class InformationArrived(MoveForm):
    """What arrived."""

    help = "The threshold decision comes next."
    done = "The information has arrived."
    button = "Record that it arrived"
    note = text("What arrived, and from whom?")


class BelowThreshold(MoveForm):
    """What the three endings below the threshold share."""

    rationale = text("Why?", WHY, "The reasons stand in the record and may be read in years to come.")
    told = text(
        "Who was told, and what?", WHO_WAS_TOLD, "For example: the head teacher, by telephone, with advice in writing."
    )


class Advise(BelowThreshold):
    """Advice only."""

    help = "The harm threshold is not met and you gave advice. The case ends here; it can be looked at again later."
    done = "Advice given. The case has ended as advice only."
    button = "End as advice only"


class ReturnToEmployer(BelowThreshold):
    """Threshold not met: the employer deals with it."""

    help = (
        "The harm threshold is not met. The employer deals with it under its conduct or low-level concerns policy. "
        "The case ends here; it can be looked at again later."
    )
    done = "Threshold not met. The matter has gone back to the employer."
    button = "Return it to the employer"


class NoFurtherAction(BelowThreshold):
    """No further action, agreed with the employer."""

    help = (
        "You and the employer agree that nothing more is needed. The case ends here; it can be looked at again later."
    )
    done = "No further action recorded."
    button = "End with no further action"


class MeetThreshold(MoveForm):
    """The limbs of the harm threshold that are met, the reasons, and the police."""

    help = "Tick every limb that is met. From here on the case needs an outcome before it can close."
    done = "Threshold met."
    button = "Record that the threshold is met"
    limbs = SelectMultipleField(
        "Which limbs of the harm threshold are met?",
        [DataRequired("Tick at least one limb of the harm threshold.")],
        choices=choices({limb: f"{limb}. {words}" for limb, words in LIMBS.items()}),
        invalid_choice_message=NOT_SHOWN,
    )
    rationale = text("Why?", WHY, "The reasons stand in the record and may be read in years to come.")
    police_informed = BooleanField(
        "The police have been told, or are already involved",
        description="This opens the police strand and its reviews. It can also be done later.",
    )
    children_safe = text("Are the children safe now, and what has been done?")
    update_by_on = day("By when will the referrer hear from you next?")

    def defaults(self) -> dict[str, Any]:
        """The day by the council's rule."""
        return {"update_by_on": suggested_on(self.sheet.practice, self.sheet.at)}

    def prepare(self) -> None:
        """Say by which rule the day is offered."""
        offered = offer_sentence(rule_of(self.sheet.practice.rules))
        self.update_by_on.description = f"{offered} Leave it empty to promise no day."

    def promised_on(self) -> date | None:
        """By when the referrer was promised to hear from us next."""
        found: date | None = self.update_by_on.data
        return found

    def step(self, move: str) -> Step:
        """Limbs are numbers; that the children are safe is a fact of its own."""
        made = super().step(move)
        said = {name: answer for name, answer in made.answers.items() if name != "update_by_on"}
        plain = {**said, "limbs": tuple(int(limb) for limb in made.answers["limbs"])}
        return made._replace(answers=plain, words={"rationale": made.words["rationale"]})

    def also(self) -> tuple[Step, ...]:
        """What was said of the children's safety is recorded as that fact."""
        said = self.children_safe.data
        return (Step("record_fact", {"fact": "children_safe"}, {"note": said}),) if said else ()


class NewInformation(MoveForm):
    """What is new."""

    new_information = text("What is the new information, and where does it come from?", "Say what is new.")


class Reopen(NewInformation):
    """A closed case opens again."""

    help = (
        "New information has come about a closed case. Its time limits start anew today; the old record stays as it is."
    )
    done = "The case is open again."
    button = "Re-open the case"


class Reconsider(NewInformation):
    """The threshold is looked at again."""

    help = "The case ended below the threshold. It opens again and the threshold is decided anew, from today."
    done = "The threshold is being looked at again."
    button = "Look at the threshold again"
