"""Where each date of a case comes from, in plain values: the original beside its correction, and who said so when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from markupsafe import Markup

from lado.domain import codes
from lado.domain.corrections import AGREED, ASKED, STATES
from lado.queries.case_file import CaseFile
from lado.queries.dates import DatesFile, Story
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.due import counted
from lado.web.referrals.events import how_exact
from lado.web.referrals.presenters import Identified, identified
from lado.web.referrals.words import code, label
from lado.web.templating import day, moment_full
from lado.web.who_has import name_of
from workflows.dates import OPENING, Dated
from workflows.events import Moved, Noted

COLUMNS = ("Date", "What it says", "Where it comes from", "Entered", "Correct it")
NEVER = "Never: the system’s own clock"
PLAN = "A plan, not a fact: set a new one to change it"
STORY = Markup('<div class="govuk-body-s govuk-!-margin-top-2 govuk-!-margin-bottom-0">{}</div>')
LINK = Markup('<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">: {}</span></a>')


@dataclass(frozen=True, slots=True)
class DatesPage:
    """The dates of one case as rows of a table, and how many of them were corrected or wait for it."""

    bar: Identified
    rows: tuple[tuple[str, ...], ...]
    summary: str


def dates_page(found: DatesFile, who: Identity, at: datetime) -> DatesPage:
    """Say where each date comes from, for this person."""
    rows = tuple(_row(found, dated, who) for dated in found.known.dates)
    recorded = _recorded(found.file)
    return DatesPage(identified(found.file, at, who, "dates"), (*rows[:1], recorded, *rows[1:]), _summary(found))


def date_name(file: CaseFile, dated: Dated) -> str:
    """What a date is called: by itself at intake, with the step that it was given with elsewhere."""
    name = codes.DATES.get(dated.name) or label(dated.name)
    if dated.name in OPENING:
        return name
    event = next(made.head.event for made in file.made if made.head.number == dated.entry)
    if isinstance(event, Moved | Noted) and "event" in event.answers:
        return code("event", event.answers["event"])
    move = file.practice.flow.move_by_key.get(dated.move)
    return f"{name}: {(move.label if move else dated.move.replace('_', ' ')).lower()}"


def in_words(value: datetime | date) -> str:
    """An instant or a day."""
    return moment_full(value) if isinstance(value, datetime) else day(value)


def where_from(file: CaseFile, dated: Dated) -> list[str]:
    """Source, channel and evidence of a date, a line each."""
    opened = file.opened
    if dated.name not in OPENING:
        move = file.practice.flow.move_by_key.get(dated.move)
        given = move.label if move else dated.move.replace("_", " ").capitalize()
        return [f"Given with “{given}”", f"Entry {dated.entry} of the record"]
    source = code("source", opened.source) if opened.source else "Source not known"
    lines = [f"{source}, {code('channel', opened.channel).lower()}"]
    if dated.name == "received_at":
        lines.append(f"Shown by: {code('evidence', opened.evidence).lower()}")
    return [*lines, f"Entry {dated.entry} of the record"]


def story_lines(file: CaseFile, story: Story) -> Iterator[str]:
    """A correction in sentences: what was asked and why, and what the second person said."""
    asked = story.correction
    yield f"Correction {story.number}: {STATES[asked.state].lower()}"
    yield f"From {in_words(asked.was)} to {in_words(asked.value)} ({how_exact(asked.precision)})"
    yield f"Asked by {name_of(story.asked_by, file.names)} on {moment_full(story.asked_at)}: {story.reason}"
    if story.decided_at is None:
        return
    verb = "Agreed" if asked.state == AGREED else "Refused"
    said = f": {story.answer}" if story.answer else ""
    yield f"{verb} by {name_of(story.decided_by, file.names)} on {moment_full(story.decided_at)}{said}"
    if asked.state == AGREED:
        yield "Its clocks were worked out anew" if asked.clocks == "derive" else "Its clocks were kept as they were"


def _row(found: DatesFile, dated: Dated, who: Identity) -> tuple[str, ...]:
    file, name = found.file, date_name(found.file, dated)
    entered = (f"By {name_of(dated.actor_id, file.names)}", moment_full(dated.recorded_at))
    return (
        name,
        _lines(*_says(found, dated)) + _stories(found, dated),
        _lines(*where_from(file, dated)),
        _lines(*entered),
        _correct(found, dated, name, who),
    )


def _says(found: DatesFile, dated: Dated) -> Iterator[str]:
    original = f"{in_words(dated.value)} ({how_exact(dated.precision)})" if not dated.plan else in_words(dated.value)
    value = found.file.case.corrected.get((dated.entry, dated.name))
    if value is not None:
        yield f"Corrected: {in_words(value)}"
        yield f"First recorded: {original}"
    else:
        yield original


def _stories(found: DatesFile, dated: Dated) -> Markup:
    """The corrections of the date, each apart from the others."""
    return Markup("").join(STORY.format(_lines(*story_lines(found.file, one))) for one in found.stories_of(dated))


def _correct(found: DatesFile, dated: Dated, name: str, who: Identity) -> str:
    if dated.plan:
        return PLAN
    reference = found.file.reference
    waiting = [story for story in found.stories_of(dated) if story.correction.state == ASKED]
    if waiting and can(who, Permission.CORRECTION_DECIDE, found):
        address = url_for("corrections.decide", reference=reference, number=waiting[0].number)
        return LINK.format(address, "Agree or refuse", name)
    if waiting:
        return STATES[ASKED]
    if not can(who, Permission.CORRECTION_ASK, found):
        return "An officer can ask for it"
    address = url_for("corrections.ask", reference=reference, entry=dated.entry, name=dated.name)
    return LINK.format(address, "Ask to correct", name)


def _recorded(file: CaseFile) -> tuple[str, ...]:
    opened, head = file.opened, file.made[0].head
    late = ["Entered later than it was received"] if opened.late_entry else []
    return (
        codes.DATES["recorded_at"],
        _lines(f"{moment_full(opened.recorded_at)} (exact)", *late),
        _lines("This system, when the referral was saved", "Entry 1 of the record"),
        f"By {name_of(head.actor_id, file.names)}",
        NEVER,
    )


def _summary(found: DatesFile) -> str:
    states = [story.correction.state for story in found.stories.values()]
    agreed, waiting = states.count(AGREED), states.count(ASKED)
    if not agreed and not waiting:
        return "No date of this case was corrected."
    said = [f"{counted(agreed, 'correction')} agreed"] if agreed else []
    said += [f"{waiting} waiting for a second person"] if waiting else []
    return f"{' and '.join(said)}. The original always stays beside the correction."


def _lines(*said: str) -> Markup:
    return Markup("<br>").join(said)
