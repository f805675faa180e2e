"""A correction in plain values: both dates, and each clock that hangs on them, before and after."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from lado.domain.corrections import AGREED, CLOCKS, STATES, precision_of
from lado.queries.corrections import Deciding
from lado.queries.dates import CorrectionFile, DateFile
from lado.security.identity import Identity
from lado.web.case_rows import clock_label
from lado.web.components import Fact, Tone
from lado.web.dates.presenters import date_name, in_words, where_from
from lado.web.due import point
from lado.web.referrals.events import how_exact
from lado.web.templating import moment_full
from lado.web.who_has import name_of
from workflows.case import Clock
from workflows.corrections import Consequences, Effect, present
from workflows.model import Workflow

STATUS = {
    "running": "still running",
    "paused": "standing still",
    "lapsed": "lapsed",
    "met": "met in time",
    "met late": "met late",
    "stopped": "no longer applies",
}
"""How a clock stands, in words for a table."""

TONES: dict[str, Tone] = {"asked": "soon", "agreed": "met", "refused": "quiet"}
STAYS = "Stays as it is: it would have been met before it began"
SAME_BUT_BEGAN = "The same due date; only when it began changes"
SAME_BUT_ENDED = "The same due date; only when it ended changes"


@dataclass(frozen=True, slots=True)
class Preview:
    """What working the clocks out anew would change: rows of clock, now, then; and sentences beside them."""

    rows: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskPage:
    """The page that asks for a correction."""

    reference: str
    back_href: str
    name: str
    seen: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class DecidePage:
    """The page of one correction. `why_not` is empty for somebody who may decide it."""

    reference: str
    back_href: str
    number: int
    name: str
    seen: int
    state: str
    tone: Tone
    is_open: bool
    facts: tuple[Fact, ...]
    why_not: str
    preview: Preview


def preview_of(found: Consequences, flow: Workflow, at: datetime) -> Preview:
    """Say what would change, a row for each clock that hangs on the date."""
    rows = []
    for effect in found.effects:
        rows.append((clock_label(flow, effect.before.key), clock_words(effect.before, at), _then(effect, at)))
    notes = [
        f"“{clock_label(flow, key)}” did not run, and would have with this date. It is not begun now."
        for key in found.never_ran
    ]
    if not rows:
        notes.insert(0, "No clock changes with this date.")
    return Preview(tuple(rows), tuple(notes))


def _then(effect: Effect, at: datetime) -> str:
    if effect.stays:
        return STAYS
    then = clock_words(effect.after, at)
    if then != clock_words(effect.before, at):
        return then
    return SAME_BUT_BEGAN if effect.after.started_at != effect.before.started_at else SAME_BUT_ENDED


def clock_words(clock: Clock, at: datetime) -> str:
    """Due by the end of Tuesday 3 March, met in time."""
    return f"Due by {point(clock.due_at, at)}: {STATUS[clock.status(at)]}"


def ask_page(found: DateFile) -> AskPage:
    """The page for asking, with what is recorded now."""
    file, dated = found.dates.file, found.dated
    facts = [
        Fact("It says now", in_words(present(file.case, dated))),
        Fact("How exact", how_exact(precision_of(file.case, dated)).capitalize()),
        Fact("Where it comes from", "\n".join(where_from(file, dated))),
        Fact("Entered", f"By {name_of(dated.actor_id, file.names)}\n{moment_full(dated.recorded_at)}"),
    ]
    if dated.value != present(file.case, dated):
        facts.insert(1, Fact("First recorded", in_words(dated.value)))
    return AskPage(file.reference, dates_href(file.reference), date_name(file, dated), file.events, tuple(facts))


def decide_page(
    found: CorrectionFile, preview: Preview, deciding: Deciding, names: dict[int, str], who: Identity
) -> DecidePage:
    """The page for deciding: what is asked, why, and whether this person may say."""
    file, story = found.dates.file, found.story
    asked = story.correction
    is_open = story.decided_at is None
    return DecidePage(
        file.reference,
        dates_href(file.reference),
        story.number,
        date_name(file, found.dated),
        file.events,
        STATES[asked.state],
        TONES[asked.state],
        is_open,
        tuple(_facts(found)),
        why_not(deciding, names, who) if is_open else "",
        preview,
    )


def why_not(deciding: Deciding, names: dict[int, str], who: Identity) -> str:
    """Why this person does not decide, and who can; empty when they may."""
    why = deciding.managers.get(who.id or 0, "")
    if not why:
        return ""
    able = [name_of(person, names) for person in deciding.able]
    others = f"{' or '.join(able)} can decide it." if able else NOBODY
    return f"You cannot decide this correction: {why}. {others}"


NOBODY = (
    "Nobody else can at present: every manager had a part in it. Ask the administrator to give another person the "
    "account of a manager."
)


def dates_href(reference: str) -> str:
    """The page of the case's dates."""
    return url_for("dates.show", reference=reference)


def _facts(found: CorrectionFile) -> list[Fact]:
    file, story = found.dates.file, found.story
    asked = story.correction
    facts = [
        Fact("It says now" if story.decided_at is None else "It said", in_words(asked.was)),
        Fact("Asked to be", f"{in_words(asked.value)} ({how_exact(asked.precision)})"),
        Fact("Why", story.reason),
        Fact("Asked by", f"{name_of(story.asked_by, file.names)}\n{moment_full(story.asked_at)}"),
        Fact("Where the recorded date comes from", "\n".join(where_from(file, found.dated))),
        Fact("Entered", f"By {name_of(found.dated.actor_id, file.names)}\n{moment_full(found.dated.recorded_at)}"),
    ]
    if asked.was != found.dated.value:
        facts.insert(1, Fact("First recorded", in_words(found.dated.value)))
    if story.decided_at is None:
        return [*facts, Fact("Proposed for the clocks", CLOCKS[asked.clocks])]
    verb = "Agreed by" if asked.state == AGREED else "Refused by"
    facts.append(Fact(verb, f"{name_of(story.decided_by, file.names)}\n{moment_full(story.decided_at)}"))
    if story.answer:
        facts.append(Fact("Their answer", story.answer))
    if asked.state == AGREED:
        done = "Worked out anew" if asked.clocks == "derive" else "Kept as they were"
        facts.append(Fact("The clocks", done))
    return facts
