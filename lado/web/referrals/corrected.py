"""Dates as they hold now, each said to be corrected where it was, with what was first recorded beside it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from lado.domain.codes import DATES
from lado.queries.case_file import CaseFile, Made
from lado.queries.telling import Telling
from lado.web.referrals.words import code, label
from lado.web.templating import day, day_short, moment_full
from workflows.events import MeetingHeld

CORRECTED = " (corrected)"


def shown(value: datetime | date, was: datetime | date, say: Callable[[Any], str]) -> str:
    """The date, and when it was corrected what was recorded first."""
    return say(value) if value == was else f"{say(value)} (corrected; first recorded as {say(was)})"


def at_intake(file: CaseFile, name: str) -> tuple[Any, Any]:
    """A date of the referral itself as it holds now, and as it was first recorded."""
    was = getattr(file.opened, name)
    return file.case.corrected.get((1, name), was), was


def when_held(file: CaseFile) -> dict[int, str]:
    """When each meeting or review was held, by its number."""
    return {
        entry.event.number: shown(_now(file, made, "held_at", entry.event.held_at), entry.event.held_at, moment_full)
        for made in file.made
        for entry in made.entries
        if isinstance(entry.event, MeetingHeld)
    }


def told_in_words(telling: Telling) -> str:
    """Whether an audience was told, and on which day where one was given."""
    if telling.decision != "told":
        return code("decision", telling.decision)
    if telling.told_on is None or telling.first_on is None:
        return "Told"
    return f"Told on {shown(telling.told_on, telling.first_on, day_short)}"


def corrected_lines(file: CaseFile, made: Made) -> list[str]:
    """What was corrected of the dates of one move, for its item on the record."""
    return [
        f"Corrected since: {DATES.get(name) or label(name)} {_in_words(value)}"
        for (entry, name), value in file.case.corrected.items()
        if entry == made.head.number
    ]


def _now(file: CaseFile, made: Made, name: str, was: Any) -> Any:
    return file.case.corrected.get((made.head.number, name), was)


def _in_words(value: datetime | date) -> str:
    return moment_full(value) if isinstance(value, datetime) else day(value)
