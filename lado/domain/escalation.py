"""The ladder of a clock: its warnings and rungs, when each is due, which come next, and who they find. Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from lado.domain.cover import CONFLICT, NOBODY_BARRED, Cover, Rota, first_there, on_cover, second
from workflows.case import Clock
from workflows.clocks import Due, warning_at
from workflows.model import ACTION
from workflows.practice import Practice
from workflows.rules import Rung, TimeRule, rung_at

WARNING = "warning"
AT_LAST = "at last"
OWNER, COVER = "owner", "cover"

ROLE_WORDS: Mapping[str, str] = {
    OWNER: "the accountable officer",
    COVER: "the cover",
    "service_manager": "the service manager",
    "head_of_service": "the head of service",
}

AT_ONCE = (OWNER, COVER, "service_manager")
"""Who hears of a lapse at once when the safety of a child is at stake now (a default of this product)."""

UPWARDS = ("service_manager", "head_of_service", "director")
"""Whom a gap in the cover is raised to, the nearest first."""


class Step(NamedTuple):
    """One step of the ladder of a clock: its name (`warning 80` or a role), when it is due, and whom it looks for."""

    rung: str
    due_at: datetime
    role: str

    @property
    def is_warning(self) -> bool:
        """Whether it comes before the lapse."""
        return self.rung.startswith(WARNING)


class Reached(NamedTuple):
    """A step that was reached, and whom it found (or nobody)."""

    step: Step
    found: Cover


Finder = Callable[[Step], Cover]


@dataclass(frozen=True)
class Team:
    """Who a ladder can find in an authority: the rota, and the active people of each role, the first of them first."""

    rota: Rota
    in_role: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    contact: int | None = None
    """Who hears of a case that everybody else is kept from, if the council has chosen somebody."""


def ladder(clock: Clock, practice: Practice, *, is_urgent: bool = False) -> tuple[Step, ...]:
    """All steps of a running clock in order of time: warnings as a share of it, then the rungs after its lapse.

    In an urgent case nobody waits for another up to the service manager: all of them hear of the lapse itself.
    """
    rule = _rule(clock, practice)
    rules, calendar = practice.rules, practice.calendar
    due = Due(clock.due_at, clock.provisional, calendar.version)
    steps = [
        Step(
            f"{WARNING} {round(share * 100)}",
            warning_at(clock.started_at, due, share, rules.office, calendar, clock.pauses),
            OWNER,
        )
        for share in (rules.warns_at(rule) if rule else rules.warnings)
    ]
    for rung in _rungs(rule, practice):
        is_at_once = is_urgent and rung.role in AT_ONCE
        due_at = clock.due_at if is_at_once else rung_at(clock.due_at, rung, rules.office, calendar)
        steps.append(Step(rung.role, due_at, rung.role))
    return tuple(sorted(steps, key=lambda step: step.due_at))


def coming(clock: Clock, climbed: Collection[str], practice: Practice, *, is_urgent: bool = False) -> tuple[Step, ...]:
    """The steps of a clock that are still to come, the earliest first; a clock that stands or has ended has none."""
    if clock.paused_at is not None or clock.ended_at is not None:
        return ()
    return tuple(step for step in ladder(clock, practice, is_urgent=is_urgent) if step.rung not in climbed)


def roles_of(key: str, practice: Practice) -> tuple[str, ...]:
    """The rungs after the lapse that the ladder of a clock of this key has, in order."""
    rule = practice.rules.by_key.get(ACTION if key.startswith(f"{ACTION}:") else key)
    return tuple(rung.role for rung in _rungs(rule, practice))


def write_steps(steps: Sequence[Step]) -> str:
    """Steps as one text, to be kept beside the moment at which the first of them is due."""
    return "\n".join(f"{step.rung}\t{step.role}\t{step.due_at.isoformat()}" for step in steps)


def read_steps(text: str) -> tuple[Step, ...]:
    """Read what `write_steps` wrote. Raises ValueError for anything else."""
    found = []
    for line in text.split("\n"):
        rung, role, due_at = line.split("\t")
        found.append(Step(rung, datetime.fromisoformat(due_at), role))
    return tuple(found)


def reach(steps: Sequence[Step], at: datetime, find: Finder) -> tuple[Reached, ...]:
    """Say which of the steps still to come are reached at the instant and whom each finds, the highest last.

    A rung that finds nobody hands up at once, whatever the next one's wait: that one is then due when the lower one
    was. The ladder's own end is where it stops; then the last answer is nobody.
    """
    reached = [Reached(step, find(step)) for step in steps if step.due_at <= at]
    if reached and reached[-1].found.is_nobody:
        reached.extend(_handed_up(reached[-1].step, steps[len(reached) :], find))
    return tuple(reached)


def or_contact(reached: tuple[Reached, ...], team: Team, barred: Collection[int]) -> tuple[Reached, ...]:
    """Give the end of a ladder that found nobody, because people are `barred` from the case, to the contact."""
    if not reached or not reached[-1].found.is_nobody or team.contact is None or team.contact in barred:
        return reached
    step, found = reached[-1]
    if not any(CONFLICT in each.found.passed for each in reached):
        return reached
    contact = Cover((*found.chain, team.contact), team.contact, "is the independent contact", found.passed)
    return (*reached[:-1], Reached(step, contact))


def highest(reached: Sequence[Reached]) -> Reached | None:
    """The highest step that found somebody: the one whose person is told of all of them."""
    return next((step for step in reversed(reached) if not step.found.is_nobody), None)


def at_last(clock: Clock, at: datetime, practice: Practice, find: Finder) -> Reached | None:
    """For a lapsed clock whose whole ladder found nobody: the lowest rung that finds somebody now, if any does."""
    for step in ladder(clock, practice):
        found = find(step)
        if not step.is_warning and not found.is_nobody:
            return Reached(Step(f"{step.rung} {AT_LAST}", at, step.role), found)
    return None


def find_in(
    team: Team, owner: int, at: datetime, holder: int | None = None, barred: Collection[int] = NOBODY_BARRED
) -> Finder:
    """Make the search for one clock: whom each step finds at the instant; never one of those `barred` from the case.

    `holder` is the officer who holds an action, where that is not the owner: they hear first, and the owner's own
    cover only where nobody is there for them.
    """

    def find(step: Step) -> Cover:
        if step.role == OWNER:
            found = on_cover(owner if holder is None else holder, at, team.rota, barred)
            return on_cover(owner, at, team.rota, barred) if found.is_nobody and holder is not None else found
        if step.role == COVER:
            return second(owner, at, team.rota, barred)
        return first_there(team.in_role.get(step.role, ()), at, team.rota, barred)

    return find


def leader(team: Team, at: datetime, besides: int, barred: Collection[int] = NOBODY_BARRED) -> Cover:
    """Say who is told that nobody is there for somebody: the nearest leader who is there and is not that person."""
    asked: dict[int, None] = {}
    for role in UPWARDS:
        for person in team.in_role.get(role, ()):
            found = first_there((person,), at, team.rota, barred)
            if found.person is not None and found.person != besides:
                return found
            asked.update(dict.fromkeys(found.chain))
    return Cover(tuple(asked), None, "no leader is there")


def rung_in_words(rung: str) -> str:
    """Say a rung as a page or a notice says it: whom it looks for, and for a warning how much of the time is used."""
    if rung.endswith(AT_LAST):
        return f"{ROLE_WORDS[rung.removesuffix(AT_LAST).strip()]}, once somebody was there again"
    if not rung.startswith(WARNING):
        return ROLE_WORDS[rung]
    _, share, *role = rung.split(" ", 2)
    return f"{ROLE_WORDS[role[0] if role else OWNER]}, with {share}% of the time used"


def told_as(rung: str, asked: Sequence[int]) -> str:
    """Say as whom somebody is told of a rung: as the one whom it looks for, or in their place after others."""
    words = rung_in_words(rung)
    stands_in = len(asked) > 1 and not words.startswith(ROLE_WORDS[COVER])
    return f"{'in the place of' if stands_in else 'as'} {words}"


def _handed_up(top: Step, above: Sequence[Step], find: Finder) -> Iterator[Reached]:
    """The steps above one that found nobody, until one finds somebody.

    A warning goes up under names of its own, so that the rungs after the lapse are all still to come.
    """
    for step in above:
        if step.is_warning or (step.role == OWNER and top.is_warning):
            continue
        rung = f"{top.rung} {step.rung}" if top.is_warning else step.rung
        reached = Reached(Step(rung, top.due_at, step.role), find(step))
        yield reached
        if not reached.found.is_nobody:
            return


def _rule(clock: Clock, practice: Practice) -> TimeRule | None:
    return practice.rules.by_key.get(ACTION if clock.key.startswith(f"{ACTION}:") else clock.key)


def _rungs(rule: TimeRule | None, practice: Practice) -> tuple[Rung, ...]:
    return practice.rules.ladder_of(rule) if rule else practice.rules.ladder
