"""Office hours: when somebody is at a desk to read a warning, and what an office hour of waiting means."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from workflows.calendar import ONE_DAY, Calendar
from workflows.london import instant_on, london_day

LONGEST_CLOSURE = 60  # days in a row without an open office; more is a mistake in the hours, not a holiday

Opening = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Opening and closing time for each weekday, Monday first; None on a day the office does not open."""

    week: tuple[Opening | None, ...]

    def open_on(self, day: date, calendar: Calendar) -> tuple[datetime, datetime] | None:
        """The instants of opening and closing on `day`; None when the office or the calendar is closed."""
        opening = self.week[day.weekday()]
        if opening is None or not calendar.is_working(day, provisional=True):
            return None
        return instant_on(day, opening[0]), instant_on(day, opening[1])

    def latest(self, instant: datetime, calendar: Calendar) -> datetime:
        """The last moment in office hours at or before `instant`: itself, or the closing time before it."""
        day = london_day(instant)
        for _ in range(LONGEST_CLOSURE):
            hours = self.open_on(day, calendar)
            if hours and hours[0] <= instant:
                return min(instant, hours[1])
            day -= ONE_DAY
        raise ValueError(f"the office did not open in the {LONGEST_CLOSURE} days before {instant}")

    def after(self, instant: datetime, hours: int, calendar: Calendar) -> datetime:
        """The moment at which `hours` office hours have passed since `instant`."""
        left = timedelta(hours=hours)
        day, closed = london_day(instant), 0
        while closed < LONGEST_CLOSURE:
            opening = self.open_on(day, calendar)
            closed = 0 if opening else closed + 1
            if opening and opening[1] > instant:
                begins = max(opening[0], instant)
                if begins + left <= opening[1]:
                    return begins + left
                left -= opening[1] - begins
            day += ONE_DAY
        raise ValueError(f"the office does not open in the {LONGEST_CLOSURE} days before {day}")


def weekly(monday_to_thursday: Opening, friday: Opening) -> OfficeHours:
    """The usual week: four equal days, a Friday that may end earlier, and nobody at the weekend."""
    return OfficeHours((monday_to_thursday,) * 4 + (friday, None, None))


# A council's front door as published by Halton; each council sets its own.
USUAL_HOURS = weekly((time(9), time(17)), (time(9), time(16, 30)))
