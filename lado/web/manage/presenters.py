"""What drifts, in plain values: each number with the page that opens its cases."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from lado.queries.demand import Demand
from lado.queries.digest import Counts
from lado.queries.standings import Tally
from lado.web.components import Fact
from lado.web.demand.chart import status_of
from lado.web.due import counted
from lado.web.referrals.events import holder_words
from lado.web.then.moments import iso
from workflows.registry import PROCEDURES

LINK = Markup('<a class="govuk-link" href="{}">{}</a>')

DEMAND: Mapping[str, str] = {
    "Above the limit": "above the limit",
    "Within it": "within the limit",
    "No limit": "of which nothing is expected yet",
}
"""How the week stands, at the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the page links to besides the cases: gaps in the cover ahead, demand, and dates worth a second look.

    `asks` is whether this person asks about looks that are unusual.
    """

    gaps: int
    score: int
    demand: Demand
    signals: int
    asks: bool


def late_facts(counts: Counts, at: datetime) -> list[Fact]:
    """Late and about to be: open cases, and what nobody has answered."""
    return [
        Fact("Lapsed", _linked(counts.lapsed, "case", url_for("then.queue", at=iso(at), lapsed="yes"))),
        Fact("Due today", _linked(counts.today, "case", url_for("queue.home", show="everyone"))),
        Fact(
            "Lapsed and answered by nobody",
            _linked(counts.unanswered, "clock", url_for("escalations.home", show="all")),
        ),
    ]


def ball_rows(tallies: Iterable[Tally], at: datetime) -> list[tuple[Any, ...]]:
    """Who holds the ball: open cases by whom they wait for and in which state, and how many of them have lapsed."""
    every, lapsed = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for tally in tallies:
        state = PROCEDURES[tally.procedure, tally.procedure_version].state_by_key[tally.state]
        place = holder_words(state.holder), state.label, tally.state
        every[place] += tally.cases
        lapsed[place] += tally.cases if tally.lapsed else 0
    holders = Counter[str]()
    for (holder, _, _), cases in every.items():
        holders[holder] += cases
    ordered = sorted(every, key=lambda place: (-holders[place[0]], place[0], -every[place], place[1]))
    return [
        (
            f"{holder[:1].upper()}{holder[1:]}: {label}",
            LINK.format(url_for("then.queue", at=iso(at), state=key), every[holder, label, key]),
            _late(lapsed[holder, label, key], key, at),
        )
        for holder, label, key in ordered
    ]


def around_facts(around: Around) -> list[Fact]:
    """Cover, demand and dates in a sentence each, with the way to the whole page."""
    return list(_around(around))


def _around(around: Around) -> Iterator[Fact]:
    gaps = counted(around.gaps, "gap") if around.gaps else "No gap"
    cover = f"{gaps} in the coming 12 weeks. Two officers or more are there in {around.score}% of office hours"
    yield Fact("Cover", LINK.format(url_for("gaps.show"), cover))
    present, level = around.demand.present, around.demand.level
    standing = DEMAND[status_of(present, level)]
    arrivals = f"{counted(present.arrivals, 'referral')} this week, {standing}"
    yield Fact("Demand", LINK.format(url_for("demand.show"), arrivals))
    signals = counted(around.signals, "signal") if around.signals else "Nothing stands out"
    yield Fact("Dates worth a second look", LINK.format(url_for("quality.dates"), signals))
    if around.asks:
        yield Fact("Who looked", LINK.format(url_for("looks.home"), "What is unusual in the log of reads"))


def _linked(number: int, noun: str, href: str) -> str | Markup:
    return LINK.format(href, counted(number, noun)) if number else "None"


def _late(cases: int, state: str, at: datetime) -> str | Markup:
    return LINK.format(url_for("then.queue", at=iso(at), state=state, lapsed="yes"), cases) if cases else "0"
