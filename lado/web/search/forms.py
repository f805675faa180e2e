"""The search: one line of words. It is sent in the body, because an address would keep a name in logs and history."""

from wtforms import HiddenField
from wtforms.validators import DataRequired

from lado.web.fields import Line
from lado.web.forms import Form

MOST_DIGITS = 15


class SearchForm(Form):
    """What is looked for, and where the next page begins."""

    words = Line("Reference, name or setting", [DataRequired("Enter a reference, a name or a setting.")])
    before = HiddenField()

    def beginning(self) -> int | None:
        """The number after which the page before ended; anything that is none begins at the beginning."""
        sent = self.before.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else None
