"""What officers fill in about letters: how they are worded, and one letter before it is made."""

from collections.abc import Mapping

from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from lado.domain.letters import LONGEST_BODY, LONGEST_HEADING, MISSING, Kind, Text
from lado.services.letter_words import MISSING_REASON
from lado.services.letters import MISSING_HOW, MISSING_TO, NewLetter
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


class LetterForm(TextForm):
    """A letter about a case, as it goes out."""

    to = fields.Text("Who is it to?", [DataRequired(MISSING_TO)])
    despite = BooleanField("It goes out all the same: I have looked at what was agreed")

    def letter(self, kind: Kind) -> NewLetter:
        """What was filled in."""
        return NewLetter(kind, self.to.data or "", self.text, bool(self.despite.data))


class EmailForm(Form):
    """To whom an e-mail goes."""

    partner = fields.OneOfFew("Who is it to?", "Choose who it is to.", coerce=int)

    def __init__(self, partners: Mapping[int, str]) -> None:
        """Offer those who follow the case."""
        super().__init__()
        self.partner.choices = [SelectChoice(person, name) for person, name in partners.items()]


class ToldForm(Form):
    """That the audience of a letter was told by it."""

    told_on = fields.DayField("When were they given it?", missing="Enter the day on which they were given it.")
    how = Heading("How?", [DataRequired(MISSING_HOW)])
