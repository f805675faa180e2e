"""Whether people were told the outcome, in plain values: each number with the way to its cases, and a small chart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from markupsafe import Markup

from lado.domain.codes import AUDIENCES
from lado.domain.feedback import ANSWERS, GROUPS, NEITHER, REFERRER, TOLD, WITH_REASON
from lado.domain.periods import LATEST, Period
from lado.queries.feedback import NONE, Figure, ToldCase
from lado.web.components import Fact, Place
from lado.web.due import counted
from lado.web.templating import day

LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
HIDDEN = Markup('{}<span class="govuk-visually-hidden"> {}</span>')
NO_TIME = "–"

WORDS: Mapping[str, str] = {
    TOLD: "Told the outcome",
    WITH_REASON: "Not told, with a reason why not",
    NEITHER: "Neither: not told the outcome, and no reason",
}
"""The groups of answers as the page says them."""

BUCKETS: tuple[tuple[str, int, int | None], ...] = (
    ("Same day", 0, 0),
    ("1", 1, 1),
    ("2", 2, 2),
    ("3 to 5", 3, 5),
    ("6 to 10", 6, 10),
    ("11 to 20", 11, 20),
    ("More than 20", 21, None),
)
"""Working days after the decision, as the chart puts them together."""

SOON = 5
"""Working days within which most should have heard (a default of this product, no published limit)."""

WIDTH, HEIGHT, TOP, FOOT, GAP = 640.0, 200.0, 24.0, 28.0, 0.25  # units of the drawing; the page scales it


class Bar(NamedTuple):
    """A bar of the chart: from the left and the top, how high, how many, and the days below it."""

    x: float
    y: float
    height: float
    cases: int
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """How long it took, as a drawing, in words and as rows of a table. Lengths are in units of the drawing."""

    bars: tuple[Bar, ...]
    bar: float
    words: str
    rows: tuple[tuple[Any, ...], ...]
    width: float = WIDTH
    height: float = HEIGHT


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """What the page says of telling people: of the referrer first, then of each audience."""

    period: Period
    periods: tuple[Place, ...]
    cases: int
    summary: str
    facts: tuple[Fact, ...]
    chart: Chart | None
    audiences: tuple[tuple[Any, ...], ...]


def feedback_view(figures: Mapping[str, Figure], period: Period, periods: Iterable[Period]) -> FeedbackView:
    """Say the figures of a period."""
    referrer = figures.get(REFERRER, NONE)
    return FeedbackView(
        period,
        tuple(Place(period_words(one), _page(one), one == period) for one in periods),
        referrer.cases,
        _summary(referrer, period),
        tuple(_facts(referrer, period)),
        _chart(referrer, period) if referrer.took else None,
        tuple(_audience(key, words, figures.get(key, NONE), period) for key, words in AUDIENCES.items()),
    )


def period_words(period: Period) -> str:
    """What a period is called where one chooses it."""
    return "Last 12 months" if period.key == LATEST else f"April {period.first_on.year} to March {period.last_on.year}"


def days_words(days: float | None) -> str:
    """How many working days after the decision."""
    if days is None:
        return NO_TIME
    if days == 0:
        return "the same day"
    whole = int(days)
    return counted(whole, "working day") if days == whole else f"{days:.1f} working days"


def list_title(audience: str, group: str, first: int | None, last: int | None) -> str:
    """What a list of cases is of."""
    what = WORDS.get(group, "All closed cases").removeprefix("Neither: ")
    took = ""
    if first is not None and last is not None:
        took = f", after {first}" if first == last else f", after {first} to {last}"
        took += " working days" if (first, last) != (1, 1) else " working day"
        took = ", on the same day" if (first, last) == (0, 0) else took
    elif first is not None:
        took = f", after {first} working days or more"
    return f"{AUDIENCES[audience]}: {what[:1].lower()}{what[1:]}{took}"


def case_rows(cases: Iterable[ToldCase]) -> list[tuple[Any, ...]]:
    """Cases behind a number: the case, when it was closed, what its record says, and how long it took."""
    return [
        (
            LINK.format(url_for("referrals.show", reference=one.reference), one.reference),
            day(one.closed_at),
            ANSWERS[one.answer],
            "On the same day" if one.took == 0 else days_words(one.took),
        )
        for one in cases
    ]


def _by(days: float | None) -> str:
    """On the same day, or within so many working days."""
    return "on the same day" if days == 0 else f"within {days_words(days)}"


def _page(period: Period) -> str:
    return url_for("manage.home", period=period.key) + "#told"


def _list(period: Period, audience: str, text: Any, about: str, **only: Any) -> Any:
    """A number as a link to its cases; 0 leads nowhere."""
    if not text:
        return "0"
    href = url_for("manage.cases", period=period.key, audience=audience, **only)
    return LINK.format(href, HIDDEN.format(text, about))


def _summary(figure: Figure, period: Period) -> str:
    if not figure.cases:
        return f"No case with an outcome was closed from {period.words}."
    told = figure.of(TOLD)
    share = f" ({100 * told // figure.cases}%)"
    return (
        f"{counted(figure.cases, 'case')} with an outcome {'was' if figure.cases == 1 else 'were'} closed from "
        f"{period.words}. The referrer was told the outcome in {told}{share}."
    )


def _facts(figure: Figure, period: Period) -> Iterable[Fact]:
    for group, words in WORDS.items():
        yield Fact(words, _list(period, REFERRER, figure.of(group), f"cases: {words}", answer=group))
    yield Fact("Half of them were told", _by(figure.median) if figure.took else NO_TIME)
    longest = days_words(figure.longest)
    if figure.longest is not None:
        only = {"answer": TOLD, "from": figure.longest, "to": figure.longest}
        longest = _list(period, REFERRER, longest, "the cases that took longest", **only)
    yield Fact("The longest that it took", longest)


def _audience(key: str, words: str, figure: Figure, period: Period) -> tuple[Any, ...]:
    numbers = [
        _list(period, key, figure.of(group), f"cases, {words}: {WORDS[group]}", answer=group) for group in GROUPS
    ]
    return words, *numbers, days_words(figure.median), days_words(figure.longest)


def _chart(figure: Figure, period: Period) -> Chart:
    counts = [figure.within(first, last) for _, first, last in BUCKETS]
    room, tall = WIDTH / len(BUCKETS), HEIGHT - TOP - FOOT
    bars, rows = [], []
    for number, ((label, first, last), cases) in enumerate(zip(BUCKETS, counts, strict=True)):
        height = round(cases / max(counts) * tall, 1)
        x = round((number + GAP / 2) * room, 1)
        bars.append(Bar(x, round(TOP + tall - height, 1), height, cases, label))
        only = {"answer": TOLD, "from": first, **({} if last is None else {"to": last})}
        rows.append((label, _list(period, REFERRER, cases, f"cases: {label}", **only)))
    soon = f"{figure.within(0, SOON)} heard within {SOON} working days of the decision"
    words = (
        f"Of {counted(sum(counts), 'referrer')} who were told, {soon}. "
        f"Half of them heard {_by(figure.median)}, the last one {_by(figure.longest)}."
    )
    return Chart(tuple(bars), round(room * (1 - GAP), 1), words, tuple(rows))
