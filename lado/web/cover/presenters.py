"""The lists of the cover page as values: who is there now, the days on which nobody covers, what is booked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from lado.domain import said
from lado.domain.cover import KINDS, Rota, Stretch, on_cover
from lado.queries.accounts import Person
from lado.queries.cover import Gap
from lado.queries.month import Booked
from lado.web.cover.spans import ONE_DAY, begin
from lado.web.who_has import cover_words, name_of
from workflows.calendar import Calendar
from workflows.london import london_day


def there_now(people: Iterable[Person], at: datetime, rota: Rota, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Each person and whether they are there now, or who is there for them."""
    rows = []
    for person in people:
        cover = on_cover(person.id, at, rota)
        is_there = len(cover.chain) == 1 and not cover.is_nobody
        rows.append((person.name, "Is there" if is_there else cover_words(cover, at, rota, names)))
    return rows


def gap_sentences(gaps: Iterable[Gap], names: Mapping[int, str], calendar: Calendar) -> list[str]:
    """The stretches with a working day in them on which nobody covers, in sentences."""
    return [
        f"Nobody is there for {name_of(gap.person, names)} {said.span(gap.stretch.from_at, gap.stretch.until_at)}: "
        f"{gap.stretch.cover.why}."
        for gap in gaps
        if _touches_work(gap.stretch, calendar)
    ]


def absence_rows(booked: Iterable[Booked], names: Mapping[int, str], *, may_change: bool) -> list[tuple[str, ...]]:
    """Absences as rows of a table, each with a way to change it for those who may."""
    rows = []
    for absence in booked:
        row = [
            name_of(absence.account_id, names),
            KINDS.get(absence.kind, absence.kind),
            said.span(absence.from_at, absence.until_at),
            _covers(absence, names, may_change=may_change),
        ]
        if may_change:
            href = url_for("cover.change", absence_id=absence.id)
            hidden = Markup('<span class="govuk-visually-hidden"> {}, {}</span>').format(row[0], row[2])
            row.append(Markup('<a class="govuk-link" href="{}">Change{}</a>').format(href, hidden))
        rows.append(tuple(row))
    return rows


def _covers(absence: Booked, names: Mapping[int, str], *, may_change: bool) -> str:
    """Who is named to cover, and a way to take it where nobody is."""
    named = [name_of(person, names) for person in (absence.cover_id, absence.second_id) if person]
    if named:
        return ", then ".join(named)
    if not may_change:
        return "Nobody is named"
    hidden = Markup('<span class="govuk-visually-hidden"> of {}</span>').format(name_of(absence.account_id, names))
    href = url_for("swapping.take_cover", absence_id=absence.id)
    return Markup('Nobody is named. <a class="govuk-link" href="{}">Take the cover{}</a>').format(href, hidden)


def _touches_work(stretch: Stretch, calendar: Calendar) -> bool:
    day = london_day(stretch.from_at)
    while begin(day) < stretch.until_at:
        if calendar.is_working(day, provisional=True):
            return True
        day += ONE_DAY
    return False
