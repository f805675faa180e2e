"""When each rung of an escalation ladder is told, in working time after the lapse."""

from datetime import datetime

from workflows.calendar import Calendar
from workflows.london import instant_on, london_day
from workflows.office import OfficeHours
from workflows.rules.terms import Rung, WaitUnit


def rung_at(due_at: datetime, rung: Rung, office: OfficeHours, calendar: Calendar) -> datetime:
    """The instant at which this rung is told that a clock lapsed at `due_at`.

    A wait of 0 is the lapse itself. Office hours are counted while the office is open. A wait in working days ends when
    the office closes on the last of them, so that each role has had whole days before the next one hears.
    """
    if rung.wait.count == 0:
        return due_at
    if rung.wait.unit is WaitUnit.OFFICE_HOUR:
        return office.after(due_at, rung.wait.count, calendar)
    day = calendar.after(london_day(due_at), rung.wait.count, provisional=True)
    hours = office.open_on(day, calendar)
    return hours[1] if hours else instant_on(day)
