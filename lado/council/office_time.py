"""Office time: the minutes in which a council's office is open, counted through, so that lives can be laid out."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

from workflows.calendar import ONE_DAY, Calendar
from workflows.london import instant_on, london_day
from workflows.office import OfficeHours

HOUR = 60.0
DAY = 8 * HOUR
WEEK = 5 * DAY
USUAL = time(9), time(17)


class OfficeTime:
    """The office minutes from the first day up to an instant, numbered from 0."""

    def __init__(self, first_on: date, end_at: datetime, office: OfficeHours, calendar: Calendar) -> None:
        """Lay the open hours end to end. A span in which the office never opens counts every day as an open one."""
        days = [first_on + timedelta(days=n) for n in range((london_day(end_at) - first_on).days + 1)]
        opened = [hours for day in days if (hours := office.open_on(day, calendar)) and hours[0] < end_at]
        if not opened:
            opened = [(instant_on(day, USUAL[0]), instant_on(day, USUAL[1])) for day in days]
        self.first_on, self.end_at = first_on, end_at
        self._days = {london_day(opens_at) for opens_at, _ in opened}
        self._opens: list[datetime] = []
        self._from: list[float] = []
        total = 0.0
        for opens_at, closes_at in opened:
            self._opens.append(opens_at)
            self._from.append(total)
            total += max(0.0, (min(closes_at, end_at) - opens_at).total_seconds() / 60)
        self.total = total

    def opens_on(self, day: date) -> bool:
        """Whether the office opens on the day."""
        return day in self._days

    def at(self, minute: float) -> datetime:
        """The instant at which this many office minutes have passed, to the whole minute, never after the end."""
        inside = min(max(minute, 0.0), self.total)
        place = max(0, bisect_right(self._from, inside) - 1)
        found = self._opens[place] + timedelta(minutes=int(inside - self._from[place]))
        return min(found, self.end_at).astimezone(UTC)

    def minute(self, at: datetime) -> float:
        """How many office minutes have passed at an instant."""
        place = bisect_right(self._opens, at) - 1
        if place < 0:
            return 0.0
        following = self._from[place + 1] if place + 1 < len(self._from) else self.total
        return min(self._from[place] + (at - self._opens[place]).total_seconds() / 60, following)

    def day_before(self) -> datetime:
        """When the office opened on the last whole working day before the end."""
        last = bisect_right(self._opens, instant_on(london_day(self.end_at), time())) - 1
        return self._opens[max(0, last)]

    def today(self) -> float:
        """The office minutes of the last day that have passed at the end."""
        last = london_day(self.end_at)
        return self.total - self.minute(instant_on(last - ONE_DAY))
