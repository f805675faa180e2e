"""Forms that say what they would change before it is saved: on a button, and while somebody types where scripts run."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request

from lado.act import Act
from lado.domain.rota_changes import New
from lado.queries import cover
from lado.services import rota_effects
from lado.web.fields import choices
from lado.web.gaps.ahead import warnings_of
from lado.web.guards import reading

TOO_LITTLE = "Some answers cannot be read yet. Fill in the form and check again."


def names_of(act: Act) -> dict[str, str]:
    """The people who own cases and cover for each other, by the value that a list sends for them."""
    return {str(person.id): person.name for person in cover.officers(act, act.who.authority or 0)}


def offer(act: Act, *fields: Any, empty: str = "Choose") -> None:
    """Put those people into lists."""
    for field in fields:
        field.choices = choices(names_of(act), empty=empty)


def effect_of(new: New | None, replaces: int = 0) -> tuple[str, ...]:
    """What this would change, in sentences; empty while too little is known to say.

    `replaces` is the absence in whose place a new one would stand.
    """
    act = reading()
    if new is None or not _people_in(new) <= {int(number) for number in names_of(act)}:
        return ()
    return rota_effects.what_changes(act, act.who.authority or 0, new, replaces).sentences


def page(template: str, form: Any, would_be: New | None, replaces: int = 0, **more: Any) -> str:
    """The form with what it would change beside it, where that was asked for or can be said."""
    checked = "check" in request.form
    effect = effect_of(would_be, replaces)
    said = effect or ((TOO_LITTLE,) if checked else ())
    warnings = [] if replaces else _warnings(would_be, effect)  # covering for somebody who is away makes no gap
    return render_template(template, form=form, effect=said, warnings=warnings, **more)


def piece(would_be: New | None) -> str:
    """What it would change, as a piece of a page."""
    effect = effect_of(would_be)
    return render_template("rota/_effect.html", effect=effect, warnings=_warnings(would_be, effect))


def _warnings(new: New | None, effect: Sequence[str]) -> list[str]:
    """The gaps that it would make, where what it changes can be said at all."""
    return warnings_of(reading(), new) if new is not None and effect else []


def _people_in(new: New) -> set[int]:
    if isinstance(new, tuple):
        return {day.person for day in new if day.person is not None}
    named = (new.person, getattr(new, "cover", None), getattr(new, "second", None), getattr(new, "by", None))
    return {person for person in named if person is not None}
