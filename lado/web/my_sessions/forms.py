"""The form that ends a session."""

from wtforms import HiddenField

from lado.web.forms import Form


class EndForm(Form):
    """Which session to end; none: all but this one."""

    key = HiddenField()
