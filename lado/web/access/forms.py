"""The forms that let somebody follow a case, and end it."""

from wtforms.validators import DataRequired

from lado.services.access import NewAccess
from lado.web.fields import DayField, OneOf, Text
from lado.web.forms import Form


class AccessForm(Form):
    """Who may follow the case, why, and until when."""

    account = OneOf("Who?", [DataRequired("Choose who may follow this case.")])
    why = Text("Why do they need to follow it?", [DataRequired("Say why.")])
    ends_on = DayField("The last day of it (optional)")

    def answers(self) -> NewAccess:
        """What was chosen, as the service takes it."""
        return NewAccess(int(self.account.data), self.why.data or "", self.ends_on.data)


class EndForm(Form):
    """Why somebody may follow the case no longer."""

    why = Text("Why does it end?", [DataRequired("Say why.")])
