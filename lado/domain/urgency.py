"""How urgent a due moment is: lapsed, due today, within the next five working days, or later. Days are London's."""

from datetime import datetime, time
from typing import NamedTuple

from workflows.calendar import ONE_DAY, Calendar
from workflows.london import instant_on, london_day

SOON = 5
"""Working days that count as soon: an officer's next five (a default of this product)."""

Between = tuple[datetime | None, datetime | None]
"""Due from the first instant on and before the second; None leaves that side open."""


class Bounds(NamedTuple):
    """Where one group ends and the next begins: now, the first of tomorrow, the day after the fifth working day."""

    at: datetime
    tomorrow_at: datetime
    later_at: datetime

    @property
    def groups(self) -> dict[str, Between]:
        """The groups in order of urgency. Each due moment falls into exactly one."""
        return {
            "lapsed": (None, self.at),
            "today": (self.at, self.tomorrow_at),
            "soon": (self.tomorrow_at, self.later_at),
            "later": (self.later_at, None),
        }

    def group(self, due_at: datetime) -> str:
        """Which group a due moment falls into. It has lapsed once the instant is after it, as in the engine."""
        if due_at < self.at:
            return "lapsed"
        if due_at < self.tomorrow_at:
            return "today"
        return "soon" if due_at < self.later_at else "later"


def bounds(at: datetime, calendar: Calendar) -> Bounds:
    """The bounds at an instant."""
    today = london_day(at)
    soon = calendar.after(today, SOON, provisional=True)
    return Bounds(at, instant_on(today + ONE_DAY, time.min), instant_on(soon + ONE_DAY, time.min))
