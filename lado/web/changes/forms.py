"""The forms of changes: what somebody found about a clock, and beginning a move to another version."""

from wtforms import HiddenField
from wtforms.validators import DataRequired

from lado.web.fields import Text
from lado.web.forms import Form


class ReviewForm(Form):
    """What a person found who looked at a clock that ran over a day announced too late."""

    note = Text("What did you find, and what was done about it?", [DataRequired("Say what you found.")])


class MoveForm(Form):
    """Which version was in force when the move was rehearsed."""

    seen = HiddenField()
