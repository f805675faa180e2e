"""The date-quality list in plain values: one section a signal, its meaning first, then what it was found on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from lado.clock import london_day
from lado.domain import quality
from lado.domain.quality import SIGNALS
from lado.queries.quality import Recent
from lado.web.referrals.words import ROLES
from lado.web.templating import day, moment_full
from lado.web.who_has import name_of
from workflows.calendar import Calendar

SHOWN = 50
"""Rows of one signal that are shown."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal: what it is, what it may mean, and where it was found; `more` counts what is not shown."""

    key: str
    name: str
    meaning: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Markup, ...], ...]
    more: int

    @property
    def count(self) -> int:
        """How often it was found."""
        return len(self.rows) + self.more


def signals(found: Recent, calendar: Calendar, names: Mapping[int, str], at: datetime) -> list[Signal]:
    """Every signal, those that were found first."""
    case_and_when = ("Case", "When", "Why the day is closed")
    every = [
        _signal("closed", case_and_when, map(_closed, quality.received_on_closed_day(found.logged, calendar))),
        _signal("late", ("Case", "Received", "Recorded"), map(_late, quality.logged_late(found.logged))),
        _signal(
            "burst",
            ("Who entered them", "When", "How many", "Cases"),
            (_burst(one, names) for one in quality.bursts(found.happened)),
        ),
        _signal(
            "inside",
            ("Officer", "Clocks met in time", "In the last tenth"),
            (_inside(one, names) for one in quality.just_inside(found.met)),
        ),
        _signal(
            "birth",
            ("Case", "Of whom", "Why"),
            map(_birth, quality.doubtful_births(found.born, london_day(at))),
        ),
        _signal("meeting", case_and_when, map(_closed, quality.met_on_closed_day(found.meetings, calendar))),
    ]
    return sorted(every, key=lambda one: not one.rows)


def people_in(found: Recent) -> set[int]:
    """Everybody whom a signal may name."""
    owners = {one.owner_id for one in found.met}
    return owners | {one.actor_id for one in found.happened if one.actor_id is not None}


def _signal(key: str, columns: tuple[str, ...], rows: Iterable[tuple[str | Markup, ...]]) -> Signal:
    name, meaning = SIGNALS[key]
    every = tuple(rows)
    return Signal(key, name, meaning, columns, every[:SHOWN], max(0, len(every) - SHOWN))


def _case(reference: str) -> Markup:
    href = url_for("referrals.show", reference=reference)
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(href, reference)


def _closed(one: quality.OnClosedDay) -> tuple[str | Markup, ...]:
    return _case(one.reference), moment_full(one.at), one.closed


def _late(one: quality.LoggedLate) -> tuple[str | Markup, ...]:
    return _case(one.reference), moment_full(one.received_at), moment_full(one.recorded_at)


def _burst(one: quality.Burst, names: Mapping[int, str]) -> tuple[str | Markup, ...]:
    cases = Markup(", ").join(_case(reference) for reference in one.references)
    when = f"{moment_full(one.first_at)} to {moment_full(one.last_at)}"
    return name_of(one.actor_id, names), when, f"{one.entries} entries", cases


def _inside(one: quality.JustInside, names: Mapping[int, str]) -> tuple[str | Markup, ...]:
    return name_of(one.owner_id, names), str(one.met), str(one.just_inside)


def _birth(one: quality.DoubtfulBirth) -> tuple[str | Markup, ...]:
    return _case(one.reference), ROLES.get(one.role, one.role.capitalize()), f"It {one.doubt}"


def window_words(at: datetime) -> str:
    """Since when the list looks back."""
    return day(london_day(at - quality.WINDOW))
