"""What a change would do to one case: which dates would move, and who would hear next. Pure, and nothing is kept."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from lado.domain.cover import NOBODY_BARRED
from lado.domain.escalation import Step, Team, find_in, ladder
from lado.domain.projection import climbed_rungs
from workflows.case import Case, Clock
from workflows.model import ACTION
from workflows.practice import Practice


class ClockChange(NamedTuple):
    """One clock before and after: when it is due, which rung comes next, and whom that would find (None: nobody).

    A clock that would start has no date before, one that would stop has none afterwards.
    """

    key: str
    occurrence: int
    was_due_at: datetime | None
    now_due_at: datetime | None
    was_next_rung: str
    now_next_rung: str
    was_next_told: int | None
    now_next_told: int | None


class Rehearsed(NamedTuple):
    """One open case under a change: the clocks that would differ, its state then, and why it would stay as it is."""

    reference: str
    referral_id: int
    clocks: tuple[ClockChange, ...]
    state_before: str
    state_after: str
    kept_because: str

    @property
    def is_unchanged(self) -> bool:
        """Whether nobody would notice: the same dates, the same people, the same state."""
        return not self.clocks and self.state_before == self.state_after


class Half(NamedTuple):
    """One side of the comparison: when a clock is due, which rung comes next, whom it finds."""

    due_at: datetime | None
    rung: str
    told: int | None


NOTHING = Half(None, "", None)


def compared(
    case: Case,
    practice: Practice,
    then: Case,
    practice_then: Practice,
    team: Team,
    at: datetime,
    barred: Collection[int] = NOBODY_BARRED,
) -> tuple[ClockChange, ...]:
    """The clocks whose date or next hearer would differ between the case as it is and as it would be.

    `barred` may not have the case, so none of them would hear.
    """
    was = dict(_halves(case, practice, team, at, barred))
    now = dict(_halves(then, practice_then, team, at, barred))
    return tuple(
        ClockChange(*place, before.due_at, after.due_at, before.rung, after.rung, before.told, after.told)
        for place in sorted(was.keys() | now.keys())
        if (before := was.get(place, NOTHING)) != (after := now.get(place, NOTHING))
    )


def _halves(
    case: Case, practice: Practice, team: Team, at: datetime, barred: Collection[int]
) -> Iterator[tuple[tuple[str, int], Half]]:
    for clock in case.running.values():
        step = _next_step(case, clock, practice)
        told = None if step is None else _told(case, clock, step, team, at, barred)
        yield (clock.key, clock.occurrence), Half(clock.due_at, step.rung if step else "", told)


def _next_step(case: Case, clock: Clock, practice: Practice) -> Step | None:
    if clock.paused_at is not None:
        return None
    climbed = climbed_rungs(case, clock)
    return next((step for step in ladder(clock, practice) if step.rung not in climbed), None)


def _told(case: Case, clock: Clock, step: Step, team: Team, at: datetime, barred: Collection[int]) -> int | None:
    if case.owner is None:
        return None
    moment = max(step.due_at, at)
    return find_in(team, case.owner, moment, _holder(case, clock, team), barred)(step).person


def _holder(case: Case, clock: Clock, team: Team) -> int | None:
    """The officer who holds the action of this clock, where it is not the owner; a partner is told by other ways."""
    kind, _, number = clock.key.partition(":")
    user = case.actions[int(number)].user if kind == ACTION else None
    is_officer = any(user in people for people in team.in_role.values())
    return user if is_officer and user != case.owner else None
