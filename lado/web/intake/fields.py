"""A field of this page alone: a moment that may be known by its day only."""

from collections.abc import Sequence
from datetime import datetime, time

from lado.web.fields import PARTS, MomentField, time_of
from workflows.london import LONDON


class PreciseMomentField(MomentField):
    """A day and, where it is known, a time. `data` is the earliest instant that it can have been; None: not known.

    `precision` is exact, approximate or unknown; a day without a time is approximate.
    """

    parts: Sequence[str] = (*PARTS, "time", "precision")
    precision = "unknown"

    def _read(self) -> None:
        asked = self.boxes["precision"] or "exact"
        if asked not in ("exact", "approximate", "unknown"):
            self._refused("Choose how exact this is.", ("day",))
            return
        if asked == "unknown":
            return
        day = self.day_of("")
        at = time_of(self.boxes["time"])
        if self.boxes["time"] and at is None:
            self._refused("Enter the time like 15:40, or leave it out.", ("time",))
        if self.process_errors:
            return
        if day is None:
            if self.boxes["time"]:
                self._refused("Enter the day as well as the time.", PARTS)
            return
        self.data = datetime.combine(day, at or time.min, tzinfo=LONDON)
        self.precision = asked if at else "approximate"
