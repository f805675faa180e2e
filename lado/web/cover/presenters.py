"""The cover page as values: who is there now, the days on which nobody covers, a month with people as rows."""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import url_for
from markupsafe import Markup

from lado.domain import said
from lado.domain.cover import KINDS, Rota, Stretch, on_cover, stretches
from lado.queries.accounts import Person
from lado.queries.cover import Gap
from lado.queries.month import Booked, Falling
from lado.web.components import CalendarDay, CalendarPerson, DayCell, DayKind, MonthView
from lado.web.who_has import cover_words, name_of
from workflows.calendar import Calendar
from workflows.london import LONDON, london_day

ONE_DAY = timedelta(days=1)
KIND_OF_CELL: Mapping[str, DayKind] = {"leave": "leave", "sickness": "sick", "training": "leave", "vacancy": "leave"}
WORDS = {
    "leave": ("Leave", "Off"),
    "sickness": ("Sick", "Sick"),
    "training": ("Training", "Trg"),
    "vacancy": ("Vacant", "Vac"),
}
"""What a cell says of each kind of absence, and what it says where it is one day wide."""


@dataclass(frozen=True)
class Month:
    """The month that is shown, its edges in London, and its neighbours."""

    year: int
    number: int

    @classmethod
    def read(cls, text: str, today: date) -> "Month":
        """Read `2026-03`; anything else is the present month."""
        year, _, number = text.partition("-")
        is_month = len(year) == 4 and year.isascii() and year.isdigit() and number.isascii() and number.isdigit()
        if is_month and len(number) <= 2 and 1 <= int(number) <= 12 and abs(int(year) - today.year) <= 10:
            return cls(int(year), int(number))
        return cls(today.year, today.month)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the month."""
        return tuple(date(self.year, self.number, day + 1) for day in range(monthrange(self.year, self.number)[1]))

    @property
    def from_at(self) -> datetime:
        """Its first moment."""
        return begin(self.days[0])

    @property
    def until_at(self) -> datetime:
        """The first moment after it."""
        return begin(self.days[-1] + ONE_DAY)

    @property
    def href(self) -> str:
        """Where it is shown."""
        return url_for("cover.home", month=f"{self.year}-{self.number:02}")

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def after(self) -> "Month":
        """The month after."""
        return Month(self.year + (self.number == 12), self.number % 12 + 1)


@dataclass(frozen=True)
class Board:
    """What the month is made of: people in order, the rota, the calendar, what falls due, and the present instant."""

    people: Sequence[Person]
    rota: Rota
    calendar: Calendar
    due: Sequence[Falling]
    at: datetime
    may_change: bool


def begin(day: date) -> datetime:
    """The first moment of a day in London."""
    return datetime.combine(day, time.min, tzinfo=LONDON)


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
            name_of(absence.cover_id, names) if absence.cover_id else "Nobody is named",
        ]
        if may_change:
            href = url_for("cover.change", absence_id=absence.id)
            hidden = Markup('<span class="govuk-visually-hidden"> {}, {}</span>').format(row[0], row[2])
            row.append(Markup('<a class="govuk-link" href="{}">Change{}</a>').format(href, hidden))
        rows.append(tuple(row))
    return rows


def month_view(month: Month, board: Board) -> MonthView:
    """The month: a row for each person, a cell for each day, closed days named, and what falls due on each."""
    over = {person.id: stretches(person.id, month.from_at, month.until_at, board.rota) for person in board.people}
    names = {person.id: person.name for person in board.people}
    today = london_day(board.at)
    due: dict[date, list[str]] = {}
    for falling in board.due:
        due.setdefault(london_day(falling.due_at), []).append(falling.reference)
    days = tuple(
        CalendarDay(day, board.calendar.why_closed(day, provisional=True) or "", tuple(due.get(day, ())), day == today)
        for day in month.days
    )
    rows = tuple(
        CalendarPerson(person.name, tuple(_cell(person.id, day, over, names, board) for day in month.days))
        for person in board.people
    )
    caption = f"{month.days[0]:%B} {month.year}"
    return MonthView(caption, days, rows, month.before.href, month.after.href)


def _cell(
    person: int, day: date, over: Mapping[int, Sequence[Stretch]], names: Mapping[int, str], board: Board
) -> DayCell:
    """What one person does on one day: nobody there for them, away, covering somebody, or nothing out of the usual."""
    is_closed = board.calendar.why_closed(day, provisional=True) is not None
    own = [stretch for stretch in over[person] if _is_on(stretch, day)]
    if not is_closed and any(stretch.cover.is_nobody for stretch in own):
        return DayCell("gap", "Nobody covers", _href(person, day, board), "Gap")
    away = next((stretch for stretch in own if len(stretch.cover.chain) > 1 or stretch.cover.is_nobody), None)
    if away is not None:
        absence = board.rota.away(person, max(away.from_at, begin(day)))
        kind = absence.kind if absence else "vacancy"
        text, short = WORDS.get(kind, ("Away", "Off"))
        return DayCell(KIND_OF_CELL.get(kind, "leave"), text, _href(person, day, board), short)
    covered = [
        initials_of(names[other])
        for other, found in over.items()
        if other != person and any(stretch.cover.person == person for stretch in found if _is_on(stretch, day))
    ]
    if covered and not is_closed:
        return DayCell("cover", f"Covers {' '.join(covered)}", short=" ".join(covered))
    return DayCell("closed" if is_closed else "in", "")


def initials_of(name: str) -> str:
    """OO for Olive Officer."""
    return "".join(word[0].upper() for word in name.split()[:3])


def _href(person: int, day: date, board: Board) -> str:
    if not board.may_change:
        return ""
    for absence in board.rota.absences:
        if absence.person == person and absence.from_at < begin(day + ONE_DAY) and absence.until_at > begin(day):
            return url_for("cover.change", absence_id=absence.id) if absence.until_at > board.at else ""
    return ""


def _is_on(stretch: Stretch, day: date) -> bool:
    return stretch.from_at < begin(day + ONE_DAY) and stretch.until_at > begin(day)


def _touches_work(stretch: Stretch, calendar: Calendar) -> bool:
    day = london_day(stretch.from_at)
    while begin(day) < stretch.until_at:
        if calendar.is_working(day, provisional=True):
            return True
        day += ONE_DAY
    return False
