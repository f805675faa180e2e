"""Fields of the rules: a whole number, a time of day that may be left out, and shares of a clock in per cent."""

import re
from datetime import time
from typing import Any

from wtforms.validators import ValidationError

from lado.web.fields import Line, time_of

MOST = 4_000
WHOLE = re.compile(r"[0-9]{1,4}")
PERCENTAGE = re.compile(r"([1-9][0-9]?) ?%?")
BETWEEN = re.compile(r"[,;]|\band\b")


class Number(Line):
    """A whole number of 1 or more (`least`), in figures. Empty where nothing has to be given."""

    def __init__(self, *args: Any, least: int = 1, most: int = MOST, **kwargs: Any) -> None:
        """Keep the bounds."""
        super().__init__(*args, **kwargs)
        self.least, self.most = least, most

    @property
    def number(self) -> int | None:
        """What was typed; None while it is empty or no number within the bounds."""
        typed = self.data or ""
        if not WHOLE.fullmatch(typed):
            return None
        return int(typed) if self.least <= int(typed) <= self.most else None

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no such number."""
        if self.data and self.number is None:
            raise ValidationError(f"Enter a whole number from {self.least} to {self.most:,}, in figures.")


class TimeOfDay(Line):
    """A time like 16:00, or nothing."""

    @property
    def time(self) -> time | None:
        """What was typed; None while it is empty or no time."""
        return time_of(self.data or "")

    def pre_validate(self, form: Any) -> None:
        """Refuse what is no time."""
        if self.data and self.time is None:
            raise ValidationError("Enter a time like 16:00, or leave it empty.")


class Shares(Line):
    """Shares of a clock in per cent, such as 50, 80; empty means none. `shares` are fractions, the smallest first."""

    @property
    def shares(self) -> tuple[float, ...] | None:
        """What was typed; None while it is no list of percentages."""
        parts = [part.strip() for part in BETWEEN.split(self.data or "")]
        typed = [part for part in parts if part]
        if not all(PERCENTAGE.fullmatch(part) for part in typed):
            return None
        return tuple(sorted({int(part.rstrip(" %")) / 100 for part in typed}))

    def pre_validate(self, form: Any) -> None:
        """Refuse what are no percentages."""
        if self.shares is None:
            raise ValidationError("Enter whole percentages from 1 to 99 with commas between them, for example 50, 80.")


def percentages(shares: tuple[float, ...]) -> str:
    """50, 80: shares as the field takes them."""
    return ", ".join(str(round(share * 100)) for share in shares)
