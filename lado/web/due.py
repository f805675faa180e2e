"""Say when something is due as people say it, with what is left or how late it is in working days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lado.clock import LONDON, london_day
from lado.domain.urgency import bounds
from lado.web.components import Tone
from workflows.calendar import Calendar

STATUSES: Mapping[str, tuple[str, Tone]] = {
    "lapsed": ("Lapsed", "late"),
    "today": ("Due today", "soon"),
    "soon": ("Due soon", "running"),
    "later": ("Later", "quiet"),
}
"""The word and the tone of each group of urgency."""

DAY_ENDS = (23, 59, 59)
MIDNIGHT = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class DueWords:
    """A due moment in words: the sentence, the one word for its state, and the tone of that word."""

    text: str
    status: str
    tone: Tone


def due_words(due_at: datetime, at: datetime, calendar: Calendar) -> DueWords:
    """Say when a running clock is due. It has lapsed when the instant is after the due moment, as in the engine."""
    group = bounds(at, calendar).group(due_at)
    status, tone = STATUSES[group]
    if group == "lapsed":
        return DueWords(_late(due_at, at, calendar), status, tone)
    left = "" if group == "today" else f": {_left(due_at, at, calendar)}"
    return DueWords(f"by {point(due_at, at)}{left}", status, tone)


def point(when: datetime, at: datetime) -> str:
    """The end of Thursday 26 November; 15:40 today; the year where it is another one. Midnight ends the day before."""
    local, is_end = _on_its_day(when)
    day = day_words(local, at)
    if is_end:
        return f"the end of {day}"
    return f"{local:%H:%M} {day}" if day == "today" else f"{local:%H:%M} on {day}"


def point_for_good(when: datetime) -> str:
    """The end of Thursday 26 November 2026: the same for what is read on another day, without “today”."""
    local, is_end = _on_its_day(when)
    day = f"{local:%A} {local.day} {local:%B} {local.year}"
    return f"the end of {day}" if is_end else f"{local:%H:%M} on {day}"


def day_words(when: datetime, at: datetime) -> str:
    """Today, or Thursday 26 November, with the year where it is not this one."""
    local, now = when.astimezone(LONDON), at.astimezone(LONDON)
    if local.date() == now.date():
        return "today"
    year = "" if local.year == now.year else f" {local.year}"
    return f"{local:%A} {local.day} {local:%B}{year}"


def counted(number: int, noun: str) -> str:
    """1 working day, 2 working days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _on_its_day(when: datetime) -> tuple[datetime, bool]:
    """The moment by London's clocks on the day that it belongs to, and whether it is the end of that day."""
    local = when.astimezone(LONDON)
    shown = (local.hour, local.minute, local.second)
    if shown == MIDNIGHT:
        local -= timedelta(days=1)  # on the wall clock: a day that clocks change on is a day too
    return local, shown in (DAY_ENDS, MIDNIGHT)


def _left(due_at: datetime, at: datetime, calendar: Calendar) -> str:
    days = calendar.between(london_day(at), london_day(due_at), provisional=True)
    return f"{counted(days, 'working day')} left" if days else "no working day left"


def _late(due_at: datetime, at: datetime, calendar: Calendar) -> str:
    days = calendar.between(london_day(due_at), london_day(at), provisional=True)
    if days < 1:
        return f"Late since {point(due_at, at)}"
    return f"Late by {counted(days, 'working day')}: was due by {point(due_at, at)}"
