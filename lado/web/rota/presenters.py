"""Duty and working hours as values: weekly tables, changes and swaps in sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from markupsafe import Markup

from lado.domain import said
from lado.domain.rota import ADD, PRIMARY, REMOVE, SECOND, Rota, Week
from lado.queries.accounts import Person
from lado.queries.swaps import Changed, Swap
from lado.web.rota.forms import WORKING_DAYS
from lado.web.who_has import name_of

RANKS = {str(PRIMARY): "First on duty", str(SECOND): "Second on duty"}
DUTY = {PRIMARY: "first on duty", SECOND: "second on duty"}


@dataclass(frozen=True)
class Row:
    """A change or a swap in a sentence, and what can be done about it."""

    id: int
    words: str
    href: str = ""


def holders(rota: Rota, rank: int, today: date) -> dict[int, int | None]:
    """Who has a rank on each weekday as the rules stand today."""
    held = [one for one in rota.duty_days if one.rank == rank and one.from_on <= today]
    return {one.weekday: one.person for one in sorted(held, key=lambda one: one.from_on)}


def weekly_rows(rota: Rota, today: date, names: Mapping[int, str]) -> list[tuple[str, ...]]:
    """Who has the duty on each weekday, and from when somebody else will."""
    return [
        (name, *(_holder(rota, rank, day, today, names) for rank in (PRIMARY, SECOND)))
        for day, name in enumerate(WORKING_DAYS)
    ]


def week_of(rota: Rota, person: int, today: date) -> Week | None:
    """The hours that somebody works as they stand today; None: all office hours."""
    held = [one for one in rota.patterns if one.person == person and one.from_on <= today]
    return sorted(held, key=lambda one: one.from_on)[-1].week if held else None


def hours_rows(rota: Rota, today: date, people: Iterable[Person], *, may_change: bool) -> list[tuple[str, ...]]:
    """The hours that each person works, what will change about them, and a way to change them."""
    rows = []
    for person in people:
        coming = [one for one in rota.patterns if one.person == person.id and one.from_on > today]
        words = [_week_words(week_of(rota, person.id, today))]
        words += [f"From {said.day(one.from_on)}: {_week_words(one.week)}" for one in coming]
        row = [person.name, ". ".join(words)]
        if may_change:
            href = url_for("duty.hours", account=person.id)
            hidden = Markup('<span class="govuk-visually-hidden"> the hours of {}</span>').format(person.name)
            row.append(Markup('<a class="govuk-link" href="{}">Change{}</a>').format(href, hidden))
        rows.append(tuple(row))
    return rows


def change_rows(changes: Iterable[Changed], names: Mapping[int, str]) -> list[Row]:
    """The changes that are still to come."""
    return [Row(one.id, change_words(one, names)) for one in changes]


def change_words(changed: Changed, names: Mapping[int, str]) -> str:
    """Carl is first on duty instead of Olive on Tuesday."""
    span, who = said.span(changed.from_at, changed.until_at), name_of(changed.account_id, names)
    if changed.kind == ADD:
        return f"{who} is {DUTY[changed.rank]} too {span}"
    if changed.kind == REMOVE:
        return f"{who} is not {DUTY[changed.rank]} {span}"
    return f"{name_of(changed.by_id, names)} is {DUTY[changed.rank]} instead of {who} {span}"


def swap_rows(open_swaps: Iterable[Swap], names: Mapping[int, str]) -> list[Row]:
    """The swaps that somebody could take."""
    return [Row(one.id, swap_words(one, names), url_for("swapping.take", swap_id=one.id)) for one in open_swaps]


def swap_words(swap: Swap, names: Mapping[int, str]) -> str:
    """Olive asks somebody to be first on duty on Tuesday."""
    who, span = name_of(swap.account_id, names), said.span(swap.from_at, swap.until_at)
    return f"{who} asks somebody to be {DUTY[swap.rank]} {span}"


def _holder(rota: Rota, rank: int, weekday: int, today: date, names: Mapping[int, str]) -> str:
    holder = holders(rota, rank, today).get(weekday)
    words = [name_of(holder, names) if holder else "Nobody"]
    for one in rota.duty_days:
        if (one.rank, one.weekday) == (rank, weekday) and one.from_on > today:
            words.append(f"from {said.day(one.from_on)} {name_of(one.person, names) if one.person else 'nobody'}")
    return "; ".join(words)


def _week_words(week: Week | None) -> str:
    if week is None:
        return "All office hours"
    days: Sequence[str] = [
        f"{name} {opening[0]:%H:%M} to {opening[1]:%H:%M}"
        for name, opening in zip(WORKING_DAYS, week, strict=False)
        if opening
    ]
    return ", ".join(days) or "No hours"
