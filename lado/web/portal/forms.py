"""What a partner fills in."""

from wtforms.validators import DataRequired, Optional

from lado.domain import files
from lado.services.partners import Files
from lado.web.fields import OneOfFew, Text, choices
from lado.web.forms import Form
from lado.web.uploads import File, in_words

LARGEST_IN_WORDS = in_words(files.LARGEST)
"""How large a file may be."""


YES, NO = "yes", "no"
ANSWERS = {YES: "Yes, e-mail me", NO: "No, do not e-mail me"}
ASKED = "May we e-mail you when there is something new?"
NOT_CHOSEN = "Choose yes or no."


class NewsForm(Form):
    """Whether we may e-mail somebody when there is something new for them to read."""

    news = OneOfFew(ASKED, NOT_CHOSEN, choices=choices(ANSWERS))


def news_field() -> OneOfFew:
    """The same question on a form where it may be left for later."""
    return OneOfFew(f"{ASKED} (optional)", NOT_CHOSEN, validators=[Optional()], choices=choices(ANSWERS))


def said_of(wants: bool | None) -> str | None:
    """What a form shows as chosen: nothing where nobody chose yet."""
    return None if wants is None else (YES if wants else NO)


def wanted(answer: str | None) -> bool | None:
    """What was chosen on a form; None: nothing."""
    return {YES: True, NO: False}.get(answer or "")


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
