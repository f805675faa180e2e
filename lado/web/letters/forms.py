"""What officers fill in about letters: how they are worded, and one letter before it is made."""

from wtforms.validators import DataRequired

from lado.domain.letters import LONGEST_BODY, LONGEST_HEADING, MISSING, Text
from lado.services.letter_words import MISSING_REASON
from lado.web import fields
from lado.web.forms import Form


class Heading(fields.Line):
    """The heading of a letter, or the subject of an e-mail."""

    longest = LONGEST_HEADING


class Body(fields.Text):
    """The text of a letter."""

    longest = LONGEST_BODY


class TextForm(Form):
    """A heading and a text."""

    heading = Heading("Heading", [DataRequired(MISSING["heading"])])
    body = Body("Text", [DataRequired(MISSING["body"])])

    @property
    def text(self) -> Text:
        """The wording as it was typed."""
        return Text(self.heading.data or "", self.body.data or "")


class WordingForm(TextForm):
    """How a kind of letter should be worded, and why."""

    why = fields.Text("Why should it change?", [DataRequired(MISSING_REASON)])
