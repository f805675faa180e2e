"""Who may follow a case, in plain values."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from lado.domain.access import STATES
from lado.queries.access import Access, Follower
from lado.web.templating import day

Row = tuple[Any, ...]

LINK = Markup('<a class="govuk-link" href="{}">End it<span class="govuk-visually-hidden"> for {}</span></a>')


def open_rows(found: Iterable[Access]) -> list[Row]:
    """Those who may follow the case now: who, since when and why, until when, and the way to end it."""
    return [(_who(one), _given(one), until(one), _end(one)) for one in found if one.is_open]


def closed_rows(found: Iterable[Access]) -> list[Row]:
    """Those who once could, or would if nothing stood between: who, since when and why, and what came of it."""
    return [
        (_who(one), _given(one), _what_became(one), "" if one.ended_at else _end(one))
        for one in found
        if not one.is_open
    ]


def choices_of(people: Iterable[Follower]) -> dict[str, str]:
    """The people to choose from, each with their organisation."""
    return {str(person.id): f"{person.name}, {person.agency}" for person in people}


def until(one: Access) -> str:
    """The last day of it in words."""
    if one.ends_at is None:
        return "Until it is ended"
    return f"To the end of {day(one.ends_at - timedelta(seconds=1))}"


def _who(one: Access) -> Markup:
    parts = [one.name, one.agency]
    if one.is_invited:
        parts.append("Has not signed in yet")
    if one.open_actions and not one.is_open:
        parts.append("Has an action here that they cannot come to: give it to somebody else")
    return Markup("<br>").join(parts)


def _given(one: Access) -> Markup:
    by = f" by {one.given_by}" if one.given_by else ""
    first = f"{day(one.granted_at)}{by}"
    return Markup("<br>").join([first, one.why] if one.why else [first])


def _what_became(one: Access) -> Markup:
    if one.ended_at is None:
        return escape(STATES[one.state])
    by = f" by {one.ended_by}" if one.ended_by else ""
    first = f"Ended on {day(one.ended_at)}{by}"
    return Markup("<br>").join([first, one.why_ended] if one.why_ended else [first])


def _end(one: Access) -> Markup:
    return LINK.format(url_for("access.end", reference=one.reference, grant_id=one.id), one.name)
