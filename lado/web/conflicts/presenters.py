"""Conflicts of interest in plain values: one's own declarations with their words, other people's without."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from markupsafe import Markup

from lado.domain.conflicts import KINDS
from lado.queries.conflicts import Declared, Declarer
from workflows.london import LONDON

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What a manager sees of the declarations of one person."""

    id: int
    name: str
    counted: str
    rows: list[Row]


def own_rows(found: Iterable[Declared]) -> list[Row]:
    """One's own declarations: what, since when, and the way to end each."""
    return [(_what(one), KINDS[one.kind], _day(one.declared_at), _end(one)) for one in found]


def people_rows(found: Iterable[Declarer]) -> list[Row]:
    """The people of the council and how many declarations of each stand."""
    return [(person.name, person.role.label, counted(person.declarations), _open(person)) for person in found]


def person_page(person: Declarer, found: Iterable[Declared]) -> PersonPage:
    """The declarations of somebody else: of which kind and since when, without a word of them."""
    rows: list[Row] = [(KINDS[one.kind], _day(one.declared_at), _end(one)) for one in found]
    return PersonPage(person.id, person.name, counted(person.declarations), rows)


def counted(number: int) -> str:
    """Has 1 declaration, has 3 declarations, or has none."""
    if not number:
        return "Has no declarations"
    return "Has 1 declaration" if number == 1 else f"Has {number} declarations"


def _what(one: Declared) -> str:
    born = f", born {_born(one.born_on)}" if one.born_on else ""
    return f"{one.name}{born}" or "A case that you named on its own page"


def _end(one: Declared) -> Markup:
    about = f" the declaration of {_day(one.declared_at)}"
    return _link(url_for("conflicts.end", conflict_id=one.id), "End", about)


def _open(person: Declarer) -> Markup:
    return _link(url_for("conflicts.person", account_id=person.id), "Add or end", f": {person.name}")


def _link(href: str, words: str, about: str) -> Markup:
    hidden = Markup('<span class="govuk-visually-hidden">{}</span>').format(about)
    return Markup('<a class="govuk-link" href="{}">{}{}</a>').format(href, words, hidden)


def _day(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"


def _born(day: str) -> str:
    born_on = date.fromisoformat(day)
    return f"{born_on.day} {born_on:%B %Y}"
