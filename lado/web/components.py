"""What the components in templates/components take: plain values, made by presenters, never a model."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Tone = Literal["late", "soon", "running", "paused", "met", "quiet"]


@dataclass(frozen=True)
class Place:
    """A link among its neighbours; `count` stands beside it when given."""

    text: str
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class DeadlineView:
    """One clock: `text` as people say it ("by the end of Thursday 26 November: 2 working days left")."""

    key: str
    label: str
    due_at: datetime
    text: str
    status: str
    tone: Tone
    href: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Task:
    """Something to do or still missing."""

    text: str
    status: str
    tone: Tone
    href: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Fact:
    """A row of a summary list: a name, its value (text or markup), and a link to change it."""

    label: str
    value: str
    href: str = ""
    action: str = "Change"


@dataclass(frozen=True)
class QueueRow:
    """A case in a list: initials only; the one next thing and by when; who has it."""

    reference: str
    href: str
    initials: str
    setting: str
    state: str
    next_thing: str
    due_text: str
    due_at: datetime | None
    status: str
    tone: Tone
    owner: str
    cover: str = ""


@dataclass(frozen=True)
class TimelineItem:
    """One entry of the record: what, by whom, when, and the words (text or markup)."""

    title: str
    at: datetime
    by: str = ""
    body: str = ""


@dataclass(frozen=True)
class StripDay:
    """One line of a clock's working: the day, which day of the limit it is (none: not counted), and why."""

    day: date
    counted: int | None
    why: str


DayKind = Literal["in", "leave", "sick", "off", "duty", "cover", "gap", "closed"]


@dataclass(frozen=True)
class DayCell:
    """What one person does on one day: a kind for its colour and a word for it ("Leave", "Covers AO").

    `short` stands in a column that is one day wide ("AO"); the whole word is read aloud there.
    """

    kind: DayKind
    text: str
    href: str = ""
    short: str = ""


@dataclass(frozen=True)
class CalendarDay:
    """A column: the day, why it is closed if it is, what falls due on it, and whether it is today."""

    day: date
    closed: str = ""
    due: tuple[str, ...] = ()
    is_today: bool = False


@dataclass(frozen=True)
class CalendarPerson:
    """A row: a person and one cell for each day, or two for the halves of each."""

    name: str
    cells: tuple[DayCell, ...]

    @property
    def runs(self) -> tuple[tuple[DayCell, int], ...]:
        """The cells in order; neighbours that say the same are one, with their number; empty cells stay apart."""
        runs: list[tuple[DayCell, int]] = []
        for cell in self.cells:
            if runs and cell.text and runs[-1][0] == cell:
                runs[-1] = (cell, runs[-1][1] + 1)
            else:
                runs.append((cell, 1))
        return tuple(runs)


@dataclass(frozen=True)
class MonthView:
    """People as rows and days as columns; each person has as many cells as there are days, or half days (`halves`)."""

    caption: str
    days: tuple[CalendarDay, ...]
    people: tuple[CalendarPerson, ...]
    previous_href: str = ""
    next_href: str = ""
    halves: bool = False

    def on(self, number: int) -> tuple[tuple[DayKind, str], ...]:
        """What there is to say of the day at this position, person by person, with the kind for its colour."""
        said = []
        for person in self.people:
            cells = person.cells[number * 2 : number * 2 + 2] if self.halves else person.cells[number : number + 1]
            worth = [cell for cell in cells if cell.kind not in ("in", "closed")]
            if not worth:
                continue
            if len({cell.text for cell in cells}) == 1:
                words = cells[0].text
            else:
                parts = zip(("morning: ", "afternoon: "), cells, strict=False)
                words = "; ".join(part + cell.text for part, cell in parts if cell in worth)
            said.append((worth[0].kind, f"{person.name}: {words}"))
        return tuple(said)
