"""A model of the ladder, written apart from it: plain facts in, out comes each rung that has to stand on the record.

It knows the rules as they are published (`ladder_steps`) and ADR 0013 (`cover_model`), and nothing of the product. It
walks over the facts of one case in their order. Answers to an escalation (seen, or "I come back
to it later") are no facts here: the ladder does not wait for them.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from tests.support.cover_model import CoverModel
from tests.support.ladder_steps import BANK_HOLIDAYS, Running, Step, ladder

LEADERS = "service_manager", "head_of_service"
"""Who has a case that everybody else refused, the nearest first."""
FINAL = frozenset({"advice_only", "threshold_not_met", "no_further_action", "closed", "transferred", "merged"})


class Entry(NamedTuple):
    """One entry of the record of a case: when it was recorded, what happened, and the facts of it."""

    at: datetime
    kind: str
    said: Mapping[str, Any]


class Spell(NamedTuple):
    """Something that holds from an instant up to another one (None: still)."""

    what: Any
    from_at: datetime
    until_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it holds at the instant."""
        return self.from_at <= at and (self.until_at is None or at < self.until_at)


@dataclass(frozen=True)
class Council:
    """Everything that was recorded about who is there in one council, each with when it was known."""

    roles: Mapping[str, Sequence[int]]
    deputies: Mapping[int, int]
    absences: Sequence[Spell]
    patterns: Sequence[Spell]
    duty_days: Sequence[Spell]
    duty_changes: Sequence[Spell]
    disabled: Sequence[Spell]
    contacts: Sequence[Spell]


class Known(NamedTuple):
    """The rota as it was known at an instant."""

    absences: Sequence[Any]
    patterns: Sequence[Any]
    duty_days: Sequence[Any]
    duty_changes: Sequence[Any]
    deputies: Mapping[int, int]
    inactive: frozenset[int]
    leaders: Sequence[int]


@dataclass(frozen=True)
class CaseFacts:
    """The record of one case without what the ladder wrote, who was kept from it when, and who refused it.

    A refusal is the number of an absence and a person.
    """

    case: int
    council: Council
    entries: Sequence[Entry]
    barred: Sequence[Spell] = ()
    refused: Sequence[Spell] = ()


class Rung(NamedTuple):
    """What has to stand on the record: a rung of a clock, when it was due and when written, and who was told."""

    case: int
    clock: str
    occurrence: int
    rung: str
    due_at: datetime
    recorded_at: datetime
    told: int | None


class Walk:
    """One case from its first entry to the end of the time that is looked at."""

    def __init__(self, facts: CaseFacts, passes: Sequence[datetime]) -> None:
        """`passes` are the instants at which a scheduler looked; a case that nobody was there for waits for those."""
        self.facts, self.passes = facts, passes
        self.clocks: dict[str, Running] = {}
        self.owner: int | None = None
        self.holders: dict[str, int | None] = {}
        self.is_urgent, self.is_open = False, True
        self.found: list[Rung] = []

    def over(self, until_at: datetime) -> list[Rung]:
        """Every rung up to the instant."""
        entries = self.facts.entries
        for place, entry in enumerate(entries):
            self.happens(entry)
            following = entries[place + 1].at if place + 1 < len(entries) else until_at
            if following != entry.at or place + 1 == len(entries):
                for clock in list(self.clocks.values()):
                    self.climb(clock, entry.at, following)
        return self.found

    def happens(self, entry: Entry) -> None:
        """Take one entry of the record in."""
        said, kind = entry.said, entry.kind
        if kind == "OwnerAssigned":
            self.owner = said["owner"]
        elif kind == "ActionSet":
            self.holders[f"action:{said['number']}"] = said["user"]
        elif kind in ("UrgencyRaised", "UrgencyLifted"):
            self.is_urgent = kind == "UrgencyRaised"
        elif kind in ("Moved", "ProcedureChanged"):
            self.is_open = said["enters"] not in FINAL
        elif kind == "ClockStarted":
            self.clocks[said["clock"]] = Running(said["clock"], said["occurrence"], said["started_at"], said["due_at"])
        elif "clock" in said and (clock := self.clocks.get(said["clock"])) and clock.occurrence == said["occurrence"]:
            self.clock_happens(clock, kind, said)

    def clock_happens(self, clock: Running, kind: str, said: Mapping[str, Any]) -> None:
        """Take in what became of a clock that runs."""
        if kind in ("ClockMet", "ClockStopped"):
            del self.clocks[clock.key]
        elif kind == "ClockPaused":
            clock.paused_at = said["paused_at"]
        elif kind == "ClockResumed" and clock.paused_at is not None:
            clock.pauses.append((clock.paused_at, said["resumed_at"]))
            clock.paused_at, clock.due_at = None, said["due_at"]
        elif kind == "ClockExtended":
            clock.due_at = said["due_at"]
        elif kind == "ClockRederived":
            clock.started_at, clock.due_at = said["started_at"], said["due_at"]

    def climb(self, clock: Running, from_at: datetime, until_at: datetime) -> None:
        """Climb what falls due while nothing happens to the case."""
        if clock.paused_at is not None or self.owner is None:
            return
        steps = ladder(clock, is_urgent=self.is_urgent)
        while left := [step for step in steps if step.rung not in clock.climbed]:
            at = max(left[0].due_at, from_at)
            if at > until_at:
                return
            self.reach(clock, left, at)
        self.reach_at_last(clock, from_at, until_at)

    def reach(self, clock: Running, left: Sequence[Step], at: datetime) -> None:
        """Reach what is due at an instant; a step that finds nobody hands up at once."""
        asks = self.asked(clock, at)
        reached = [(step.rung, step.due_at, asks.find(step.role)) for step in left if step.due_at <= at]
        top = left[len(reached) - 1]
        is_warning = top.rung.startswith("warning")
        for step in left[len(reached) :]:
            if reached[-1][2] is not None:
                break
            if not step.rung.startswith("warning") and not (is_warning and step.role == "owner"):
                rung = f"{top.rung} {step.rung}" if is_warning else step.rung
                reached.append((rung, top.due_at, asks.find(step.role)))
        if reached[-1][2] is None and asks.met_conflict:
            reached[-1] = (*reached[-1][:2], asks.contact())
        for rung, due_at, told in reached:
            self.stands(clock, rung, due_at, at, told)

    def reach_at_last(self, clock: Running, from_at: datetime, until_at: datetime) -> None:
        """A lapse of which nobody heard reaches the first of the ladder who is there when a scheduler looks."""
        heard = [told for rung, told in clock.climbed.items() if not rung.startswith("warning")]
        if not self.is_open or any(told is not None for told in heard):
            return
        for at in self.passes[bisect_left(self.passes, max(from_at, clock.due_at)) :]:
            if at > until_at:
                return
            asks = self.asked(clock, at)
            for step in ladder(clock, is_urgent=False):
                if step.rung != "warning 80" and (told := asks.find(step.role)) is not None:
                    self.stands(clock, f"{step.rung} at last", at, at, told)
                    return

    def stands(self, clock: Running, rung: str, due_at: datetime, at: datetime, told: int | None) -> None:
        """Put a rung on the record."""
        clock.climbed[rung] = told
        self.found.append(Rung(self.facts.case, clock.key, clock.occurrence, rung, due_at, at, told))

    def asked(self, clock: Running, at: datetime) -> "Asked":
        """Who can be asked about a clock at an instant."""
        holder, council = self.holders.get(clock.key), self.facts.council
        is_partner = holder is not None and all(holder not in people for people in council.roles.values())
        is_own = holder is None or is_partner or holder == self.owner
        return Asked(self.facts, at, self.owner or 0, None if is_own else holder)


class Asked:
    """Whom each step of the ladder of one clock finds at an instant."""

    def __init__(self, facts: CaseFacts, at: datetime, owner: int, holder: int | None) -> None:
        council = facts.council
        self.council, self.at, self.owner, self.holder = council, at, owner, holder
        known = [
            [spell.what for spell in spells if spell.holds(at)]
            for spells in (council.absences, council.patterns, council.duty_days, council.duty_changes)
        ]
        self.gone, self.barred, refused = (
            frozenset(spell.what for spell in spells if spell.holds(at))
            for spells in (council.disabled, facts.barred, facts.refused)
        )
        leaders = [person for role in LEADERS for person in council.roles.get(role, ())]
        rota = Known(*known, council.deputies, self.gone, leaders)
        self.model = CoverModel(rota, at, self.barred, BANK_HOLIDAYS, refused)
        self.met_conflict = False

    def find(self, role: str) -> int | None:
        """Whom a role finds; None: nobody."""
        if role == "owner":
            found = self.ask(self.owner if self.holder is None else self.holder)
            return self.ask(self.owner) if found is None and self.holder is not None else found
        if role == "cover":
            first = self.model.answer(self.owner)[1]
            return None if self.ask(self.owner) is None else self.ask(self.owner, besides=first)
        people = [person for person in self.council.roles.get(role, ()) if person not in self.gone]
        answers = [self.model.answer(person, ()) for person in people]
        found = [(len(chain) > 1, told) for chain, told, _ in answers if told is not None]
        if not found:
            self.met_conflict |= any("conflict" in passed for _, _, passed in answers)
        return min(found, key=lambda one: one[0])[1] if found else None

    def ask(self, person: int, besides: int | None = None) -> int | None:
        """Whom the resolver finds for somebody."""
        _, found, passed = self.model.answer(person, besides=besides)
        self.met_conflict |= "conflict" in passed
        return found

    def contact(self) -> int | None:
        """Who looks after a case from which everybody else is kept."""
        chosen = [spell.what for spell in self.council.contacts if spell.holds(self.at)]
        able = {person for people in self.council.roles.values() for person in people} - self.gone - self.barred
        return next((person for person in chosen if person in able), None)


def differences(expected: Sequence[Rung], found: Sequence[Rung]) -> Iterator[str]:
    """What is missing, what nobody expected, and what says something else, in words."""
    wanted, there = ({rung[:4]: rung for rung in rungs} for rungs in (expected, found))
    if len(there) != len(found):
        yield f"{len(found) - len(there)} rungs stand twice"
    for place in sorted(wanted.keys() | there.keys()):
        if wanted.get(place) != there.get(place):
            yield f"{place}: expected {_words(wanted.get(place))}, found {_words(there.get(place))}"


def _words(rung: Rung | None) -> str:
    if rung is None:
        return "nothing"
    return f"due {rung.due_at.isoformat()}, recorded {rung.recorded_at.isoformat()}, told {rung.told}"
