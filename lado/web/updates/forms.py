"""The form by which an update to the referrer is recorded, and the day of the next one promised."""

from datetime import datetime
from typing import Any

from flask import request

from lado.domain.rule_words import offer_sentence
from lado.web.fields import DayField, OneOfFew, Text, choices
from lado.web.forms import Form
from workflows.case import Case
from workflows.model import NEXT_UPDATE
from workflows.practice import Practice
from workflows.updates import rule_of, suggested_on

YES, NO = "yes", "no"
MISSING = "Enter the day by which they will hear from you, or say that they have just had an update."


class UpdateForm(Form):
    """Whether the referrer has just had an update, and by when they have the next one."""

    had = OneOfFew(
        "Have they just had an update?",
        "Say whether they have just had an update.",
        choices=choices({YES: "Yes", NO: "No, I only promise a day"}),
    )
    update_by_on = DayField("By when will they hear from you next? (optional)")
    note = Text(
        "How did they hear, and what? (optional)",
        description="It stands in the record. They see the day, and never this.",
    )

    def __init__(self, case: Case, practice: Practice, at: datetime) -> None:
        """Offer the next day by rule; while one stands, only an update leads to another."""
        self.stands = NEXT_UPDATE in case.running
        is_sent = request.method == "POST"
        offered = {"update_by_on": suggested_on(practice, at), "had": NO}
        super().__init__(formdata=request.form if is_sent else None, data={} if is_sent else offered)
        self.update_by_on.description = offer_sentence(rule_of(practice.rules))
        if self.stands:
            del self["had"]

    @property
    def is_given(self) -> bool:
        """Whether they have just had an update."""
        return self.stands or bool(self["had"].data == YES)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape; without an update there has to be a day."""
        super().validate(extra_validators)
        if not self.errors and not self.is_given and self.update_by_on.data is None:
            self.refuse({"update_by_on": MISSING})
        return not self.errors
