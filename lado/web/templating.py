"""Set up the pages' language: where templates are, which names may be missing, how days and times are said."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, Undefined
from jinja2.utils import Namespace, missing

from workflows.london import LONDON

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"

# Jinja itself asks for `caller` outside a call block; the design system's macros say `undefined` and `null`.
MAY_BE_MISSING = (None, "caller", "undefined", "null")

TAG_COLOURS = {"late": "red", "soon": "orange", "running": "blue", "paused": "purple", "met": "green", "quiet": "grey"}
LIGHT_INK, DARK_INK = "#ffffff", "#0b0c0c"
HEX_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class MissingName(Undefined):
    """Raise for a name or an attribute that nobody gave; only an optional key of a mapping may be absent.

    The design system's macros read many optional keys of one dictionary, so a wholly strict setting would break them.
    """

    __slots__ = ()

    def _refuse(self) -> None:
        given = self._undefined_obj
        if isinstance(given, (Mapping, Namespace)) or (given is missing and self._undefined_name in MAY_BE_MISSING):
            return
        self._fail_with_undefined_error()

    def __str__(self) -> str:
        self._refuse()
        return super().__str__()

    def __len__(self) -> int:
        self._refuse()
        return super().__len__()

    def __iter__(self) -> Any:
        self._refuse()
        return super().__iter__()

    def __bool__(self) -> bool:
        self._refuse()
        return super().__bool__()

    def __eq__(self, other: Any) -> bool:
        self._refuse()
        return super().__eq__(other)

    def __ne__(self, other: Any) -> bool:
        return not self == other

    __hash__ = Undefined.__hash__


def in_london(when: date) -> date:
    """An aware instant as London reads it; a day is returned as it is. A naive instant is refused with ValueError."""
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None:
        raise ValueError(f"{when!r} does not say which time zone it is in")
    return when.astimezone(LONDON)


def day(when: date) -> str:
    """Thursday 26 November 2026."""
    local = in_london(when)
    return f"{local:%A} {local.day} {local:%B %Y}"


def day_short(when: date) -> str:
    """26 Nov 2026."""
    local = in_london(when)
    return f"{local.day} {local:%b %Y}"


def time(when: datetime) -> str:
    """15:40, as a clock in London shows it."""
    return f"{in_london(when):%H:%M}"


def moment(when: datetime) -> str:
    """Thursday 26 November at 15:40."""
    local = in_london(when)
    return f"{local:%A} {local.day} {local:%B} at {local:%H:%M}"


def moment_full(when: datetime) -> str:
    """Thursday 26 November 2026 at 15:40, where the year may be in doubt."""
    return f"{day(when)} at {time(when)}"


def machine(when: date) -> str:
    """The value of a `datetime` attribute: an ISO day, or an ISO instant in UTC."""
    return when.astimezone(UTC).isoformat(timespec="seconds") if isinstance(when, datetime) else when.isoformat()


def tag_class(tone: str) -> str:
    """The classes of a status tag; a tone that does not exist raises KeyError."""
    return f"govuk-tag govuk-tag--{TAG_COLOURS[tone]}"


def css_colour(colour: str) -> str:
    """A council's colour, safe to print into a style; anything but #rrggbb is refused with ValueError."""
    if not HEX_COLOUR.fullmatch(colour):
        raise ValueError(f"{colour!r} is not a colour written as #rrggbb")
    return colour.lower()


def ink_on(colour: str) -> str:
    """White or near black, whichever is easier to read on the colour (WCAG 2.2, contrast ratio)."""
    light = _luminance(css_colour(colour))
    on_white, on_dark = 1.05 / (light + 0.05), (light + 0.05) / (_luminance(DARK_INK) + 0.05)
    return LIGHT_INK if on_white >= on_dark else DARK_INK


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


FILTERS = (day, day_short, time, moment, moment_full, machine, tag_class, css_colour, ink_on)


def install(app: Flask) -> None:
    """Give the application its templates, the design system's macros under their own prefix, and the filters."""
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(TEMPLATES),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.undefined = MissingName
    app.jinja_env.filters.update({rule.__name__: rule for rule in FILTERS})
