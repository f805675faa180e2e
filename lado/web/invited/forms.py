"""The form with which somebody who was invited chooses their password."""

from wtforms import PasswordField
from wtforms.validators import InputRequired

from lado.web.fields import Line
from lado.web.forms import Form


class AcceptForm(Form):
    """A name as it should stand, and a password."""

    name = Line("Your name", [InputRequired("Enter your name.")])
    password = PasswordField("Choose a password", [InputRequired("Choose a password.")])
