"""What a partner fills in."""

from wtforms.validators import DataRequired

from lado.domain import files
from lado.services.partners import Files
from lado.web.fields import Text
from lado.web.forms import Form
from lado.web.uploads import File, in_words

LARGEST_IN_WORDS = in_words(files.LARGEST)
"""How large a file may be."""


class DoneForm(Form):
    """That an action is done, with a reply if there is something to say."""

    reply = Text("Is there anything the officer should know? (optional)")
    file = File("Add a file (optional)")


class MessageForm(Form):
    """What the partner writes to the officers."""

    message = Text("Your message", [DataRequired("Write your message.")])
    file = File("Add a file (optional)")


def chosen(field: File) -> Files:
    """The file that was chosen, looked at; none where none was. Raises BadInput for the field."""
    checked = field.checked()
    return [checked] if checked is not None else []
