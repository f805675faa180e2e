"""The form that asks why somebody needs to look."""

from lado.domain.look_reasons import WORDS
from lado.services.look_reasons import Said
from lado.web.fields import OneOfFew, Text, choices
from lado.web.forms import Form


class WhyForm(Form):
    """One of a few reasons, and what there is to add."""

    why = OneOfFew("What is it for?", "Choose why you need to look.", choices=choices(WORDS))
    words = Text("In your own words")

    def said(self) -> Said:
        """What was chosen and typed, as the service takes it."""
        return Said(self.why.data or "", self.words.data or "")
