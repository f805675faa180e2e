"""Who had the ball: the time of a case in each pair of hands, read from its events. Shown as a fact, blames nobody."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from workflows.events import (
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStopped,
    Event,
    Moved,
    Opened,
    ProcedureChanged,
)
from workflows.london import london_day
from workflows.model import Workflow

OURS = "lado"
"""The state leaves the ball with the designated officer, who may be waiting for somebody over one clock."""

NOBODY = ""
"""A case that has ended is in nobody's hands."""


class Spell(NamedTuple):
    """A stretch of time in one pair of hands; `to_at` is None while it lasts."""

    holder: str
    from_at: datetime
    to_at: datetime | None


def spells(happened: Iterable[tuple[datetime, Event]], flows: Mapping[tuple[str, int], Workflow]) -> tuple[Spell, ...]:
    """The stretches of a case in order, without gaps while it is open, from each event and the instant it counts from.

    Where the state itself waits for somebody, the ball is theirs; where it is ours, it is with whoever a clock stands
    still for, the last of them first. `flows` are the procedures by key and version.
    """
    found: list[Spell] = []
    waiting: dict[str, str] = {}
    flow, state = None, ""
    for at, event in happened:
        if isinstance(event, Opened):
            flow = flows[event.procedure, event.version]
        elif isinstance(event, ProcedureChanged):
            flow, state = flows[event.procedure, event.version], event.enters
        elif isinstance(event, Moved):
            state = event.enters
        elif isinstance(event, ClockPaused):
            waiting[event.clock] = event.holder
        elif isinstance(event, ClockResumed | ClockMet | ClockStopped):
            waiting.pop(event.clock, None)
        if flow is not None and state:
            _hand_over(found, _holder(flow, state, waiting), at)
    return tuple(found)


def days_by_holder(stretches: Iterable[Spell], at: datetime) -> dict[str, int]:
    """How many days each had the ball, up to `at`: a day counts for whoever had it when the day ended in London."""
    days: dict[str, int] = {}
    for spell in stretches:
        if spell.holder != NOBODY:
            until = spell.to_at or at
            days[spell.holder] = days.get(spell.holder, 0) + (london_day(until) - london_day(spell.from_at)).days
    return days


def _holder(flow: Workflow, state: str, waiting: Mapping[str, str]) -> str:
    here = flow.state_by_key[state]
    if here.final:
        return NOBODY
    return here.holder if here.holder != OURS else next(reversed([*waiting.values()]), OURS)


def _hand_over(found: list[Spell], holder: str, at: datetime) -> None:
    if found and found[-1].holder == holder:
        return
    if found:
        found[-1] = found[-1]._replace(to_at=at)
    found.append(Spell(holder, at, None))
