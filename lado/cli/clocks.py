"""`flask clocks`: when a clock would fall due, and why. Opens no database."""

from datetime import datetime

import click

from lado.adapters.bank_holidays import england
from lado.cli.commands import Commands, report
from lado.clock import LONDON
from workflows.clocks import CutOff, Span, Unit, due, working
from workflows.rules.terms import WEEKDAYS

clocks = Commands("clocks", help="Work out due dates as a case would.")

SHORTEST_DAY_NAME = 3


class Instant(click.ParamType[datetime]):
    """An instant in ISO 8601; without an offset it is what London's clocks show."""

    name = "instant"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it, aware."""
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not an instant. Write it as 2026-03-02T09:30 or 2026-03-02T09:30+00:00.")
        return found if found.tzinfo else found.replace(tzinfo=LONDON)


class CutOffTime(click.ParamType[CutOff]):
    """A cut-off: `16:00` on every day, or `FRI=16:00` on one."""

    name = "[day=]hh:mm"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> CutOff:
        """Read the weekday, if any, and the time of day in London."""
        day, equals, clock = value.rpartition("=")
        try:
            at = datetime.strptime(clock.strip(), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
            return CutOff(_weekday(day) if equals else None, at)
        except ValueError:
            self.fail(f"{value!r} is not a cut-off. Write it as 16:00 for every day, or FRI=16:00 for one.")


@clocks.command("due")
@click.option("--from", "start", type=Instant(), required=True, help="When the clock starts, in ISO 8601.")
@click.option("--limit", type=click.IntRange(min=1), required=True, help="How many units it runs for.")
@click.option("--unit", type=click.Choice([unit.value for unit in Unit]), required=True, help="What they are.")
@click.option("--cut-off", "cut_offs", type=CutOffTime(), multiple=True, help="After it, the next day is day 0.")
def due_command(start: datetime, limit: int, unit: str, cut_offs: tuple[CutOff, ...]) -> None:
    """Print when a clock falls due, with its working; refuse beyond the known bank holidays."""
    span, calendar = Span(limit, Unit(unit)), england()
    found = due(start, span, calendar, cut_offs=cut_offs, strict=True)
    steps = working(start, span, calendar, cut_offs=cut_offs, strict=True)
    report(
        {
            "due_at": found.at.astimezone(LONDON).isoformat(),
            "working": [{"day": step.day.isoformat(), "counted": step.counted, "why": step.why} for step in steps],
            "calendar": found.calendar_version,
        }
    )


def _weekday(name: str) -> int:
    """The number of a weekday, Monday 0, by its name or at least its first three letters. Raises ValueError."""
    wanted = name.strip().lower()
    found = [number for number, day in enumerate(WEEKDAYS) if day.startswith(wanted)]
    if len(wanted) < SHORTEST_DAY_NAME or not found:
        raise ValueError(name)
    return found[0]
