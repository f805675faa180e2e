"""The forms about accounts: somebody new, another role, the last day, and finding somebody by their address."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from lado.security.identity import LABELS, Role
from lado.services.roles import GIVEN, NewColleague, Wanted
from lado.web.fields import DayField, Line, OneOf, Text, choices
from lado.web.forms import Form

ROLES = {role.value: LABELS[role] for role in Role if role in GIVEN}
TEMPORARY = "They are here for a time, as through an agency"


class FindForm(Form):
    """Somebody's whole address."""

    email = Line("E-mail address", [DataRequired("Enter the whole e-mail address.")])


class PersonForm(Form):
    """Who somebody is who has no account yet."""

    name = Line("Name", [DataRequired("Enter the name.")])
    email = Line("E-mail address", [DataRequired("Enter the e-mail address.")])
    phone = Line("Telephone (optional)")

    def person(self) -> NewColleague:
        """The person as the service takes them."""
        return NewColleague(self.name.data or "", self.email.data or "", self.phone.data or "")


class RoleForm(Form):
    """Which role, until when, and why."""

    role = OneOf("Role", [DataRequired("Choose a role.")], choices=choices(ROLES, empty="Choose"))
    is_temporary = BooleanField(TEMPORARY)
    ends_on = DayField("The last day of their account (optional)")
    why = Text("Why do they need it?", [DataRequired("Say why they need it.")])

    def wanted(self) -> Wanted:
        """The role as the service takes it."""
        return Wanted(Role(self.role.data), self.why.data or "", self.ends_on.data, self.is_temporary.data)


class NewForm(PersonForm, RoleForm):
    """Somebody who has no account yet, and which role they are to have."""


class UntilForm(Form):
    """The last day of an account."""

    ends_on = DayField("The last day")
    is_temporary = BooleanField(TEMPORARY)


class SessionForm(Form):
    """Which session to end; none: all of them."""

    key = HiddenField()


class SureForm(Form):
    """Nothing to fill in: a button that does it."""
