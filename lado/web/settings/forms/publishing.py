"""The form that puts a draft of the rules in force."""

from wtforms import HiddenField
from wtforms.validators import DataRequired

from lado.web.fields import OneOfFew, Text
from lado.web.forms import Form


class PublishForm(Form):
    """Why, for which cases, and what the person has seen."""

    reach = OneOfFew("Which cases?", "Choose for which cases the new rules hold.")
    why = Text("Why do the rules change?", [DataRequired("Say why the rules change.")])
    seen_in_force = HiddenField()
    seen_draft = HiddenField()
