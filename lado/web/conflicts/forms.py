"""The forms that declare a link, end one, speak of one case, and choose the independent contact."""

from wtforms.validators import DataRequired

from lado.domain.conflicts import LINKS
from lado.services.conflicts import NewConflict
from lado.web.fields import DayField, Line, OneOf, OneOfFew, Text, choices
from lado.web.forms import Form


class LinkForm(Form):
    """To whom or what somebody is linked."""

    kind = OneOfFew("What is the link to?", "Choose what the link is to.", choices=choices(LINKS))
    name = Line("Name", [DataRequired("Enter the name.")])
    born_on = DayField("Date of birth, if it is a person and you know it")
    why = Text("What is the link?")

    def answers(self, account_id: int) -> NewConflict:
        """The link as the service takes it."""
        return NewConflict(
            account_id, self.kind.data or "", self.name.data or "", self.born_on.data, self.why.data or ""
        )


class ReasonForm(Form):
    """Why."""

    why = Text("Why?", [DataRequired("Say why.")])


class ContactForm(Form):
    """Who looks after a case from which everybody else is kept."""

    contact = OneOf("Who is the independent contact?", [DataRequired("Choose who it is.")])
