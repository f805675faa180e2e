"""The rota as a calendar: people as rows, days or half days as columns, and a word in each cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from flask import url_for

from lado.domain.presence import AWAY, COVERS, DUTY, UNCOVERED, Presence
from lado.domain.rota import PATTERN, PRIMARY, SECOND, Rota
from lado.queries.accounts import Person
from lado.queries.month import Falling
from lado.web.components import CalendarDay, CalendarPerson, DayCell, DayKind, MonthView
from lado.web.cover.spans import ONE_DAY, Month, Week, begin
from lado.web.templating import time as clock_time
from workflows.calendar import Calendar
from workflows.london import london_day

AWAY_WORDS: Mapping[str, tuple[DayKind, str, str]] = {
    "leave": ("leave", "Leave", "Off"),
    "sickness": ("sick", "Sick", "Sick"),
    "training": ("leave", "Training", "Trg"),
    "vacancy": ("leave", "Vacant", "Vac"),
    PATTERN: ("off", "Does not work", "–"),
}
"""What a cell says of each kind of absence, and what it says where it is one day wide."""

GONE: tuple[DayKind, str, str] = ("leave", "Away", "Off")
DUTY_WORDS = {DUTY[PRIMARY]: ("On duty", "Duty"), DUTY[SECOND]: ("Second on duty", "2nd")}

Edges = tuple[datetime, datetime]


@dataclass(frozen=True)
class Board:
    """What a calendar is made of: people in order, what each of them does, the rota, what falls due, and now."""

    people: Sequence[Person]
    pieces: Sequence[Presence]
    rota: Rota
    calendar: Calendar
    due: Sequence[Falling]
    at: datetime
    names: Mapping[int, str]
    may_change: bool
    _by_person: dict[int, list[Presence]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for piece in self.pieces:
            self._by_person.setdefault(piece.person, []).append(piece)

    def of(self, person: int, edges: Edges) -> list[Presence]:
        """What the person does between two instants."""
        return [
            piece for piece in self._by_person.get(person, ()) if piece.from_at < edges[1] and piece.until_at > edges[0]
        ]

    def why_closed(self, day: date) -> str | None:
        """The weekend day, the holiday or the closure that the day is."""
        return self.calendar.why_closed(day, provisional=True)


def view_of(span: Month | Week, board: Board) -> MonthView:
    """The span as a calendar: a row for each person, closed days named, and what falls due on each day."""
    today = london_day(board.at)
    due: dict[date, list[str]] = {}
    for falling in board.due:
        due.setdefault(london_day(falling.due_at), []).append(falling.reference)
    days = tuple(
        CalendarDay(day, board.why_closed(day) or "", tuple(due.get(day, ())), day == today) for day in span.days
    )
    columns = [edges for day in span.days for edges in _columns(day, board, halves=span.halves)]
    rows = tuple(
        CalendarPerson(person.name, tuple(_cell(person.id, edges, board) for edges in columns))
        for person in board.people
    )
    return MonthView(span.caption, days, rows, span.before.href, span.after.href, span.halves)


def _columns(day: date, board: Board, *, halves: bool) -> list[Edges]:
    """The office hours of a day, in two halves where asked for; all of a day on which the office is closed."""
    hours = board.rota.hours_on(day)
    opens_at, closes_at = hours or (begin(day), begin(day + ONE_DAY))
    middle = opens_at + (closes_at - opens_at) / 2
    return list(pairwise((opens_at, middle, closes_at))) if halves else [(opens_at, closes_at)]


def _cell(person: int, edges: Edges, board: Board) -> DayCell:
    """What one person does in one column: nobody is there for them, away, on duty, covering, or nothing to say."""
    day = london_day(edges[0])
    is_closed = board.rota.hours_on(day) is None
    pieces = board.of(person, edges)
    away = [piece for piece in pieces if piece.what == AWAY]
    if not is_closed and any(piece.what == UNCOVERED for piece in pieces):
        gap = next(piece for piece in pieces if piece.what == UNCOVERED)
        return DayCell("gap", f"Nobody covers{_part(gap, edges)}", _href(person, edges, board), "Gap")
    said = [] if is_closed else _working(pieces, board)
    if away:
        kind, words, short = AWAY_WORDS.get(away[0].why, GONE)
        part = _part(away[0], edges)
        text = "; ".join([f"{words}{part}", *(word for word, _ in said)])
        return DayCell(kind, text, _href(person, edges, board), f"½ {short}" if part else short)
    if said:
        is_duty = any(piece.what in DUTY_WORDS for piece in pieces)
        text, short = "; ".join(word for word, _ in said), " ".join(short for _, short in said)
        return DayCell("duty" if is_duty else "cover", text, short=short)
    return DayCell("closed" if is_closed else "in", "")


def _working(pieces: Iterable[Presence], board: Board) -> list[tuple[str, str]]:
    """On duty, and whom the person covers: the words, and the same where the column is narrow."""
    duty = {DUTY_WORDS[piece.what]: None for piece in pieces if piece.what in DUTY_WORDS}
    said = [*duty]
    covered = {board.names.get(piece.other or 0, "?") for piece in pieces if piece.what == COVERS}
    if covered:
        initials = " ".join(initials_of(name) for name in sorted(covered))
        said.append((f"Covers {initials}", initials))
    return said


def _part(piece: Presence, edges: Edges) -> str:
    """Which part of the column it is, where it is not all of it."""
    begins = max(piece.from_at, edges[0])
    ends = min(piece.until_at, edges[1])
    if (begins, ends) == edges:
        return ""
    if ends == edges[1]:
        return f" from {clock_time(begins)}"
    return f" until {clock_time(ends)}" if begins == edges[0] else f" {clock_time(begins)} to {clock_time(ends)}"


def initials_of(name: str) -> str:
    """OO for Olive Officer."""
    return "".join(word[0].upper() for word in name.split()[:3])


def _href(person: int, edges: Edges, board: Board) -> str:
    """The form of the absence that is behind a cell, for those who may change it, while it is not over."""
    if not board.may_change:
        return ""
    for absence in board.rota.absences:
        if absence.person == person and absence.id and absence.from_at < edges[1] and absence.until_at > edges[0]:
            return url_for("cover.change", absence_id=absence.id) if absence.until_at > board.at else ""
    return ""
