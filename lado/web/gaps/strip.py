"""The coming weeks as a strip: a week a line, a cell a day, each with its word; and how well covered they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lado.domain.demand import monday_of
from lado.domain.gaps import Gap, Kind
from lado.queries.gaps import Found
from lado.web.due import counted
from workflows.calendar import ONE_DAY
from workflows.london import london_day

CLOSED, FINE = "closed", "fine"

WORDS = {
    Kind.NOBODY: "nobody is there",
    Kind.UNCOVERED: "somebody is not covered",
    Kind.UNREACHABLE: "cover cannot be reached",
    Kind.CONFLICT: "everybody is kept away",
    Kind.ALONE: "one officer alone",
}
"""What a day is, in words, the worst first."""

MARKS = {Kind.NOBODY: "0", Kind.UNCOVERED: "!", Kind.UNREACHABLE: "?", Kind.CONFLICT: "×", Kind.ALONE: "1"}
"""The same in the one sign that a cell has room for: colour never says it alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One working day of the week: what it is, and its sign."""

    kind: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class StripWeek:
    """One week: its name, a cell for Monday to Friday, and the whole in words."""

    name: str
    cells: tuple[Cell, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The weeks, how many gaps there are, and the score in words. `score` is a percentage."""

    weeks: tuple[StripWeek, ...]
    gaps: int
    score: int
    words: str


def strip_of(found: Found, today: date) -> Strip:
    """The coming weeks as a strip."""
    open_days = {london_day(piece.from_at) for piece in found.ahead.office}
    worst = _worst_of_each_day(found.outlook.gaps)
    mondays = sorted({monday_of(day) for day in open_days} | {monday_of(today)})
    weeks = tuple(_week(monday, open_days, worst) for monday in mondays)
    return Strip(weeks, len(found.outlook.gaps), found.outlook.score, score_words(found))


def score_words(found: Found) -> str:
    """How well the coming weeks are covered, in a sentence. A rota of one is the worst there is, not the best."""
    officers, score = found.staff.officers, found.outlook.score
    if not officers:
        return "There is no officer at all: nobody could take a referral. Nothing is worse than this."
    if len(officers) == 1:
        name = found.staff.names[officers[0]]
        return f"0 of 100, the lowest there is: everything depends on {name} alone."
    share = f"two officers or more are there in {score}% of the office hours"
    if score == 100:
        return f"100 of 100: {share}."
    if score >= 90:
        return f"{score} of 100: {share}. The rest depends on one person, or on nobody."
    return f"{score} of 100: {share} only. The rest depends on one person, or on nobody."


def _worst_of_each_day(gaps: Iterable[Gap]) -> dict[date, Kind]:
    order = list(Kind)
    worst: dict[date, Kind] = {}
    for gap in gaps:
        for piece in gap.pieces:
            day = london_day(piece.from_at)
            worst[day] = min(worst.get(day, gap.what.kind), gap.what.kind, key=order.index)
    return worst


def _week(monday: date, open_days: Iterable[date], worst: dict[date, Kind]) -> StripWeek:
    days = [monday + ONE_DAY * number for number in range(5)]
    cells = tuple(_cell(day, open_days, worst) for day in days)
    return StripWeek(f"{monday.day} {monday:%B}", cells, _words([worst[day] for day in days if day in worst]))


def _cell(day: date, open_days: Iterable[date], worst: dict[date, Kind]) -> Cell:
    if day in worst:
        return Cell(worst[day].value, MARKS[worst[day]])
    return Cell(FINE, "✓") if day in open_days else Cell(CLOSED)


def _words(kinds: Sequence[Kind]) -> str:
    if not kinds:
        return "covered"
    return "; ".join(
        f"{words} on {counted(kinds.count(kind), 'day')}" for kind, words in WORDS.items() if kind in kinds
    )
