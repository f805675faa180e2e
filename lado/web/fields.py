"""Form fields for what officers write: words, days in three boxes, moments, and days that are not known exactly."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.utils import unset_value
from wtforms.validators import ValidationError

from workflows.london import LONDON

LONGEST_LINE, LONGEST_TEXT = 200, 5_000
NOT_THERE = "Choose one from the list."
PARTS = ("day", "month", "year")
FIRST_YEAR, LAST_YEAR = 1900, 9999


class Line(StringField):
    """One line of words, trimmed, without control characters, at most 200 characters."""

    longest = LONGEST_LINE

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed."""
        self.data = valuelist[0].strip() if valuelist else ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what cannot be words, and say how to mend it."""
        words = self.data or ""
        if len(words) > self.longest:
            raise ValidationError(f"Shorten this to {self.longest:,} characters or fewer. It has {len(words):,}.")
        if any(ord(letter) < 32 and letter not in "\r\n\t" for letter in words):
            raise ValidationError("This holds a character that cannot be shown. Type it again without it.")


class Text(TextAreaField, Line):
    """Several lines of words, at most 5,000 characters."""

    longest = LONGEST_TEXT


class OneOf(SelectField):
    """One of a list, or nothing where nothing is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say in our words when something else was sent."""
        super().__init__(*args, invalid_choice_message=NOT_THERE, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list; whether something has to be chosen is for a validator to say."""
        if self.data:
            super().pre_validate(form)


class OneOfFew(RadioField):
    """One of a few, of which one has to be chosen."""

    def __init__(self, label: str, missing: str, **kwargs: Any) -> None:
        """Keep what to say while nothing is chosen."""
        super().__init__(label, invalid_choice_message=missing, **kwargs)


class DayField(Field):
    """One day in three boxes. `data` is a date, or None when nothing was typed."""

    parts: Sequence[str] = PARTS

    def __init__(self, *args: Any, missing: str = "", **kwargs: Any) -> None:
        """Keep what to say when the day is needed and missing; without it the day may be left out."""
        super().__init__(*args, **kwargs)
        self.missing = missing
        self.boxes: dict[str, str] = dict.fromkeys(self.parts, "")
        self.wrong: tuple[str, ...] = ()

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the boxes from the form, or show a given value."""
        self.process_errors: list[str] = []
        is_given = data is not unset_value and data is not None
        self.data = data if is_given else (self.default() if callable(self.default) else self.default)
        self.boxes = dict.fromkeys(self.parts, "")
        if formdata is not None and any(f"{self.name}-{part}" in formdata for part in self.parts):
            self.boxes = {part: formdata.get(f"{self.name}-{part}", "").strip()[:40] for part in self.parts}
            self.data = None
            self._read()
        elif self.data is not None:
            self.show(self.data)

    def show(self, value: Any) -> None:
        """Put a value into the boxes."""
        self.boxes |= {"day": str(value.day), "month": str(value.month), "year": str(value.year)}

    def _read(self) -> None:
        self.data = self.day_of("")

    def day_of(self, prefix: str) -> date | None:
        """Read three boxes as a day; None when all are empty. What cannot be is said in `process_errors`."""
        typed = {part: self.boxes[prefix + part] for part in PARTS}
        if not any(typed.values()):
            return None
        empty = tuple(prefix + part for part, value in typed.items() if not value)
        if empty:
            return self._refused(f"Enter the {_listed(empty)} too.", empty)
        wrong = tuple(prefix + part for part, value in typed.items() if not (value.isascii() and value.isdigit()))
        if wrong:
            return self._refused(f"Enter the {_listed(wrong)} in figures, for example 27 3 2026.", wrong)
        numbers = {part: int(value) for part, value in typed.items()}
        if not FIRST_YEAR <= numbers["year"] <= LAST_YEAR:
            return self._refused("Enter the year in four figures, for example 2026.", (prefix + "year",))
        try:
            return date(numbers["year"], numbers["month"], numbers["day"])
        except (ValueError, OverflowError):
            return self._refused("There is no such day. Check the day and the month.", (prefix + "day",))

    def _refused(self, message: str, parts: tuple[str, ...]) -> date | None:
        self.process_errors.append(message)
        self.wrong = parts
        return None

    def pre_validate(self, form: Any) -> None:
        """Ask for the day when it is needed."""
        if self.missing and self.data is None and not self.process_errors:
            raise ValidationError(self.missing)


class MomentField(DayField):
    """A day and a time of day in London. `data` is an aware instant, or None when nothing was typed."""

    parts: Sequence[str] = (*PARTS, "time")

    def show(self, value: datetime) -> None:
        """Put an instant into the boxes as London reads it."""
        local = value.astimezone(LONDON)
        super().show(local)
        self.boxes["time"] = f"{local:%H:%M}"

    def _read(self) -> None:
        day = self.day_of("")
        if self.process_errors:
            return
        if day is None:
            if self.boxes["time"]:
                self._refused("Enter the day as well as the time.", PARTS)
            return
        at = time_of(self.boxes["time"])
        if at is None:
            self._refused("Enter the time like 15:40.", ("time",))
            return
        self.data = datetime.combine(day, at, tzinfo=LONDON)


class PreciseDayField(DayField):
    """A day that may not be known exactly, with how exact it is and the last day of a range.

    `data` is the first or only day (None: not known), `to_on` the last, `precision` exact, approximate, range, unknown.
    """

    parts = (*PARTS, "to-day", "to-month", "to-year", "precision")
    precision = "unknown"
    to_on: date | None = None

    def _read(self) -> None:
        self.precision = self.boxes["precision"] or "exact"
        if self.precision not in ("exact", "approximate", "range", "unknown"):
            self._refused("Choose how exact the date is.", ("day",))
            return
        if self.precision == "unknown":
            return
        self.data = self.day_of("")
        if self.precision == "range":
            self.to_on = self.day_of("to-")
            if self.to_on is None and not self.process_errors:
                self._refused("Enter the last day, or choose another way to say how exact it is.", ("to-day",))
        if self.data is None:
            self.precision = "unknown"


def time_of(text: str) -> time | None:
    """Read a time as people write it: 15:40, 15.40, 1540 or 9:05. None when it is none."""
    digits = "".join(letter for letter in text if letter.isascii() and letter.isdigit())
    if len(digits) not in (3, 4) or any(letter not in "0123456789:. " for letter in text):
        return None
    hours, minutes = int(digits[:-2]), int(digits[-2:])
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _listed(parts: Sequence[str]) -> str:
    names = [part.removeprefix("to-") for part in parts]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def choices(codes: Mapping[Any, str], *, empty: str | None = None) -> list[Any]:
    """The choices of a code list, after an empty one where that may be chosen."""
    from_codes = [SelectChoice(str(code), words) for code, words in codes.items()]
    return [SelectChoice("", empty), *from_codes] if empty is not None else from_codes
