"""A case as its events leave it: state, clocks, owner, what was recorded. Made by `engine.replay`, never by hand."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from workflows.model import START

NOTHING: Mapping[Any, Any] = MappingProxyType({})
"""One empty mapping that all cases share until they have something of their own."""


class Clock(NamedTuple):
    """One running of one clock. Instants are aware; `due_at` is the last derived due moment, `first_due_at` the first.

    `rule` is the version of the rules that the due moment is derived from, or empty where an officer gave the date.
    `holders` says who had the ball in each of `pauses`; `extra` is how many units were added to the limit; `review` is
    the number of the action that reviews a pause of this clock alone, 0 where it stands still with the whole case.
    """

    key: str
    occurrence: int
    started_at: datetime
    due_at: datetime
    first_due_at: datetime
    provisional: bool
    rule: str
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    paused_at: datetime | None = None
    holder: str = ""
    ended_at: datetime | None = None
    met: bool = False
    holders: tuple[str, ...] = ()
    extra: int = 0
    review: int = 0

    def status(self, at: datetime) -> str:
        """Say how the clock stands: running, paused, lapsed, met, met late, or stopped."""
        if self.ended_at is not None:
            if not self.met:
                return "stopped"
            return "met" if self.ended_at <= self.due_at else "met late"
        if self.paused_at is not None:
            return "paused"
        return "lapsed" if at > self.due_at else "running"


class Allegation(NamedTuple):
    """One allegation: harm category, children, and its outcome once proposed and decided."""

    category: str
    children: tuple[int, ...] = ()
    proposed: str = ""
    outcome: str = ""


class Meeting(NamedTuple):
    """A meeting or review: when it was planned for, when it was held."""

    planned_at: datetime | None
    held_at: datetime | None
    kind: str


class Action(NamedTuple):
    """Something that someone has to do; `holder` is officer or partner, `user` their account where they have one."""

    holder: str
    user: int | None
    is_done: bool = False


class Telling(NamedTuple):
    """Whether an audience was told, and when."""

    told: bool
    told_on: date | None


class Correction(NamedTuple):
    """A correction of the date called `name` in entry number `entry`: asked, then agreed or refused."""

    entry: int
    name: str
    was: datetime | date
    value: datetime | date
    precision: str
    clocks: str
    state: str = "asked"


class Case:
    """What a replay gives back. Containers are replaced, not changed, so that cases can share the empty one."""

    __slots__ = (
        "actions",
        "advice_call",
        "agreed",
        "allegations",
        "calendar",
        "corrected",
        "corrections",
        "ended",
        "escalated",
        "keeper",
        "listed",
        "meetings",
        "onward",
        "owner",
        "people",
        "procedure",
        "received_at",
        "recorded",
        "released",
        "rules",
        "running",
        "started",
        "state",
        "strands",
        "threshold",
        "told",
        "transfer",
        "urgencies",
        "urgent",
        "version",
    )

    def __init__(self) -> None:
        """Begin before the first event."""
        self.procedure = ""
        self.version = 0
        self.rules = ""
        self.calendar = ""
        self.state = START
        self.owner: int | None = None
        self.received_at: datetime | None = None
        self.advice_call = False
        self.running: Mapping[str, Clock] = NOTHING
        self.ended: tuple[Clock, ...] = ()
        self.started: Mapping[str, int] = NOTHING
        self.allegations: Mapping[int, Allegation] = NOTHING
        self.people: Mapping[int, str] = NOTHING
        self.meetings: tuple[Meeting, ...] = ()
        self.strands: Mapping[str, str] = NOTHING
        self.actions: Mapping[int, Action] = NOTHING
        self.told: Mapping[str, Telling] = NOTHING
        self.agreed: Mapping[str, str] = NOTHING
        self.onward: Mapping[str, str] = NOTHING
        self.recorded: frozenset[str] = frozenset()
        self.escalated: tuple[tuple[str, int, str], ...] = ()
        self.corrections: Mapping[int, Correction] = NOTHING
        self.corrected: Mapping[tuple[int, str], datetime | date] = NOTHING
        self.threshold = ""
        self.transfer = ""
        self.released = False
        self.urgent = False
        self.urgencies = 0
        self.listed: frozenset[int] | None = None
        self.keeper: int | None = None

    def occurrences(self, key: str) -> int:
        """How many times the clock has been started so far."""
        return self.started.get(key, 0)
