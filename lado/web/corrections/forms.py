"""The form that asks for a correction, in the boxes that the date was entered in, and the form that decides one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from lado.domain.corrections import CLOCKS, DERIVE, HAS_PRECISION, KEEP, PRECISIONS
from lado.services.corrections import MISSING_REASON, NewCorrection
from lado.web.fields import DayField, MomentField, Text, choices
from lado.web.forms import Form
from workflows.dates import EXACT, Dated

NOT_SHOWN = "Choose one of the answers shown."
MISSING_DAY = "Enter the right day."
MISSING_MOMENT = "Enter the right day and time."
AGREE_DERIVE, AGREE_KEEP, REFUSE = "agree_derive", "agree_keep", "refuse"
CLOCK_HINTS: Mapping[str, str] = {
    DERIVE: "Due dates and what was late follow from the right date.",
    KEEP: "The date is corrected and every due date stays as it was promised.",
}


class CorrectionForm(Form):
    """What a date should be, why, and what should happen to the clocks that hang on it."""

    reason = Text(
        "Why is it wrong, and what shows the right one?",
        [DataRequired(MISSING_REASON)],
        description="This stands in the record beside both dates. For example: my note of the call says 08:50.",
    )

    @classmethod
    def of(cls, dated: Dated, *, has_clocks: bool) -> "type[CorrectionForm]":
        """The form for this date: a moment or a day, how exact where that was asked, clocks where any hang on it."""
        is_moment = isinstance(dated.value, datetime)
        fields: dict[str, Any] = {
            "value": MomentField("What should it be?", missing=MISSING_MOMENT)
            if is_moment
            else DayField("What should it be?", missing=MISSING_DAY)
        }
        if dated.name in HAS_PRECISION:
            fields["precision"] = _radios("How exact is that?", PRECISIONS, "Choose how exact the date is.")
        if has_clocks:
            fields["clocks"] = _radios(
                "What should happen to the clocks?", CLOCKS, "Choose what should happen to the clocks.", CLOCK_HINTS
            )
        made: type[CorrectionForm] = type(cls.__name__, (cls,), fields)
        return made

    def answers(self, dated: Dated) -> NewCorrection:
        """What was asked for, as the service takes it. Only of a form that is well formed."""
        return NewCorrection(
            dated.entry,
            dated.name,
            self["value"].data,
            self.reason.data or "",
            self["precision"].data if "precision" in self else EXACT,
            self["clocks"].data if "clocks" in self else DERIVE,
        )


class DecisionForm(Form):
    """Agree or refuse, and why."""

    decision = RadioField(
        "What do you decide?", [InputRequired("Choose what you decide.")], invalid_choice_message=NOT_SHOWN
    )
    reason = Text("Why? (needed if you refuse)", description="Your answer stands in the record beside the request.")

    def prepare(self, *, has_clocks: bool) -> None:
        """Ask about the clocks only where any hang on the date."""
        agree = {
            AGREE_DERIVE: "Agree, and work the clocks out anew",
            AGREE_KEEP: "Agree, and keep the clocks as they are",
        }
        codes = {
            **(agree if has_clocks else {AGREE_DERIVE: "Agree"}),
            REFUSE: "Refuse: the date stays as it was recorded",
        }
        self.decision.choices = [
            SelectChoice(code, words, {"divider": "or"} if code == REFUSE else {}) for code, words in codes.items()
        ]

    @property
    def agreed(self) -> bool:
        """Whether the second person agrees."""
        return bool(self.decision.data != REFUSE)

    @property
    def chosen_clocks(self) -> str:
        """What happens to the clocks."""
        return DERIVE if self.decision.data == AGREE_DERIVE else KEEP


def _radios(label: str, codes: Mapping[str, str], missing: str, hints: Mapping[str, str] | None = None) -> RadioField:
    if hints is None:
        shown = choices(codes)
    else:
        shown = [SelectChoice(code, words, {"hint": hints[code]}) for code, words in codes.items()]
    return RadioField(label, [InputRequired(missing)], choices=shown, invalid_choice_message=NOT_SHOWN)
