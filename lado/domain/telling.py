"""Whether telling somebody goes beyond what was agreed, and needs the police asked: pointed out and never refused."""

from collections.abc import Iterable
from datetime import datetime

from workflows.case import Case
from workflows.practice import Practice

POLICE = "police"
POLICE_AT_WORK = (
    "The police are at work on this case. Subject, parents and child are told only what the police and the others at "
    "work have agreed."
)
BEFORE_AGREED = "before anything was agreed"
MORE_THAN_AGREED = "the outcome, where it was agreed that they hear only what is happening"
NOT_EVEN_YET = "although it was agreed that they are told nothing yet"
NOT_AT_ALL = "although it was agreed that they are told nothing"

ONLY_AGREED = ("subject", "parents", "child")
"""Those who are told only what the police and the others at work agree (Keeping Children Safe in Education)."""


def police_at_work(case: Case, practice: Practice) -> bool:
    """Whether the police are at work on a case, or what stands still there waits for them."""
    held = {clock.holder for clock in case.running.values() if clock.paused_at is not None}
    state = practice.flow.state_by_key[case.state]
    return case.strands.get(POLICE) == "open" or POLICE in held | {state.holder}


def in_force(agreed: Iterable[tuple[datetime, str]], at: datetime) -> str | None:
    """How much could be told at an instant, of what was recorded in order; what was recorded only later counts too.

    Agreements are often written down after the telling, so the first one holds for what was told before it.
    """
    found: str | None = None
    for recorded_at, extent in agreed:
        if found is None or recorded_at <= at:
            found = extent
    return found


def beyond(agreed: str | None, told: str) -> str:
    """How telling goes beyond what was agreed, as the end of a sentence; empty where it does not.

    `agreed` and `told` are of `codes.EXTENTS`. None: nothing was agreed; an empty `told`: it was not said how much.
    """
    if agreed is None:
        return BEFORE_AGREED
    if agreed == "nothing_yet":
        return NOT_EVEN_YET
    if agreed == "nothing":
        return NOT_AT_ALL
    return MORE_THAN_AGREED if agreed == "progress" and told == "outcome" else ""
