"""The forms about organisations, their places and contacts, and their people who sign in."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from lado.domain.agencies import KINDS
from lado.services.agencies import NewContact
from lado.services.invitations import NewPerson
from lado.web.fields import DayField, Line, OneOf, OneOfFew, Text, choices
from lado.web.forms import Form

MOST_DIGITS = 9


class AgencyForm(Form):
    """An organisation's name and kind."""

    name = Line("Name", [DataRequired("Enter the name.")])
    kind = OneOfFew(
        "What kind of organisation is it?", "Choose what kind of organisation it is.", choices=choices(KINDS)
    )


class SettingForm(Form):
    """A place of an organisation."""

    name = Line("Name of the place", [DataRequired("Enter the name.")])


class ContactForm(Form):
    """Somebody whom one may speak to, and from which version of what is known of them the form was made."""

    name = Line("Name", [DataRequired("Enter the name.")])
    part = Line("What do they do there? (optional)")
    setting = OneOf("Where do they work? (optional)")
    phone = Line("Telephone (optional)")
    email = Line("E-mail address (optional)")
    safe = Text("What to know before you ring or write (optional)")
    version = HiddenField()

    def seen(self) -> int:
        """The version that the form was made from; 0, which there never is, for what is no number."""
        sent = self.version.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else 0

    def answers(self) -> NewContact:
        """The contact as the service takes it."""
        return NewContact(
            name=self.name.data or "",
            part=self.part.data or "",
            setting=int(self.setting.data) if self.setting.data else None,
            phone=self.phone.data or "",
            email=self.email.data or "",
            safe=self.safe.data or "",
        )


class InviteForm(Form):
    """Somebody to invite."""

    name = Line("Name", [DataRequired("Enter the name.")])
    email = Line("E-mail address", [DataRequired("Enter the e-mail address.")])
    phone = Line("Telephone (optional)")
    ends_on = DayField("The last day of their account (optional)")
    checked = BooleanField("I looked at the address letter by letter, and it is theirs")

    def answers(self, agency_id: int) -> NewPerson:
        """The person as the service takes them."""
        return NewPerson(
            agency=agency_id,
            name=self.name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            ends_on=self.ends_on.data,
            is_checked=self.checked.data,
        )


class MoveForm(Form):
    """To which organisation somebody goes, and why."""

    agency = OneOf("Where do they work now?", [DataRequired("Choose an organisation.")])
    why = Text("What happened?", [DataRequired("Say why.")])


class UntilForm(Form):
    """The last day of an account; no day: until it is shut."""

    ends_on = DayField("The last day")


class ReasonForm(Form):
    """Why."""

    why = Text("Why?", [DataRequired("Say why.")])


class BirthForm(Form):
    """When somebody was born."""

    born_on = DayField("Their date of birth", missing="Enter the date of birth.")


class SureForm(Form):
    """Nothing to fill in: a button that does it."""
