"""The form in which somebody says why they cannot take a case."""

from wtforms.validators import DataRequired

from lado.services.handovers import MISSING_REASON
from lado.web.fields import Text
from lado.web.forms import Form


class RefusalForm(Form):
    """Why not."""

    reason = Text(
        "Why can you not take it?",
        [DataRequired(MISSING_REASON)],
        description="It goes to the next person at once. For example: I know the family, or I am away on Thursday.",
    )
