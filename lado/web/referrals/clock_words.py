"""The clocks of a case in plain values: each with its due date and state, and the lanes of the picture."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import url_for

from lado.queries.case_file import CaseFile
from lado.web.case_rows import clock_label
from lado.web.components import DeadlineView, Tone
from lado.web.due import day_words, due_words, point
from lado.web.pictures import ClockLine, Hand, Happening, Hold, Picture, picture
from lado.web.referrals.events import Teller, claimed_at, holder_words
from workflows.ball import days_by_holder, spells
from workflows.case import Clock
from workflows.events import Event, MeetingHeld, Moved, Noted, Opened
from workflows.registry import PROCEDURES

DOTS = (Opened, Moved, Noted, MeetingHeld)
"""What is drawn as a dot: what people did. Clocks have lanes of their own."""


def clock_views(file: CaseFile, clocks: Iterable[Clock], at: datetime) -> tuple[DeadlineView, ...]:
    """Clocks with what is left of them or how they ended, in the order given."""
    return tuple(_view(file, clock, at) for clock in clocks)


def running(file: CaseFile) -> list[Clock]:
    """The running clocks, the most urgent first; those that stand still come last."""
    return sorted(file.case.running.values(), key=lambda clock: (clock.paused_at is not None, clock.due_at, clock.key))


def address(file: CaseFile, clock: Clock) -> str:
    """The page that says how the date was reached."""
    return url_for("clocks.show", reference=file.reference, clock=clock.key, occurrence=clock.occurrence)


def clock_name(file: CaseFile, clock: Clock) -> str:
    """What the clock is called, with its number where it ran more than once."""
    name = clock_label(file.practice.flow, clock.key)
    return f"{name} ({clock.occurrence})" if file.case.occurrences(clock.key) > 1 else name


def state_words(file: CaseFile, clock: Clock, at: datetime) -> tuple[str, str, Tone]:
    """The clock in a sentence, a word and a tone."""
    status = clock.status(at)
    if clock.ended_at is not None:
        ended = point(clock.ended_at, at)
        if status == "stopped":
            lapsed = f"; it was due by {point(clock.due_at, at)}" if clock.ended_at > clock.due_at else ""
            return f"no longer applies since {ended}{lapsed}", "Stopped", "quiet"
        late = status == "met late"
        was_due = f"; it was due by {point(clock.due_at, at)}" if late else ""
        return f"met at {ended}{was_due}", "Met late" if late else "Met", "quiet" if late else "met"
    if clock.paused_at is not None:
        words = f"stands still since {point(clock.paused_at, at)}; the ball is with {holder_words(clock.holder)}"
        return words, "Paused", "paused"
    left = due_words(clock.due_at, at, file.practice.calendar)
    begins = f" (counts from {day_words(clock.started_at, at)})" if clock.started_at > at else ""
    return left.text + begins, left.status, left.tone


def picture_of(file: CaseFile, teller: Teller, at: datetime) -> Picture:
    """The case as a picture: a lane for each clock that has begun, dots for what people did, today as a line."""
    lines = [_line(file, clock, at) for clock in file.clocks if clock.started_at <= at]
    dots = [
        Happening(claimed_at(entry.event) or entry.recorded_at, teller.tell(entry.event).title)
        for made in file.made
        for entry in made.entries
        if isinstance(entry.event, DOTS) and not _says_nothing(entry.event)
    ]
    return picture(lines, dots, file.opened.received_at, at, hands_of(file, at))


def hands_of(file: CaseFile, at: datetime) -> tuple[Hand, ...]:
    """Who had the ball, for how many days; whoever has it now is named as such."""
    stretches = spells(_happened(file), PROCEDURES)
    now = stretches[-1].holder if stretches else ""
    return tuple(
        Hand(holder_words(holder), days, holder == now)
        for holder, days in days_by_holder(stretches, at).items()
        if days or holder == now
    )


def _happened(file: CaseFile) -> Iterator[tuple[datetime, Event]]:
    """Every event with the instant that it counts from; the opening counts from when the referral was received."""
    received_at = file.case.corrected.get((1, "received_at"), file.opened.received_at)
    for place, made in enumerate(file.made):
        for entry in made.entries:
            yield (received_at if place == 0 and isinstance(received_at, datetime) else entry.recorded_at), entry.event


def _view(file: CaseFile, clock: Clock, at: datetime) -> DeadlineView:
    text, status, tone = state_words(file, clock, at)
    return DeadlineView(
        f"{clock.key.replace(':', '-')}-{clock.occurrence}",
        clock_name(file, clock),
        clock.due_at,
        text,
        status,
        tone,
        address(file, clock),
        clock.provisional and clock.ended_at is None,
    )


def holds_of(clock: Clock) -> tuple[Hold, ...]:
    """The pauses of a clock, the one that lasts included, each with who has the ball, in words."""
    held = [Hold(*pause, holder_words(by)) for pause, by in zip(clock.pauses, clock.holders, strict=True)]
    if clock.paused_at is not None:
        held.append(Hold(clock.paused_at, None, holder_words(clock.holder)))
    return tuple(held)


def _line(file: CaseFile, clock: Clock, at: datetime) -> ClockLine:
    text, _, _ = state_words(file, clock, at)
    return ClockLine(
        clock_name(file, clock),
        clock.started_at,
        clock.due_at,
        text,
        clock.ended_at,
        clock.met,
        holds_of(clock),
        address(file, clock),
    )


def _says_nothing(event: Event) -> bool:
    """The first step is recorded with the opening, which is a dot already."""
    return isinstance(event, Moved) and not event.leaves
