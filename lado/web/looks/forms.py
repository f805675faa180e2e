"""The form that says what came of asking about a look."""

from lado.domain.unusual import ANSWERS
from lado.web.fields import OneOfFew, Text, choices
from lado.web.forms import Form


class AnswerForm(Form):
    """What came of it, and a note."""

    answer = OneOfFew("What came of it?", "Choose what came of it.", choices=choices(ANSWERS))
    note = Text("Note")
