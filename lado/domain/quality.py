"""Which recorded dates are worth a second look: signals for a manager, each with its stated rule, never an accusation.

Every threshold here is a default of this product; no published limit is known. A signal may have a good reason, so
nothing is refused or changed because of one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from lado.domain.dates import birth_doubt
from workflows.calendar import Calendar
from workflows.london import london_day

WINDOW = timedelta(days=90)
"""How far back the list looks."""

LOGGED_LATE = timedelta(days=2)
"""Recorded this long after received counts as long after."""

BURST, BURST_WITHIN = 5, timedelta(hours=1)
"""So many entries of things long past, by one person within this time, are a burst."""

BACK_FILLED = timedelta(days=1)
"""An entry of something that happened this long before counts as back-filled."""

FEWEST_MET, LAST_PART, MOSTLY = 8, 0.1, 0.8
"""Of at least so many met clocks, this share in the last part of their time is 'always just inside the limit'."""


class Logged(NamedTuple):
    """A referral with its two system dates and who logged it."""

    reference: str
    received_at: datetime
    recorded_at: datetime
    actor_id: int | None


class Happened(NamedTuple):
    """Something that is said to have happened at one instant and was recorded at another."""

    reference: str
    what: str
    happened_at: datetime
    recorded_at: datetime
    actor_id: int | None


class Met(NamedTuple):
    """A clock that was met, on a case of this officer."""

    reference: str
    owner_id: int
    started_at: datetime
    due_at: datetime
    met_at: datetime


class Born(NamedTuple):
    """A date of birth as it was recorded, of a person in this role."""

    reference: str
    role: str
    born_on: date


class OnClosedDay(NamedTuple):
    """A date that fell on a day on which nobody works, and why that day is closed."""

    reference: str
    at: datetime
    closed: str


class LoggedLate(NamedTuple):
    """A referral that was recorded long after it was received."""

    reference: str
    received_at: datetime
    recorded_at: datetime


class Burst(NamedTuple):
    """Several back-filled entries by one person in a short time."""

    actor_id: int | None
    first_at: datetime
    last_at: datetime
    references: tuple[str, ...]
    entries: int


class JustInside(NamedTuple):
    """An officer whose clocks are mostly met in the last part of their time."""

    owner_id: int
    met: int
    just_inside: int


class DoubtfulBirth(NamedTuple):
    """A date of birth that looks made up, and why."""

    reference: str
    role: str
    doubt: str


def received_on_closed_day(logged: Iterable[Logged], calendar: Calendar) -> Iterator[OnClosedDay]:
    """Referrals said to be received on a weekend, a bank holiday or a closure day."""
    for one in logged:
        closed = calendar.why_closed(london_day(one.received_at), provisional=True)
        if closed:
            yield OnClosedDay(one.reference, one.received_at, closed)


def logged_late(logged: Iterable[Logged]) -> Iterator[LoggedLate]:
    """Referrals recorded more than `LOGGED_LATE` after they were received."""
    for one in logged:
        if one.recorded_at - one.received_at > LOGGED_LATE:
            yield LoggedLate(one.reference, one.received_at, one.recorded_at)


def met_on_closed_day(meetings: Iterable[Happened], calendar: Calendar) -> Iterator[OnClosedDay]:
    """Meetings said to be held on a day on which nobody works."""
    for one in meetings:
        closed = calendar.why_closed(london_day(one.happened_at), provisional=True)
        if closed:
            yield OnClosedDay(one.reference, one.happened_at, closed)


def bursts(entries: Iterable[Happened]) -> Iterator[Burst]:
    """Back-filled entries by one person that stand close together; a long run is one burst."""
    by_person: dict[int | None, list[Happened]] = {}
    for one in sorted(entries, key=lambda one: one.recorded_at):
        if one.recorded_at - one.happened_at > BACK_FILLED:
            by_person.setdefault(one.actor_id, []).append(one)
    for actor_id, found in by_person.items():
        for run in _runs(found):
            references = tuple(dict.fromkeys(one.reference for one in run))
            yield Burst(actor_id, run[0].recorded_at, run[-1].recorded_at, references, len(run))


def just_inside(met: Iterable[Met]) -> Iterator[JustInside]:
    """Officers whose clocks, met in time, are mostly met in the last part of their time."""
    by_owner: dict[int, list[bool]] = {}
    for one in met:
        if one.met_at <= one.due_at:
            used = (one.met_at - one.started_at) / max(one.due_at - one.started_at, timedelta(seconds=1))
            by_owner.setdefault(one.owner_id, []).append(used >= 1 - LAST_PART)
    for owner_id, late in by_owner.items():
        if len(late) >= FEWEST_MET and sum(late) / len(late) >= MOSTLY:
            yield JustInside(owner_id, len(late), sum(late))


def doubtful_births(born: Iterable[Born], today: date) -> Iterator[DoubtfulBirth]:
    """Dates of birth that look like placeholders or cannot be."""
    for one in born:
        doubt = birth_doubt(one.born_on, today)
        if doubt:
            yield DoubtfulBirth(one.reference, one.role, doubt)


def _runs(found: Sequence[Happened]) -> Iterator[list[Happened]]:
    """Runs of entries in which any `BURST` that follow one another lie within `BURST_WITHIN`."""
    run: list[Happened] = []
    for index, one in enumerate(found):
        first = found[max(0, index - BURST + 1)]
        is_close = index >= BURST - 1 and one.recorded_at - first.recorded_at <= BURST_WITHIN
        if is_close:
            run = run or list(found[index - BURST + 1 : index])
            run.append(one)
        elif run and one.recorded_at - run[-1].recorded_at > BURST_WITHIN:
            yield run
            run = []
    if run:
        yield run


SIGNALS: Mapping[str, tuple[str, str]] = {
    "closed": (
        "Received on a day when the office is closed",
        "Often right: an answering machine or an e-mail. Look whether it was received then, or only dated then.",
    ),
    "late": (
        "Logged long after it was received",
        "More than two days lie between. The clocks count from when it was received, so time was lost.",
    ),
    "burst": (
        "Many things entered at once, long after they happened",
        "Five or more within an hour, by one person, each at least a day old. Ask what kept them, and whether the "
        "dates are from notes or from memory.",
    ),
    "inside": (
        "Nearly always just inside the limit",
        "At least eight clocks met in time, and four of five of them in the last tenth of it. It may be how the work "
        "falls; it may be that dates are fitted to the limit.",
    ),
    "birth": (
        "A date of birth that looks like a placeholder",
        "A made-up date stops checks of history and misleads the police. Ask the referrer again.",
    ),
    "meeting": (
        "A meeting on a day when nobody works",
        "A slip of the day or the year, most often. Ask for a correction if it is one.",
    ),
}
"""Each signal: its name, and what it may mean and what to do."""
