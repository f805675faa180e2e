"""How a due date was reached, in plain values: the working day by day, the rule, the pauses, the ladder ahead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from lado.clock import london_day
from lado.domain.escalation import ladder, rung_in_words
from lado.queries.case_file import ClockFile
from lado.queries.clocks import Basis
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.clocks.forms import FORMS, form_for
from lado.web.components import Fact, Place, StripDay, Tone
from lado.web.due import point_for_good
from lado.web.referrals.clock_words import state_words
from lado.web.referrals.presenters import Identified, identified
from lado.web.referrals.words import code
from lado.web.referrals.workings import STARTS, Working, limit_words, more_words, working_of
from lado.web.templating import moment_full
from lado.web.who_has import name_of
from workflows.adjustments import why_not
from workflows.events import ClockExtended, ClockStarted, ClockStopped, Moved, Noted
from workflows.model import ACTION
from workflows.rules import TimeRule
from workflows.rules.terms import WEEKDAYS
from workflows.spans import CutOff

OWED_BY = {
    "lado": "The designated officer",
    "employer": "The employer",
    "provider": "The childcare provider",
    "police_and_lado": "The police and the designated officer",
}


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
    pauses: tuple[tuple[str, ...], ...]
    dates: tuple[tuple[str, ...], ...]
    ladder: tuple[tuple[str, ...], ...]
    adjustments: tuple[Place, ...]
    not_now: tuple[tuple[str, str], ...]
    export_href: str


def clock_page(found: ClockFile, basis: Basis, who: Identity, at: datetime) -> ClockPage:
    """Say how the clock's date was reached. `basis` is what the date was derived with."""
    file, clock = found.file, found.clock
    working = working_of(file, clock, basis, at)
    sentence, status, tone = state_words(file, clock, at)
    is_allowed = clock.ended_at is None and can(who, Permission.CLOCK_ADJUST, file)
    forms = {key: form_for(key, found) for key in FORMS}
    reasons = {key: why_not(form.kind, file.case, clock, file.practice, at) for key, form in forms.items()}
    return ClockPage(
        identified(file, at, who),
        working.name,
        sentence,
        clock.due_at,
        status,
        tone,
        clock.provisional,
        tuple(facts_of(found, working)),
        working.steps,
        note_on(working),
        tuple(pause_rows(working)),
        tuple(date_rows(working)),
        tuple(_ladder(found, at)),
        tuple(Place(forms[key].title, _href(found, key)) for key, why in reasons.items() if is_allowed and not why),
        tuple((forms[key].title, why) for key, why in reasons.items() if is_allowed and why and forms[key].is_usual),
        url_for("clocks.export", reference=file.reference, clock=clock.key, occurrence=clock.occurrence),
    )


def facts_of(found: ClockFile, working: Working) -> Iterator[Fact]:
    """The start, the limit, the rule and its source, the calendar."""
    clock, rule = working.clock, working.rule
    yield Fact("Started", moment_full(clock.started_at))
    if clock.started_at != working.first_started_at:
        yield Fact("First recorded as started", f"{moment_full(working.first_started_at)}. It was corrected since")
    if rule is None or working.limit is None:
        yield Fact("Limit", f"None: the date was given by {_giver(found)}")
    else:
        yield Fact("Limit", f"{limit_words(working.limit)} from when {STARTS.get(rule.starts, rule.starts)}")
        if clock.extra:
            yield Fact("More time given", more_words(working.limit, clock.extra))
        yield from _terms_of(rule)
    if clock.due_at != clock.first_due_at:
        promised = working.dates[0].due
        yield Fact("First promised", promised[:1].upper() + promised[1:])
    if rule is not None:
        yield Fact("Owed by", OWED_BY[rule.owed_by])
        yield Fact("Where the rule is written", rule.source)
    if clock.rule:
        calendar = working.calendar
        known = f"{calendar.name}, bank holidays known to {calendar.known_to.year} (version {working.version})"
        yield Fact("Calendar", known)
        yield Fact("Version of the council’s rules", clock.rule)
    yield from _review_of(found)
    yield from _stop_of(found)


def cut_off_words(cut_off: CutOff) -> str:
    """After 16:00 on a Friday, the next working day is day 0."""
    on = f" on a {WEEKDAYS[cut_off.weekday].capitalize()}" if cut_off.weekday is not None else ""
    return f"After {cut_off.at:%H:%M}{on}, the next working day is day 0"


def note_on(working: Working) -> str:
    """What has to be known to read the days."""
    clock, steps = working.clock, working.steps
    if not steps:
        return "An officer gave this date, so there is nothing to count."
    if clock.paused_at is not None:
        return "The clock stands still now. When it runs again, the days of the pause are not counted."
    if not working.is_same_calendar or steps[-1].day != london_day(clock.due_at):
        return "The calendar has changed since. The date stands as promised; the days below use today’s calendar."
    return ""


def pause_rows(working: Working) -> Iterator[tuple[str, ...]]:
    """Who had the ball, from when until when, and why."""
    for pause in working.pauses:
        until = moment_full(pause.to_at) if pause.to_at is not None else "It lasts"
        who = pause.holder[:1].upper() + pause.holder[1:]
        yield who, moment_full(pause.from_at), until, pause.why or "The whole case was paused"


def date_rows(working: Working) -> Iterator[tuple[str, ...]]:
    """Every due date that the clock has had, the first promise first."""
    for had in working.dates:
        yield had.which, had.due, had.recorded, had.why


def _terms_of(rule: TimeRule) -> Iterator[Fact]:
    if rule.starts_after is not None:
        yield Fact("Begins", f"{limit_words(rule.starts_after)} after that; then again each time it is met")
    for cut_off in rule.cut_offs:
        yield Fact("Cut-off", cut_off_words(cut_off))
    yield Fact("Police", "Stands still while the case is paused for the police" if rule.pauses else "Does not stop")


def _href(found: ClockFile, key: str) -> str:
    clock = found.clock
    return url_for(
        "clocks.adjust",
        reference=found.file.reference,
        clock=clock.key,
        occurrence=clock.occurrence,
        adjustment=key,
    )


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


def _review_of(found: ClockFile) -> Iterator[Fact]:
    """Until when somebody looks whether the pause has to last."""
    clock = found.clock
    review = found.file.case.running.get(f"{ACTION}:{clock.review}") if clock.review else None
    if clock.paused_at is not None and review is not None:
        yield Fact("The pause is reviewed by", f"{point_for_good(review.due_at)} (action {clock.review})")


def _stop_of(found: ClockFile) -> Iterator[Fact]:
    """Who stopped the clock and why, or the step with which it stopped."""
    file, clock = found.file, found.clock
    for made in file.made:
        head = made.head
        for entry in made.entries:
            event = entry.event
            if not isinstance(event, ClockStopped) or (event.clock, event.occurrence) != (clock.key, clock.occurrence):
                continue
            by = f"By {name_of(head.actor_id, file.names)}" if head.actor_id is not None else "By the scheduler"
            said = [f"{by}, {moment_full(entry.recorded_at)}"]
            if isinstance(head.event, Noted) and "stop_reason" in head.event.answers:
                said.append(code("stop_reason", head.event.answers["stop_reason"]))
            elif isinstance(head.event, Moved) and head.event.move in file.practice.flow.move_by_key:
                said.append(f"With “{file.practice.flow.move_by_key[head.event.move].label}”")
            said += [str(head.words["reason"])] if head.words.get("reason") else []
            yield Fact("Stopped", "\n".join(said))


def _giver(found: ClockFile) -> str:
    """Who gave the date that stands: it may have been given anew."""
    file, place = found.file, (found.clock.key, found.clock.occurrence)
    giver = "an officer"
    for made in file.made:
        for entry in made.entries:
            event = entry.event
            if isinstance(event, ClockStarted | ClockExtended) and (event.clock, event.occurrence) == place:
                giver = f"{name_of(entry.actor_id, file.names)} on {moment_full(entry.recorded_at)}"
    return giver
