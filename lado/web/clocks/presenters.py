"""How a due date was reached, in plain values: the working day by day, the rule, the pauses, the ladder ahead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lado.clock import london_day
from lado.domain.escalation import ladder, rung_in_words
from lado.queries.case_file import CaseFile, ClockFile
from lado.security.identity import Identity
from lado.web.components import Fact, StripDay, Tone
from lado.web.due import counted, point
from lado.web.referrals.clock_words import clock_name, state_words
from lado.web.referrals.events import holder_words
from lado.web.referrals.presenters import Identified, identified
from lado.web.templating import moment_full
from lado.web.who_has import name_of
from workflows.calendar import Calendar
from workflows.case import Clock
from workflows.clocks import Unit, working
from workflows.events import ClockResumed, ClockStarted
from workflows.model import ACTION
from workflows.rules import TimeRule
from workflows.rules.terms import WEEKDAYS
from workflows.spans import CutOff, Span

UNITS = {
    Unit.HOUR: "hour",
    Unit.WORKING_DAY: "working day",
    Unit.CALENDAR_DAY: "calendar day",
    Unit.WEEK: "week",
    Unit.CALENDAR_MONTH: "calendar month",
}

OWED_BY = {
    "lado": "The designated officer",
    "employer": "The employer",
    "provider": "The childcare provider",
    "police_and_lado": "The police and the designated officer",
}

STARTS: Mapping[str, str] = {
    "allegation": "the allegation reached us",
    "action_set": "the action was set",
    "clearly_unsubstantiated": "it was clear that the allegation is unsubstantiated or malicious",
    "employer_aware": "the employer learnt of it",
    "information_awaited": "the information was asked for",
    "initial_evaluation": "the initial evaluation began",
    "meeting_arranged": "the meeting was arranged",
    "meeting_held": "the meeting was held",
    "no_crime_no_discipline": "it was clear that neither a crime nor formal discipline is in question",
    "no_further_investigation": "it was clear that a hearing needs no further investigation",
    "outcome_decided": "the outcome was decided",
    "police_review": "the last review with the police",
    "received": "the referral was received",
    "reopened": "the case was re-opened",
    "suspended": "the person was suspended",
    "transfer_offered": "the case was offered to another authority",
}
"""What starts a clock, in words; a trigger of a later procedure stands under its own name."""


@dataclass(frozen=True, slots=True)
class ClockPage:
    """Everything on the page of one clock."""

    bar: Identified
    name: str
    sentence: str
    due_at: datetime
    status: str
    tone: Tone
    provisional: bool
    facts: tuple[Fact, ...]
    steps: tuple[StripDay, ...]
    note: str
    dates: tuple[tuple[str, ...], ...]
    ladder: tuple[tuple[str, ...], ...]


def clock_page(found: ClockFile, calendars: Mapping[str, Calendar], who: Identity, at: datetime) -> ClockPage:
    """Say how the clock's date was reached. `calendars` are those stored, by version."""
    file, clock = found.file, found.clock
    version = _calendar_version(found)
    calendar = calendars.get(version, file.practice.calendar)
    rule = rule_of(file, clock)
    steps = tuple(_steps(found, rule, calendar))
    sentence, status, tone = state_words(file, clock, at)
    return ClockPage(
        identified(file, at, who),
        clock_name(file, clock),
        sentence,
        clock.due_at,
        status,
        tone,
        clock.provisional,
        tuple(_facts(found, rule, calendar)),
        steps,
        _note(found, steps, is_same=version in calendars),
        tuple(_dates(found, at)),
        tuple(_ladder(found, at)),
    )


def rule_of(file: CaseFile, clock: Clock) -> TimeRule | None:
    """The rule that the clock runs under, that of all actions for an action."""
    return file.practice.rules.by_key.get(ACTION if clock.key.startswith(f"{ACTION}:") else clock.key)


def limit_words(span: Span) -> str:
    """5 working days."""
    return counted(span.count, UNITS[span.unit])


def cut_off_words(cut_off: CutOff) -> str:
    """After 16:00 on a Friday, the next working day is day 0."""
    on = f" on a {WEEKDAYS[cut_off.weekday].capitalize()}" if cut_off.weekday is not None else ""
    return f"After {cut_off.at:%H:%M}{on}, the next working day is day 0"


def _steps(found: ClockFile, rule: TimeRule | None, calendar: Calendar) -> Iterator[StripDay]:
    clock, rules = found.clock, found.file.practice.rules
    if not clock.rule or rule is None or rule.limit is None:
        return
    holder = holder_words(clock.holder or "police")
    for step in working(
        clock.started_at,
        rule.limit,
        calendar,
        cut_offs=rule.cut_offs,
        day_ends=rules.day_ends,
        pauses=clock.pauses,
    ):
        why = f"paused: {holder}" if step.why == "paused" else step.why
        yield StripDay(step.day, step.counted, why)


def _facts(found: ClockFile, rule: TimeRule | None, calendar: Calendar) -> Iterator[Fact]:
    clock = found.clock
    yield Fact("Started", moment_full(clock.started_at))
    if not clock.rule or rule is None or rule.limit is None:
        yield Fact("Limit", f"None: the date was given by {_giver(found)}")
    else:
        yield Fact("Limit", f"{limit_words(rule.limit)} from when {STARTS.get(rule.starts, rule.starts)}")
        if rule.starts_after is not None:
            yield Fact("Begins", f"{limit_words(rule.starts_after)} after that; then again each time it is met")
        for cut_off in rule.cut_offs:
            yield Fact("Cut-off", cut_off_words(cut_off))
        yield Fact("Police", "Stands still while the case is paused for the police" if rule.pauses else "Does not stop")
    if rule is not None:
        yield Fact("Owed by", OWED_BY[rule.owed_by])
        yield Fact("Where the rule is written", rule.source)
    if clock.rule:
        known = f"{calendar.name}, bank holidays known to {calendar.known_to.year} (version {_calendar_version(found)})"
        yield Fact("Calendar", known)
        yield Fact("Version of the council’s rules", clock.rule)


def _note(found: ClockFile, steps: tuple[StripDay, ...], *, is_same: bool) -> str:
    clock = found.clock
    if not steps:
        return "An officer gave this date, so there is nothing to count."
    if clock.paused_at is not None:
        return "The clock stands still now. When it runs again, the days of the pause are not counted."
    if not is_same or steps[-1].day != london_day(clock.due_at):
        return "The calendar has changed since. The date stands as promised; the days below use today’s calendar."
    return ""


def _dates(found: ClockFile, at: datetime) -> Iterator[tuple[str, ...]]:
    """Every due date that the clock has had, the first promise first."""
    for made in found.file.made:
        for entry in made.entries:
            event = entry.event
            if isinstance(event, ClockStarted | ClockResumed) and _is_of(event, found.clock):
                why = "First date" if isinstance(event, ClockStarted) else "After the pause"
                by = name_of(entry.actor_id, found.file.names)
                yield why, point(event.due_at, at), f"{moment_full(entry.recorded_at)}, by {by}"


def _ladder(found: ClockFile, at: datetime) -> Iterator[tuple[str, ...]]:
    """Who was told and who is told next, while nothing is done."""
    file, clock = found.file, found.clock
    raised = [one for one in file.raised if (one.clock, one.occurrence) == (clock.key, clock.occurrence)]
    for one in raised:
        told = name_of(one.told_id, file.names) if one.told_id is not None else "Nobody was on cover"
        answered = "answered" if one.acknowledged_at else "no answer yet"
        yield rung_in_words(one.rung).capitalize(), moment_full(one.due_at), f"{told} ({answered})"
    if clock.ended_at is None and clock.paused_at is None:
        reached = {one.rung for one in raised}
        for step in ladder(clock, file.practice):
            if step.rung not in reached:
                yield rung_in_words(step.rung).capitalize(), moment_full(step.due_at), "Not told yet"


def _calendar_version(found: ClockFile) -> str:
    """The calendar that the present date was derived with."""
    versions = [
        entry.event.calendar
        for made in found.file.made
        for entry in made.entries
        if isinstance(entry.event, ClockStarted | ClockResumed) and _is_of(entry.event, found.clock)
    ]
    return versions[-1]


def _giver(found: ClockFile) -> str:
    for made in found.file.made:
        for entry in made.entries:
            if isinstance(entry.event, ClockStarted) and _is_of(entry.event, found.clock):
                return f"{name_of(entry.actor_id, found.file.names)} on {moment_full(entry.recorded_at)}"
    return "an officer"


def _is_of(event: Any, clock: Clock) -> bool:
    return (event.clock, event.occurrence) == (clock.key, clock.occurrence)
