"""The form to set how many open cases an officer may have."""

from wtforms.validators import DataRequired

from lado.web.fields import Line
from lado.web.forms import Form


class LimitForm(Form):
    """How many open cases are too many for one officer."""

    most_open = Line("Most open cases of one officer", [DataRequired("Enter how many open cases an officer may have.")])

    @property
    def number(self) -> int:
        """What was typed as a number; 0 for what is none, which the service refuses."""
        text = (self.most_open.data or "").strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
