"""What a partner fills in."""

from wtforms.validators import DataRequired

from lado.web.fields import Text
from lado.web.forms import Form


class DoneForm(Form):
    """That an action is done, with a reply if there is something to say."""

    reply = Text("Is there anything the officer should know? (optional)")


class MessageForm(Form):
    """What the partner writes to the officers."""

    message = Text("Your message", [DataRequired("Write your message.")])
