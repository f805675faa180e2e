"""The form with which somebody who was invited chooses their password."""

from wtforms import PasswordField
from wtforms.validators import InputRequired

from lado.web.fields import Line
from lado.web.forms import Form
from lado.web.portal.forms import news_field


class AcceptForm(Form):
    """A name as it should stand, a password, and whether we may e-mail them about news."""

    name = Line("Your name", [InputRequired("Enter your name.")])
    password = PasswordField("Choose a password", [InputRequired("Choose a password.")])
    news = news_field()
