"""Work out the control chart: a bar for each week, the expected level, the upper limit, and the present week last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lado.domain.demand import Level, Week
from lado.queries.demand import Demand

WIDTH = 960.0  # units of the drawing; the page scales it
HEIGHT = 300.0
TOP = 24.0
FOOT = 34.0  # room for the names of the months
LEFT = 34.0  # room for the numbers
GAP = 0.25  # of a bar's room


@dataclass(frozen=True, slots=True)
class Column:
    """One week: its bar from the left and the top, what is expected and the limit as heights, and the same in words."""

    x: float
    y: float
    height: float
    limit_y: float
    expected_y: float
    is_above: bool
    is_present: bool
    words: str
    month: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A number on the scale and how far from the top it stands."""

    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the drawing and its words need. Lengths are in units of the drawing."""

    width: float
    height: float
    room: float
    bar: float
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    words: str
    has_level: bool


def chart_of(demand: Demand) -> Chart:
    """The chart of the past year's weeks and the present one."""
    weeks = (*demand.weeks, demand.present)
    level = demand.level
    top = max(1.0, *(week.arrivals for week in weeks), *(level.limit(week.working_days) for week in weeks))
    room = (WIDTH - LEFT) / len(weeks)
    columns = tuple(_column(number, week, weeks, level, room, top) for number, week in enumerate(weeks))
    return Chart(WIDTH, HEIGHT, room, room * (1 - GAP), columns, _rules(top), chart_words(demand), level.is_known)


def rows_of(demand: Demand) -> list[tuple[str, ...]]:
    """The same as rows of a table, the newest first: week, referrals, working days, expected, limit, how it stands."""
    return [_row(week, demand) for week in (demand.present, *reversed(demand.weeks))]


def chart_words(demand: Demand) -> str:
    """What the chart shows, in sentences."""
    above = sum(demand.level.is_above(week) for week in demand.weeks)
    if not demand.level.is_known:
        return f"{demand.present.arrivals} so far this week. There are too few whole weeks yet to expect anything."
    weeks = "no week" if not above else "1 week" if above == 1 else f"{above} weeks"
    days, limit = demand.present.working_days, demand.level.limit(demand.present.working_days)
    return (
        f"{demand.present.arrivals} so far this week, where {demand.level.expected(days):.1f} are expected and "
        f"up to {int(limit)} are within the limit. "
        f"In the last {len(demand.weeks)} weeks {weeks} went above it."
    )


def status_of(week: Week, level: Level) -> str:
    """How a week stands, in a word or two."""
    if not level.is_known or not week.working_days:
        return "No limit"
    return "Above the limit" if level.is_above(week) else "Within it"


def _row(week: Week, demand: Demand) -> tuple[str, ...]:
    level, is_present = demand.level, week is demand.present
    name = f"{week.monday.day} {week.monday:%B %Y}" + (" (this week)" if is_present else "")
    known = (f"{level.expected(week.working_days):.1f}", str(int(level.limit(week.working_days))))
    return (
        name,
        str(week.arrivals),
        str(week.working_days),
        *(known if level.is_known else ("–", "–")),
        status_of(week, level),
    )


def _column(number: int, week: Week, weeks: Sequence[Week], level: Level, room: float, top: float) -> Column:
    tall = HEIGHT - TOP - FOOT

    def height(count: float) -> float:
        return round(count / top * tall, 1)

    before = weeks[number - 1].monday if number else None
    return Column(
        round(LEFT + number * room, 1),
        round(TOP + tall - height(week.arrivals), 1),
        height(week.arrivals),
        round(TOP + tall - height(level.limit(week.working_days)), 1),
        round(TOP + tall - height(level.expected(week.working_days)), 1),
        level.is_above(week),
        number == len(weeks) - 1,
        f"Week of {week.monday.day} {week.monday:%B %Y}: {week.arrivals}, {status_of(week, level).lower()}",
        f"{week.monday:%b}" if _begins_month(week.monday, before) and number < len(weeks) - 1 else "",
    )


def _begins_month(monday: date, before: date | None) -> bool:
    return before is None or monday.month != before.month


def _rules(top: float) -> tuple[Rule, ...]:
    step = next(step for step in _steps() if top / step <= 6)
    tall = HEIGHT - TOP - FOOT
    return tuple(Rule(round(TOP + tall - number / top * tall, 1), number) for number in range(0, int(top) + 1, step))


def _steps() -> Iterable[int]:
    scale = 1
    while True:
        yield from (scale, 2 * scale, 5 * scale)
        scale *= 10
