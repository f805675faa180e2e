"""The home page in plain values: groups in order of urgency, filters with their counts, and whom one covers."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from lado.domain.codes import DATES
from lado.domain.cover import on_cover
from lado.domain.escalation import rung_in_words
from lado.domain.urgency import bounds
from lado.queries import queue
from lado.queries.corrections import WaitingCorrection
from lado.queries.home import Home, Show
from lado.queries.queue import After
from lado.security.identity import Identity
from lado.web.case_rows import Rows
from lado.web.components import Place, QueueRow
from lado.web.due import counted, point
from lado.web.who_has import name_of, until_at

GROUPS = {
    "lapsed": "Lapsed",
    "today": "Due today",
    "soon": "Next five working days",
    "later": "Later",
}

SHOWS = {
    Show.FOR_ME: "For me",
    Show.MINE: "My own",
    Show.COVERED: "I cover",
    Show.EVERYONE: "Everyone’s",
}

EMPTY = {
    Show.FOR_ME: "Your cases and those that you cover appear here, the most urgent first.",
    Show.MINE: "Cases that you are the accountable officer of appear here.",
    Show.COVERED: "While a colleague is away and you cover for them, their cases appear here.",
    Show.EVERYONE: "All open cases of the council appear here.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Some rows under one heading, which says how many there are."""

    key: str
    caption: str
    rows: tuple[QueueRow, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """Someone whom the person covers, until when, and how many cases that is."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the template of the home page shows."""

    filters: tuple[Place, ...]
    covered: tuple[Covered, ...]
    waiting: Group | None
    corrections: Group | None
    messages: str
    is_escalated: bool
    groups: tuple[Group, ...]
    empty: str
    is_first: bool
    next_href: str

    @property
    def urgent(self) -> tuple[Group, ...]:
        """What comes before the things that wait for an answer: lapsed, and due today."""
        return tuple(group for group in self.groups if group.key in ("lapsed", "today"))

    @property
    def following(self) -> tuple[Group, ...]:
        """What comes after them."""
        return tuple(group for group in self.groups if group.key not in ("lapsed", "today"))


def home_page(home: Home, at: datetime, who: Identity, after: After | None) -> HomePage:
    """Say the home page of this person at this instant."""
    rows = Rows(at, home.calendar, home.rota, home.names, who.id)
    following = home.page.following
    return HomePage(
        tuple(_filter(home, show) for show in Show),
        tuple(_covered(home, person, cases, at) for person, cases in home.covered.items()),
        _waiting(home, rows),
        _corrections(home, rows),
        messages_words(home.messages) if after is None else "",
        any(item.rung for item in home.waiting),
        _groups(home, rows, at),
        EMPTY[home.show],
        after is None,
        url_for("queue.home", show=home.show.value, after=cursor(following)) if following else "",
    )


def cursor(after: After) -> str:
    """Where the next page begins, for its address: an instant and a number, nothing of a person."""
    return f"{after.due_at.isoformat()}~{after.id}"


def read_cursor(text: str) -> After | None:
    """Read a cursor back; anything else begins at the beginning."""
    due, _, number = text.replace(" ", "+").partition("~")
    try:
        due_at = datetime.fromisoformat(due)
    except ValueError:
        return None
    is_sound = due_at.tzinfo is not None and number.isascii() and number.isdigit() and len(number) < 16
    return After(due_at, int(number)) if is_sound else None


def bounded(count: int) -> str:
    """The count in words, as far as it was counted."""
    return f"more than {queue.MOST}" if count > queue.MOST else str(count)


def messages_words(count: int) -> str:
    """How many messages from partners wait for an answer; nothing where none does."""
    if not count:
        return ""
    return "1 message from a partner waits" if count == 1 else f"{bounded(count)} messages from partners wait"


def _filter(home: Home, show: Show) -> Place:
    count = home.shows[show]
    is_many = count > queue.MOST
    text = f"{SHOWS[show]} ({bounded(count)})" if is_many else SHOWS[show]
    href = url_for("queue.home", show=show.value)
    return Place(text, href, show is home.show, None if is_many else count)


def _groups(home: Home, rows: Rows, at: datetime) -> tuple[Group, ...]:
    edges = bounds(at, home.calendar)
    found: dict[str, list[QueueRow]] = {}
    for case in home.page.rows:
        if case.next_due_at is not None:
            found.setdefault(edges.group(case.next_due_at), []).append(rows.row(case))
    return tuple(
        Group(key, _caption(words, home.groups[key], len(found[key])), tuple(found[key]))
        for key, words in GROUPS.items()
        if key in found
    )


def _caption(words: str, count: int, shown: int) -> str:
    if count == shown:
        return f"{words}: {counted(count, 'case')}"
    return f"{words}: {bounded(count)} cases, {shown} of them on this page"


def _waiting(home: Home, rows: Rows) -> Group | None:
    if not home.waiting:
        return None
    shown = tuple(
        rows.waiting(
            item.case,
            item.clock,
            item.due_at,
            owner=f"Escalated to you: {rung_in_words(item.rung)}" if item.rung else "An action that you hold",
        )
        for item in home.waiting
    )
    return Group("waiting", f"Waiting for my answer: {len(shown)}", shown)


def _corrections(home: Home, rows: Rows) -> Group | None:
    """What waits for a second person, each row leading to the page where it is decided."""
    if not home.corrections:
        return None
    shown = tuple(
        rows.correction(item.case, DATES.get(item.name, "A date"), item.asked_at, _href(item))
        for item in home.corrections[: queue.MOST]
    )
    count = bounded(len(home.corrections))
    more = f", {len(shown)} of them here" if len(home.corrections) > len(shown) else ""
    return Group("corrections", f"Corrections waiting for my answer: {count}{more}", shown)


def _href(item: WaitingCorrection) -> str:
    return url_for("corrections.decide", reference=item.case.reference, number=item.number)


def _covered(home: Home, person: int, cases: int, at: datetime) -> Covered:
    until = until_at(on_cover(person, at, home.rota), at, home.rota)
    ending = f"until {point(until, at)}" if until else "until somebody else is named"
    words = f"You cover for {name_of(person, home.names)} {ending}: "
    words += f"{bounded(cases)} open {'case' if cases == 1 else 'cases'}"
    return Covered(words, url_for("queue.home", show=Show.COVERED.value))
