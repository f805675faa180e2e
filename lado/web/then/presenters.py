"""The queue as it was known at a past moment, in plain values."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup

from lado.queries.standings import MOST_LATE, Late, Tally
from lado.queries.then import QueueThen, RowThen
from lado.web.case_rows import Rows
from lado.web.components import Place
from lado.web.due import counted
from lado.web.queue.presenters import cursor
from lado.web.templating import tag_class
from lado.web.then.differences import differences
from lado.web.then.moments import Moment, in_words, iso, moment
from lado.web.who_has import name_of
from workflows.london import LONDON
from workflows.registry import PROCEDURES

UNKNOWABLE = (
    "Names of people and settings, and the bank holidays that days left are counted with, are today’s.",
    "Leave that was changed since is shown with its later dates, and standing deputies are today’s. "
    "Leave that was booked or cancelled after this moment is left out.",
)
"""What this page cannot know, said plainly."""

CASE = Markup('<a class="govuk-link queue__reference" href="{}">{}</a> <span class="queue__about">{}</span>')
NEXT = Markup('<span class="queue__next">{}</span> <span class="queue__due">{} <strong class="{}">{}</strong></span>')
WHO = Markup('{} <span class="queue__cover">{}</span>')
LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QueueThenPage:
    """Everything on the page; `rows`, `states`, `owners` and `late` are rows of tables."""

    moment: Moment
    steps: tuple[Place, ...]
    twin_href: str
    total: str
    filters: tuple[Place, ...]
    shown: str
    rows: tuple[tuple[Any, ...], ...]
    states: tuple[tuple[Any, ...], ...]
    owners: tuple[tuple[Any, ...], ...]
    late: tuple[tuple[Any, ...], ...]
    late_caption: str
    next_href: str
    unknowable: tuple[str, ...] = UNKNOWABLE


def queue_then_page(found: QueueThen, now: datetime) -> QueueThenPage:
    """Say the queue at the moment."""
    said = moment(found.at)
    total, lapsed = _sum(found.tallies), _sum(tally for tally in found.tallies if tally.lapsed)
    return QueueThenPage(
        said,
        tuple(_steps(found.at, now)),
        _href(said.twin) if said.twin and said.twin <= now else "",
        f"{counted(total, 'case')} {'was' if total == 1 else 'were'} open. "
        f"The next clock of {lapsed or 'none'} of them had lapsed.",
        tuple(_filters(found, total, lapsed)),
        _shown(found),
        tuple(_row(found, row) for row in found.rows),
        tuple(_states(found)),
        tuple(_owners(found)),
        tuple(_late(one, found.at) for one in found.late[:MOST_LATE]),
        _late_caption(found.late),
        _href(found.at, **_chosen(found), after=cursor(found.following)) if found.following else "",
    )


def _href(at: datetime, **more: Any) -> str:
    return url_for("then.queue", at=iso(at), **more)


def _case_href(reference: str, at: datetime) -> str:
    return url_for("then.case", reference=reference, at=iso(at))


def _sum(tallies: Iterable[Tally]) -> int:
    return sum(tally.cases for tally in tallies)


def _steps(at: datetime, now: datetime) -> Iterator[Place]:
    """The same time by London's clocks a day and a week before and after."""
    for text, days in (("A week earlier", -7), ("A day earlier", -1), ("A day later", 1), ("A week later", 7)):
        other = at.astimezone(LONDON) + days * ONE_DAY
        if other <= now:
            yield Place(text, _href(other))


def _chosen(found: QueueThen) -> dict[str, Any]:
    only = found.only
    chosen: dict[str, Any] = {"state": only.state, "owner": only.owner, "lapsed": "yes" if only.lapsed else None}
    return {name: value for name, value in chosen.items() if value is not None}


def _filters(found: QueueThen, total: int, lapsed: int) -> Iterator[Place]:
    yield Place("All open cases", _href(found.at), not _chosen(found), total)
    yield Place("Lapsed", _href(found.at, lapsed="yes"), _chosen(found) == {"lapsed": "yes"}, lapsed)
    if found.only.state is not None or found.only.owner is not None:
        cases = _sum(tally for tally in found.tallies if _is_chosen(found, tally))
        yield Place(_shown(found), _href(found.at, **_chosen(found)), True, cases)


def _is_chosen(found: QueueThen, tally: Tally) -> bool:
    only = found.only
    return (
        only.state in (None, tally.state)
        and only.owner in (None, tally.owner_id)
        and (only.lapsed is None or only.lapsed == tally.lapsed)
    )


def _shown(found: QueueThen) -> str:
    parts = ["Lapsed cases" if found.only.lapsed else "Open cases"]
    if found.only.state is not None:
        parts.append(f"in the state “{_labels(found.tallies).get(found.only.state, found.only.state)}”")
    if found.only.owner is not None:
        parts.append(f"of {name_of(found.only.owner, found.names)}")
    return " ".join(parts)


def _labels(tallies: Iterable[Tally]) -> dict[str, str]:
    return {
        tally.state: PROCEDURES[tally.procedure, tally.procedure_version].state_by_key[tally.state].label
        for tally in tallies
    }


def _states(found: QueueThen) -> Iterator[tuple[Any, ...]]:
    labels = _labels(found.tallies)
    every, lapsed = _by(found.tallies, "state")
    for state in sorted(every, key=lambda state: (-every[state], labels[state])):
        yield LINK.format(_href(found.at, state=state), labels[state]), every[state], lapsed[state]


def _owners(found: QueueThen) -> Iterator[tuple[Any, ...]]:
    every, lapsed = _by(found.tallies, "owner_id")
    for owner in sorted(every, key=lambda owner: (-every[owner], name_of(owner, found.names))):
        name = LINK.format(_href(found.at, owner=owner), name_of(owner, found.names))
        yield name, every[owner], lapsed[owner]


def _by(tallies: Iterable[Tally], name: str) -> tuple[Mapping[Any, int], Mapping[Any, int]]:
    every: Counter[Any] = Counter()
    lapsed: Counter[Any] = Counter()
    for tally in tallies:
        every[getattr(tally, name)] += tally.cases
        lapsed[getattr(tally, name)] += tally.cases if tally.lapsed else 0
    return every, lapsed


def _row(found: QueueThen, row: RowThen) -> tuple[Any, ...]:
    shown = Rows(found.at, found.calendar, found.rota, found.names, None).row(row.stood)
    now = differences(row.case, row.held, found.at, found.names)
    return (
        CASE.format(_case_href(shown.reference, found.at), shown.reference, f"{shown.initials}, {shown.setting}"),
        shown.state,
        NEXT.format(shown.next_thing, shown.due_text, tag_class(shown.tone), shown.status),
        WHO.format(shown.owner, shown.cover) if shown.cover else shown.owner,
        Markup("<br>").join(f"{each.what}: {each.brief}" for each in now) or "The same",
    )


def _late(one: Late, at: datetime) -> tuple[Any, ...]:
    link = LINK.format(_case_href(one.reference, at), one.reference)
    return link, in_words(one.received_at), in_words(one.recorded_at)


def _late_caption(late: list[Late]) -> str:
    if len(late) > MOST_LATE:
        return f"Received by then and recorded later: the first {MOST_LATE}"
    return f"Received by then and recorded later: {counted(len(late), 'case')}"
