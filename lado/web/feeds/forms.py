"""The form that makes an address, and the one that switches it off."""

from wtforms import HiddenField

from lado.web.forms import Form


class FeedForm(Form):
    """Which calendar is meant."""

    scope = HiddenField()
