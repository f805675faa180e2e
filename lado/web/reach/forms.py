"""The form for somebody's telephone numbers."""

from wtforms import HiddenField

from lado.domain import telephone
from lado.services.reach import Numbers
from lado.web.fields import Line
from lado.web.forms import Form


class NumbersForm(Form):
    """The numbers of one person, and from which version of them the form was made."""

    phone = Line("Telephone")
    night_phone = Line("Telephone out of hours")
    version = HiddenField()

    def seen(self) -> int:
        """The version that the form was made from; 0, which there never is, for what is no number."""
        sent = self.version.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < telephone.LONGEST else 0

    def answers(self) -> Numbers:
        """The numbers as the service takes them."""
        return Numbers(self.phone.data or "", self.night_phone.data or "")
