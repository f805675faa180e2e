"""Choosing a past moment: a day and a time of day in London. Sent in the address, so that it can be kept as a link."""

from datetime import datetime

from flask import request
from wtforms.validators import ValidationError

from lado.web.fields import MomentField
from lado.web.forms import Form
from lado.web.then.moments import is_skipped, read

FUTURE = "Choose a moment that has passed."
SKIPPED = "The clocks went forward over this time, so it never came. Choose another one."
UNREADABLE = "The address does not name a moment. Choose a day and a time."


class MomentForm(Form):
    """Which moment."""

    class Meta:
        """Sent in the address and changing nothing, it needs no token."""

        csrf = False

    moment = MomentField("Choose a moment", missing="Enter a day and a time.")

    def __init__(self, at: datetime) -> None:
        """Read the boxes of the address; without any show the moment that the page is about."""
        super().__init__(formdata=request.args if self.is_sent() else None, data={"moment": at})

    @staticmethod
    def is_sent() -> bool:
        """Whether the address brings boxes that somebody filled in."""
        return any(name.startswith("moment-") for name in request.args)

    def validate_moment(self, field: MomentField) -> None:
        """Refuse a time that London's clocks never showed."""
        if field.data is not None and is_skipped(field.data):
            raise ValidationError(SKIPPED)


class Asked:
    """The moment that was asked for: `at`, or `chosen` where the boxes name one to go to; `form` says what is wrong."""

    def __init__(self, now: datetime) -> None:
        """Read the address. What cannot be is said on the form, and the page is about now."""
        text = request.args.get("at", "")
        found = read(text) if text else now
        is_past = found is not None and found <= now
        self.at = found if found is not None and is_past else now
        self.form = MomentForm(self.at)
        self.chosen: datetime | None = None
        if self.form.is_sent():
            self._choose(now)
        elif not is_past:
            self.form.refuse({"moment": UNREADABLE if found is None else FUTURE})

    @property
    def status(self) -> int:
        """400 when the moment that was asked for cannot be."""
        return 400 if self.form.errors else 200

    def _choose(self, now: datetime) -> None:
        if self.form.validate():
            at: datetime = self.form.moment.data
            if at <= now:
                self.chosen = at
            else:
                self.form.refuse({"moment": FUTURE})
