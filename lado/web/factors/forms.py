"""The forms with which somebody proves a second factor."""

from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired

from lado.web.fields import Line
from lado.web.forms import Form


class CodeForm(Form):
    """A code of an authenticator app, or what a passkey answered."""

    code = Line("Code from your authenticator app")
    passkey = HiddenField()


class PasskeyForm(Form):
    """What a passkey answered."""

    passkey = HiddenField()


class ProofForm(Form):
    """The same, asked for again in the middle of something; `proof_kept` is the number of what was typed before."""

    proof_code = Line("Code from your authenticator app")
    proof_passkey = HiddenField()
    proof_kept = HiddenField()


class PasswordForm(Form):
    """The password that belongs to a link."""

    password = PasswordField("Password", [InputRequired("Enter your password.")])


class AddressForm(Form):
    """The address that somebody signs in with."""

    email = Line("E-mail address", [InputRequired("Enter your e-mail address.")])


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField("Choose a new password", [InputRequired("Choose a password.")])


class OwnPasswordForm(NewPasswordForm):
    """A new password, and the one before it."""

    present_password = PasswordField("Your password now", [InputRequired("Enter the password that you have now.")])


class WayForm(Form):
    """Which of one's own ways to sign in is ended, by its number."""

    way = HiddenField()


class SureForm(Form):
    """Nothing but a button."""
