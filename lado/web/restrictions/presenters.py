"""Restricted cases in plain values: the lists that somebody is on, and who asks to be let in."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from lado.queries.restrictions import Asked, Kept, LetIn
from lado.web.due import point
from lado.web.referrals.events import hours
from lado.web.templating import day

Row = tuple[object, ...]
ANSWER = Markup('<a class="govuk-link" href="{}">Answer<span class="govuk-visually-hidden"> for {}</span></a>')
LINK = Markup('<a class="govuk-link" href="{}">{}</a>')


def known_rows(found: Iterable[Kept], names: Mapping[int, str]) -> list[Row]:
    """Each restricted case that somebody may know of: which, how many are on its list, who keeps it, until when."""
    return [
        (
            LINK.format(url_for("referrals.show", reference=one.reference), one.reference),
            one.people,
            names.get(one.keeper_id, "Nobody"),
            f"Lapsed on {day(one.lapsed_at)}" if one.lapsed_at else f"Review by {day(one.review_by_at)}",
        )
        for one in found
    ]


def opened_rows(found: Iterable[LetIn], at: datetime) -> list[Row]:
    """Each restricted case that two people opened to somebody: which, until when, and why they asked."""
    return [
        (
            LINK.format(url_for("referrals.show", reference=one.reference), one.reference),
            point(one.until_at, at),
            one.why,
        )
        for one in found
    ]


def waiting_rows(found: Iterable[Asked], names: Mapping[int, str], at: datetime) -> list[Row]:
    """Each wish to be let in that can be answered: who, into which case, since when, for how long."""
    return [
        (
            names.get(one.asked_by_id, ""),
            one.reference,
            point(one.asked_at, at),
            hours(one.hours),
            ANSWER.format(url_for("restrictions.answer", glass_id=one.id), one.reference),
        )
        for one in found
    ]
