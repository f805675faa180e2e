"""The form to sign in with."""

from wtforms import PasswordField
from wtforms.validators import InputRequired

from lado.web.fields import Line
from lado.web.forms import Form


class SignInForm(Form):
    """An address and a password."""

    email = Line("E-mail address", [InputRequired("Enter your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
