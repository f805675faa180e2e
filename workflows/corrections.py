"""Correcting a date: which clocks hang on it, and what those would be if it were right.

A correction works out anew the clocks that ran; it begins none that never ran and takes none away. A clock that would
have been met before it began stays as it was recorded and is named, and so is one that would have run and did not:
whether anything follows from that is for people to say. Plans are not corrected here: they are made anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from workflows import events as e
from workflows.case import Case, Clock
from workflows.dates import OPENING, Dated, Group, answers_of
from workflows.model import START
from workflows.practice import Practice
from workflows.running import BY_OFFICER, due_by_rule
from workflows.steps import Start, Step

BECAUSE = "correction"
RECEIVED = (1, "received_at")
"""The place of the received date: the first entry of every record."""

Find = Callable[[str, int, str, str], Practice]
"""The practice of a procedure, its version, a version of the rules and one of the calendar (the newest if unknown)."""


class Wanted(NamedTuple):
    """What a date should be."""

    entry: int
    name: str
    value: datetime | date


class Effect(NamedTuple):
    """What a correction would make of one clock; `stays` where it would have been met before it began."""

    before: Clock
    after: Clock
    stays: bool
    event: e.ClockRederived


class Consequences(NamedTuple):
    """The clocks that a correction reaches, and those that would have run but never did, by key."""

    effects: tuple[Effect, ...]
    never_ran: tuple[str, ...]

    @property
    def events(self) -> tuple[e.ClockRederived, ...]:
        """What is recorded when the clocks are worked out anew."""
        return tuple(effect.event for effect in self.effects if not effect.stays)


NO_CONSEQUENCES = Consequences((), ())


class Placed(NamedTuple):
    """A group of entries, and the state, procedure, version and rules that held when it was recorded."""

    group: Group
    state: str
    procedure: str
    version: int
    rules: str


def present(case: Case, dated: Dated) -> datetime | date:
    """The date as it holds now: corrected, or as it was entered."""
    return case.corrected.get((dated.entry, dated.name), dated.value)


def received_at(case: Case) -> datetime | None:
    """When the referral was received, as it holds now."""
    corrected = case.corrected.get(RECEIVED)
    return corrected if isinstance(corrected, datetime) else case.received_at


def consequences(case: Case, groups: Sequence[Group], wanted: Wanted, find: Find) -> Consequences:
    """Say which clocks hang on the date and what they would be, their pauses and extensions kept.

    Each is counted under the rules and the calendar that its present date was reached with, so that only the
    correction can move it.
    """
    placed = _placed(groups, wanted.entry)
    step = _step(placed, find)
    if step is None or not isinstance(wanted.value, datetime):
        return NO_CONSEQUENCES
    answers = answers_of(placed.group[0].event)
    hanging = _Hanging(case, placed, step, answers, wanted, _same_fact(answers, wanted.name), _calendars(groups), find)
    return Consequences(tuple(hanging.effects()), tuple(hanging.never_ran()))


class _Hanging:
    """The clocks that hang on one date, worked out for one wanted value."""

    def __init__(
        self,
        case: Case,
        placed: Placed,
        step: Step,
        answers: Mapping[str, Any],
        wanted: Wanted,
        names: frozenset[str],
        calendars: Mapping[tuple[str, int], str],
        find: Find,
    ) -> None:
        self.case, self.step, self.answers, self.wanted = case, step, answers, wanted
        self.names, self.calendars, self.find = names, calendars, find
        events = [line.event for line in placed.group]
        self.begun = {event.clock: event for event in events if isinstance(event, e.ClockStarted)}
        self.ended = {event.clock: event for event in events if isinstance(event, e.ClockMet | e.ClockStopped)}
        self.clocks = {(clock.key, clock.occurrence): clock for clock in (*case.ended, *case.running.values())}

    def effects(self) -> Iterator[Effect]:
        """Each clock that begins or ends with the date, if that changes anything about it."""
        starts, ends = dict(self._starts()), dict(self._ends())
        starts |= self._again(ends)
        for place in dict.fromkeys((*ends, *starts)):
            clock = self.clocks[place]
            after = clock._replace(
                started_at=starts.get(place, clock.started_at), ended_at=ends.get(place, clock.ended_at)
            )
            effect = self._derived(clock, after)
            if effect.after != clock:
                yield effect

    def never_ran(self) -> Iterator[str]:
        """The clocks that had nothing to wait for when the date was entered, and would have had with the right one."""
        for start in self.step.starts:
            if start.key in self.begun or not self.names.intersection((start.answer, *start.ends_with)):
                continue
            began_at = self._instant(start.answer) if start.answer else None
            ended = [at for answer in start.ends_with if answer and (at := self._instant(answer)) is not None]
            if start.only_if is None and began_at is not None and ended and ended[0] >= began_at:
                yield start.key

    def _starts(self) -> Iterator[tuple[tuple[str, int], datetime]]:
        for start in self.step.starts:
            began = self.begun.get(start.key)
            if start.answer in self.names and began is not None and began.rule != BY_OFFICER:
                yield (began.clock, began.occurrence), self._begins_at(start, began)

    def _begins_at(self, start: Start, began: e.ClockStarted) -> datetime:
        """When the clock begins: with the date, or at the end of its lead-in after it."""
        practice = self._practice(self.clocks[began.clock, began.occurrence])
        rule = practice.rules.by_key[start.key]
        return practice.begins_at(rule, self._value())

    def _ends(self) -> Iterator[tuple[tuple[str, int], datetime]]:
        for key, event in self.ended.items():
            ended_at = event.met_at if isinstance(event, e.ClockMet) else event.stopped_at
            for way in self.step.ends.get(key, ()):
                is_this = way.answer in self.names and not way.at_recording and type(event) is way.kind
                if is_this and ended_at == self.answers[way.answer]:
                    yield (event.clock, event.occurrence), self._value()
                    break

    def _again(self, ends: Mapping[tuple[str, int], datetime]) -> dict[tuple[str, int], datetime]:
        """Clocks that began again when they were met begin again at the corrected end."""
        given = {row.key for row in self.step.starts if not row.answer or self.answers.get(row.answer) is not None}
        repeats = {start.key for start in self.step.again} - given
        return {
            (key, self.begun[key].occurrence): ended_at
            for (key, _), ended_at in ends.items()
            if key in repeats and key in self.begun and self.begun[key].rule != BY_OFFICER
        }

    def _derived(self, clock: Clock, after: Clock) -> Effect:
        place = clock.key, clock.occurrence
        version = self.calendars[place]
        if clock.rule != BY_OFFICER:
            practice = self._practice(clock)
            due = due_by_rule(practice.rules.by_key[clock.key], after, practice)
            after, version = after._replace(due_at=due.at, provisional=due.provisional), due.calendar_version
        stays = after.met and after.ended_at is not None and after.ended_at < after.started_at
        event = e.ClockRederived(
            *place, BECAUSE, after.started_at, after.due_at, after.provisional, clock.rule, version, after.ended_at
        )
        return Effect(clock, after, stays, event)

    def _practice(self, clock: Clock) -> Practice:
        version = self.calendars[clock.key, clock.occurrence]
        return self.find(self.case.procedure, self.case.version, clock.rule, version)

    def _instant(self, name: str) -> datetime | None:
        if name in self.names:
            return self._value()
        found = self.case.corrected.get((self.wanted.entry, name), self.answers.get(name))
        return found if isinstance(found, datetime) else None

    def _value(self) -> datetime:
        if not isinstance(self.wanted.value, datetime):
            raise TypeError("a clock hangs on an instant, never on a day")
        return self.wanted.value


def _same_fact(answers: Mapping[str, Any], name: str) -> frozenset[str]:
    """The names under which one fact stands: what the employer did is kept as what happened and as which event."""
    if name in OPENING:
        return frozenset({name})
    return frozenset(other for other, value in answers.items() if value == answers[name])


def _placed(groups: Sequence[Group], entry: int) -> Placed:
    """Where the entry stands, and what held then. Raises LookupError for one that begins no group."""
    state, procedure, version, rules = START, "", 0, ""
    for group in groups:
        event = group[0].event
        if isinstance(event, e.Opened):
            procedure, version, rules = event.procedure, event.version, event.rules
        if group[0].number == entry:
            return Placed(group, state, procedure, version, rules)
        for line in group:
            match line.event:
                case e.Moved(enters=enters):
                    state = enters
                case e.RulesChanged(rules=changed):
                    rules = changed
                case e.ProcedureChanged(procedure=changed, version=number, enters=enters):
                    procedure, version, state = changed, number, enters
    raise LookupError(f"no date was given in entry {entry}")


def _step(placed: Placed, find: Find) -> Step | None:
    moved = next((line.event for line in placed.group if isinstance(line.event, e.Moved)), None)
    head = placed.group[0].event
    state = moved.leaves if moved else placed.state
    move = moved.move if moved else head.kind if isinstance(head, e.Noted) else ""
    return find(placed.procedure, placed.version, placed.rules, "").steps[state].get(move)


def _calendars(groups: Sequence[Group]) -> dict[tuple[str, int], str]:
    """The version of the calendar that the present date of each clock was reached with."""
    kinds = e.ClockStarted | e.ClockResumed | e.ClockExtended | e.ClockRederived
    return {
        (line.event.clock, line.event.occurrence): line.event.calendar
        for group in groups
        for line in group
        if isinstance(line.event, kinds)
    }
