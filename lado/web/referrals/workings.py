"""The working of a clock in plain values: the days counted and not counted, the pauses, the dates that it has had.

Used by the page of the clock, by what is downloaded from it, and in short on the whole case for paper.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from lado.clock import london_day
from lado.queries.case_file import CaseFile
from lado.queries.clocks import Basis
from lado.queries.ledger import Entry
from lado.web.components import StripDay
from lado.web.due import counted, point_for_good
from lado.web.referrals.clock_words import clock_name, holds_of, state_words
from lado.web.referrals.events import BECAUSE, holder_words
from lado.web.templating import moment_full
from lado.web.who_has import name_of
from workflows.calendar import ONE_DAY, Calendar
from workflows.case import Clock
from workflows.clocks import Unit, working
from workflows.events import ClockExtended, ClockPaused, ClockRederived, ClockResumed, ClockStarted
from workflows.london import instant_on
from workflows.model import ACTION
from workflows.rules import TimeRule
from workflows.spans import Span

Dated = ClockStarted | ClockResumed | ClockExtended | ClockRederived
"""The events that give a clock its date."""

UNITS: Mapping[Unit, str] = {
    Unit.HOUR: "hour",
    Unit.WORKING_DAY: "working day",
    Unit.CALENDAR_DAY: "calendar day",
    Unit.WEEK: "week",
    Unit.CALENDAR_MONTH: "calendar month",
}

STARTS: Mapping[str, str] = {
    "allegation": "the allegation reached us",
    "action_set": "the action was set",
    "update_given": "the referrer had an update",
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


class DateHad(NamedTuple):
    """A date that the clock has had: which, due by when, recorded when and by whom, and why."""

    which: str
    due: str
    recorded: str
    why: str


class PauseHad(NamedTuple):
    """A pause: who had the ball, from when until when (none: it lasts), and why."""

    holder: str
    from_at: datetime
    to_at: datetime | None
    why: str


@dataclass(frozen=True)
class Working:
    """How one clock came to its date. `limit` is None where an officer gave it, and then there is nothing to count."""

    clock: Clock
    name: str
    rule: TimeRule | None
    limit: Span | None
    calendar: Calendar
    version: str
    is_same_calendar: bool
    """Whether the snapshot that the date was worked out with is still there to show."""
    steps: tuple[StripDay, ...]
    dates: tuple[DateHad, ...]
    pauses: tuple[PauseHad, ...]
    first_started_at: datetime
    """When the clock was first recorded to have started; another instant than the clock's where that was corrected."""


def working_of(file: CaseFile, clock: Clock, basis: Basis, at: datetime) -> Working:
    """Work out again how the clock came to its date, under the rules and the calendar that it was derived with."""
    rules = basis.practice.rules
    rule = rules.by_key.get(ACTION if clock.key.startswith(f"{ACTION}:") else clock.key)
    limit = rule.limit if rule is not None and clock.rule else None
    entries = [(entry, words, event) for entry, words in file.entries() if (event := _dating(entry, clock))]
    version = entries[-1][2].calendar
    calendar = basis.calendars.get(version, basis.practice.calendar)
    steps = tuple(_steps(clock, rule, limit, calendar, basis)) if rule and limit else ()
    return Working(
        clock,
        clock_name(file, clock),
        rule,
        limit,
        calendar,
        version,
        version in basis.calendars,
        steps if clock.paused_at is None or not steps else tuple(_until_now(steps, clock, clock.paused_at, at)),
        tuple(_date(file, clock, limit, entry, words) for entry, words, _ in entries),
        tuple(_pauses(file, clock)),
        entries[0][2].started_at if isinstance(entries[0][2], ClockStarted) else clock.started_at,
    )


def limit_words(span: Span) -> str:
    """5 working days."""
    return counted(span.count, UNITS[span.unit])


def more_words(limit: Span, by: int) -> str:
    """2 more working days."""
    return f"{by} more {UNITS[limit.unit]}{'' if by == 1 else 's'}"


def in_short(file: CaseFile, working: Working, at: datetime) -> tuple[str, str, str]:
    """The clock, how it stands, and its working in a few sentences, for paper."""
    clock = working.clock
    said = [f"Started {moment_full(clock.started_at)}."]
    if clock.started_at != working.first_started_at:
        said = [f"Started {moment_full(clock.started_at)}, first recorded as {moment_full(working.first_started_at)}."]
    if working.rule is not None and working.limit is not None:
        more = f" and {more_words(working.limit, clock.extra)}" if clock.extra else ""
        said.append(f"Limit: {limit_words(working.limit)}{more} ({working.rule.source}).")
    else:
        said.append("An officer gave the date.")
    if left_out := Counter(step.why for step in working.steps if step.counted is None):
        said.append(f"Not counted: {', '.join(f'{days} × {why}' for why, days in left_out.items())}.")
    if len(working.dates) > 1:
        said.append(f"Dates before: {', '.join(had.due for had in working.dates[:-1])}.")
    said.append(f"Due by {working.dates[-1].due}." if clock.paused_at is None else "It stands still now.")
    text, _, _ = state_words(file, clock, at)
    return working.name, f"{text[:1].upper()}{text[1:]}", " ".join(said)


def _steps(clock: Clock, rule: TimeRule, limit: Span, calendar: Calendar, basis: Basis) -> Iterator[StripDay]:
    """Every day up to the due day, the paused ones with who had the ball and those of an extension named as such."""
    day_ends = basis.practice.day_ends
    span = replace(limit, count=limit.count + clock.extra)
    promised = limit.count if limit.unit in (Unit.WORKING_DAY, Unit.CALENDAR_DAY) else None
    terms: dict[str, Any] = {"cut_offs": rule.cut_offs, "day_ends": day_ends, "pauses": clock.pauses}
    for step in working(clock.started_at, span, calendar, **terms):
        why = step.why
        if why.startswith("paused"):
            end = instant_on(step.day, day_ends)
            held = [holder for (begun, over), holder in _held(clock) if begun <= end < over]
            held += [holder for (begun, _), holder in _held(clock) if london_day(begun) == step.day]
            why = f"{why}: {holder_words(held[0])}" if held else why
        elif promised is not None and step.counted is not None and step.counted > promised:
            why = f"more time, {why}"
        yield StripDay(step.day, step.counted, why)


def _until_now(steps: tuple[StripDay, ...], clock: Clock, paused_at: datetime, at: datetime) -> Iterator[StripDay]:
    """The days of a clock that stands still: those that were counted, then each day of the pause up to today."""
    paused_on = london_day(paused_at)
    yield from (step for step in steps if step.day < paused_on or step.counted == 0)
    why = f"paused: {holder_words(clock.holder)}"
    for number in range((london_day(at) - paused_on).days + 1):
        if not (number == 0 and paused_on == steps[0].day):
            yield StripDay(paused_on + number * ONE_DAY, None, why)


def _held(clock: Clock) -> Iterator[tuple[tuple[datetime, datetime], str]]:
    return zip(clock.pauses, clock.holders, strict=True)


def _dating(entry: Entry, clock: Clock) -> Any:
    event = entry.event
    is_its = isinstance(event, Dated) and (event.clock, event.occurrence) == (clock.key, clock.occurrence)
    return event if is_its else None


def _date(file: CaseFile, clock: Clock, limit: Span | None, entry: Entry, words: Mapping[str, Any]) -> DateHad:
    event: Any = entry.event
    which, why = "First date", ""
    if isinstance(event, ClockResumed):
        which, why = "After the pause", str(words.get("reason", ""))
    elif isinstance(event, ClockExtended):
        which = f"Extended by {more_words(limit, event.by)}" if limit and event.by else "Given a later date"
        why = str(words.get("reason", ""))
    elif isinstance(event, ClockRederived):
        which, why = "Worked out anew", f"Because of {BECAUSE.get(event.because, event.because)}"
    by = name_of(entry.actor_id, file.names) if entry.actor_id is not None else "the scheduler"
    return DateHad(which, point_for_good(event.due_at), f"{moment_full(entry.recorded_at)}, by {by}", why)


def _pauses(file: CaseFile, clock: Clock) -> Iterator[PauseHad]:
    said = dict(_pause_words(file, clock))
    for hold in holds_of(clock):
        yield PauseHad(hold.holder, hold.from_at, hold.to_at, said.get(hold.from_at, ""))


def _pause_words(file: CaseFile, clock: Clock) -> Iterator[tuple[datetime, str]]:
    for made in file.made:
        for entry in made.entries:
            event = entry.event
            if isinstance(event, ClockPaused) and (event.clock, event.occurrence) == (clock.key, clock.occurrence):
                yield event.paused_at, str(made.head.words.get("reason", ""))
