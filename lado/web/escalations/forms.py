"""Short forms: take a case over, come back to an escalation later, mark a case urgent or no longer so."""

from datetime import datetime, timedelta

from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from lado.web.due import point
from lado.web.fields import OneOfFew, Text
from lado.web.forms import Form

LATER = (1, 2, 4)
"""Hours that are offered, as far as nobody else hears before."""

LATEST = "latest"


class TakeOverForm(Form):
    """Why one takes it over, which may be left unsaid."""

    reason = Text("Why? (optional)")


class ReasonForm(Form):
    """Why."""

    reason = Text("Why?", [DataRequired("Say why.")])


class SnoozeForm(Form):
    """When one comes back to it, and why not now."""

    until_at = OneOfFew("When will you come back to it?", "Choose when you will come back to it.")
    reason = Text("Why?", [DataRequired("Say why.")])

    def __init__(self, at: datetime, latest: datetime) -> None:
        """Offer a few times before the next person hears, and that moment itself."""
        super().__init__()
        offered = {str(hours): at + timedelta(hours=hours) for hours in LATER if at + timedelta(hours=hours) < latest}
        self.moments = {**offered, LATEST: latest}
        self.until_at.choices = [
            SelectChoice(value, f"At {point(moment, at)}{', the latest' if value == LATEST else ''}")
            for value, moment in self.moments.items()
        ]

    def moment(self) -> datetime:
        """The instant that was chosen; the form has been validated."""
        return self.moments[self.until_at.data]
