"""Work out the picture of a case: where each clock's bars, each event's dot and today stand on one line of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from workflows.london import LONDON

WIDTH = 960.0  # units of the drawing; the page scales it
HEAD = 64.0  # room above the lanes for the months, the dots and the word "Today"
LANE = 46.0
MARGIN = 12.0  # at both ends, so that a dot or a mark is never cut
NARROWEST = 3.0  # a clock of one hour in a case of a year can still be seen
TOGETHER = 14.0  # dots nearer than this are drawn as one with a number
TICK_APART = 84.0  # the room that the name of a day needs
MOST_TICKS = 10

Kind = Literal["met", "running", "late", "left", "ended", "paused"]


@dataclass(frozen=True)
class Hold:
    """A pause: from when, until when (none: still paused), and who holds the ball."""

    from_at: datetime
    to_at: datetime | None
    holder: str


@dataclass(frozen=True)
class ClockLine:
    """One clock as the record has it. `says`: its state now, in words; `ended_at` without `met`: it was cancelled."""

    label: str
    started_at: datetime
    due_at: datetime
    says: str
    ended_at: datetime | None = None
    met: bool = False
    holds: tuple[Hold, ...] = ()
    href: str = ""


@dataclass(frozen=True)
class Hand:
    """Who had the ball, for how many days in all, and whether they have it now."""

    who: str
    days: int
    is_now: bool


@dataclass(frozen=True)
class Happening:
    """Something that happened, as a dot."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Bar:
    """A stretch of a lane: how far from the left, how long, what it is, and the same in words."""

    x: float
    width: float
    kind: Kind
    text: str


@dataclass(frozen=True)
class Lane:
    """One clock: its top, its bars from left to right, and where it was due."""

    line: ClockLine
    y: float
    bars: tuple[Bar, ...]
    due_x: float


@dataclass(frozen=True)
class Dot:
    """What happened at about one moment: one event, or several that would cover each other."""

    x: float
    happenings: tuple[Happening, ...]


@dataclass(frozen=True)
class Tick:
    """A day named on the line of time."""

    x: float
    label: str


@dataclass(frozen=True)
class Picture:
    """Everything the drawing and the table beside it need. Lengths are in units of the drawing."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    today_x: float
    today_at: datetime
    hands: tuple[Hand, ...] = ()


@dataclass(frozen=True)
class Scale:
    """Turns an instant into a distance from the left."""

    start_at: datetime
    end_at: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.start_at) / (self.end_at - self.start_at)
        return round(MARGIN + min(max(share, 0.0), 1.0) * (WIDTH - 2 * MARGIN), 1)


def picture(
    lanes: Sequence[ClockLine],
    events: Sequence[Happening],
    start_at: datetime,
    today_at: datetime,
    hands: tuple[Hand, ...] = (),
) -> Picture:
    """Place everything between the start of the case and the last thing known or due. Instants must be aware."""
    moments = [today_at, *(event.at for event in events), *(line.ended_at or line.due_at for line in lanes)]
    moments += [line.due_at for line in lanes]
    first = min(start_at, *(line.started_at for line in lanes), *moments)
    scale = Scale(first, max(*moments, first + timedelta(days=1)))
    return Picture(
        width=WIDTH,
        height=HEAD + LANE * len(lanes) + 8,
        lanes=tuple(_lane(line, HEAD + LANE * row, scale, today_at) for row, line in enumerate(lanes)),
        dots=tuple(_dots(sorted(events, key=lambda event: event.at), scale)),
        ticks=tuple(_ticks(scale)),
        today_x=scale.x(today_at),
        today_at=today_at,
        hands=hands,
    )


def _lane(line: ClockLine, y: float, scale: Scale, today_at: datetime) -> Lane:
    return Lane(line, y, (*_stretches(line, scale, today_at), *_holds(line, scale, today_at)), scale.x(line.due_at))


def _stretches(line: ClockLine, scale: Scale, today_at: datetime) -> Iterator[Bar]:
    """In time as it was, late in another pattern, and what is left of a running clock as an outline."""
    until = max(line.ended_at or today_at, line.started_at)
    in_time = min(until, line.due_at)
    kind: Kind = "running" if line.ended_at is None else "met" if line.met else "ended"
    if in_time > line.started_at or until <= line.due_at:
        yield _bar(scale, line.started_at, in_time, kind, line.says)
    if until > line.due_at:
        yield _bar(scale, max(line.due_at, line.started_at), until, "late", "Past its due date")
    elif line.ended_at is None:
        yield _bar(scale, until, line.due_at, "left", "Time left")


def _holds(line: ClockLine, scale: Scale, today_at: datetime) -> Iterator[Bar]:
    for hold in line.holds:
        to_at = max(hold.to_at or line.ended_at or today_at, hold.from_at)
        yield _bar(scale, hold.from_at, to_at, "paused", f"Paused: {hold.holder}")


def _bar(scale: Scale, from_at: datetime, to_at: datetime, kind: Kind, text: str) -> Bar:
    x = scale.x(from_at)
    width = max(scale.x(to_at) - x, NARROWEST)
    return Bar(round(min(x, WIDTH - NARROWEST), 1), round(width, 1), kind, text)


def _dots(events: Iterable[Happening], scale: Scale) -> Iterator[Dot]:
    """One dot an event; those that would cover each other become one dot with their number."""
    near: list[Happening] = []
    for event in events:
        if near and scale.x(event.at) - scale.x(near[0].at) >= TOGETHER:
            yield Dot(scale.x(near[0].at), tuple(near))
            near = []
        near.append(event)
    if near:
        yield Dot(scale.x(near[0].at), tuple(near))


def _ticks(scale: Scale) -> Iterator[Tick]:
    """Days, else Mondays, else first days of months, as many as there is room for; each at midnight in London."""
    midnight = scale.start_at.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=count) for count in range(1, (scale.end_at - scale.start_at).days + 2)]
    mondays = [at for at in days if at.weekday() == 0]
    if len(days) <= MOST_TICKS:
        named = [(at, f"{at:%a} {at.day} {at:%b}") for at in days]
    elif len(mondays) <= MOST_TICKS:
        named = [(at, f"{at.day} {at:%b}") for at in mondays]
    else:
        named = [(at, f"{at:%b %Y}") for at in days if at.day == 1]
    last_x = -TICK_APART
    for at, label in named:
        x = scale.x(at)
        if at <= scale.end_at and TICK_APART / 2 <= x <= WIDTH - TICK_APART / 2 and x - last_x >= TICK_APART:
            yield Tick(x, label)
            last_x = x
