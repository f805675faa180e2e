"""The form to book an absence, and whole days or parts of days as instants."""

from datetime import datetime, time, timedelta
from typing import Any

from wtforms import HiddenField
from wtforms.validators import DataRequired

from lado.domain.cover import KINDS
from lado.services.cover import NewAbsence
from lado.web.fields import PARTS, MomentField, OneOf, OneOfFew, choices, time_of
from lado.web.forms import Form
from workflows.london import LONDON

ONE_DAY = timedelta(days=1)


class EdgeField(MomentField):
    """The day on which an absence begins or ends, and a time where it does not begin or end with the day.

    `data` is an instant. Where `is_end` holds, a day without a time means its end, the first moment of the next day.
    """

    def __init__(self, *args: Any, is_end: bool = False, **kwargs: Any) -> None:
        """Keep which edge this is."""
        super().__init__(*args, **kwargs)
        self.is_end = is_end

    def show(self, value: datetime) -> None:
        """Put an instant into the boxes as London reads it: a whole day without a time."""
        local = value.astimezone(LONDON)
        is_whole = (local.hour, local.minute) == (0, 0)
        super().show(local - ONE_DAY if is_whole and self.is_end else local)
        if is_whole:
            self.boxes["time"] = ""

    def _read(self) -> None:
        day = self.day_of("")
        at = time_of(self.boxes["time"])
        if self.boxes["time"] and at is None:
            self._refused("Enter the time like 15:40, or leave it out for the whole day.", ("time",))
        if self.process_errors:
            return
        if day is None:
            if self.boxes["time"]:
                self._refused("Enter the day as well as the time.", PARTS)
            return
        if day.year >= 9999:
            self._refused("Enter a year that is not so far away.", ("year",))
            return
        whole = time.min if at is None else at
        self.data = datetime.combine(day + ONE_DAY if self.is_end and at is None else day, whole, tzinfo=LONDON)


class AbsenceForm(Form):
    """Who is away, why, from when until when, and who covers."""

    account = OneOf("Who is away?", [DataRequired("Choose who is away.")])
    kind = OneOfFew("Why?", "Choose why.", choices=choices(KINDS))
    from_at = EdgeField("First day away", missing="Enter the first day away.")
    until_at = EdgeField("Last day away", is_end=True, missing="Enter the last day away.")
    cover = OneOf("Who covers?")
    second = OneOf("Who covers when they are not there?")
    seen = HiddenField()

    @property
    def is_ready(self) -> bool:
        """Whether enough is known to say who would be there."""
        from_at, until_at = self.from_at.data, self.until_at.data
        return bool((self.account.data or "").isdigit() and from_at and until_at and from_at < until_at)

    def answers(self) -> NewAbsence:
        """The absence as the service takes it."""
        covers, second = self.cover.data or "", self.second.data or ""
        return NewAbsence(
            int(self.account.data),
            self.kind.data or "",
            self.from_at.data,
            self.until_at.data,
            int(covers) if covers.isdigit() else None,
            int(second) if second.isdigit() else None,
        )
