"""The page of one case in plain values, in the order in which a busy person needs them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import url_for

from lado.domain.cover import on_cover
from lado.domain.escalation import WARNING, told_as
from lado.queries.case_file import CaseFile
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.case_rows import clock_label
from lado.web.components import DeadlineView, Fact, Place, TimelineItem, Tone
from lado.web.due import due_words, point
from lado.web.pictures import Picture
from lado.web.referrals.clock_words import clock_views, picture_of, running
from lado.web.referrals.contents import Contents, Section, facts_of, limbs_of
from lado.web.referrals.corrected import CORRECTED, at_intake, corrected_lines
from lado.web.referrals.events import Teller
from lado.web.referrals.next_steps import Steps, steps
from lado.web.referrals.record import record_of
from lado.web.who_has import name_of, owner_and_cover, until_at
from workflows.events import OwnerAssigned, PersonAdded

LATEST = 5
"""How many moves of the record the page of the case shows."""

SCHOOLS = frozenset({"primary", "secondary", "special", "alternative", "independent"})

TEACHERS = (
    "Do not name this person in public, on line included. If they are a teacher accused by or for a pupil of the same "
    "school, naming them is an offence until they are charged or a court allows it (Education Act 2002, section 141F)."
)


@dataclass(frozen=True, slots=True)
class Identified:
    """The bar that says which case this is, and the small navigation below it."""

    reference: str
    subject: str
    role: str
    state: str
    tone: Tone
    facts: tuple[Fact, ...]
    warning: str
    restricted: str
    parts: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything on the page of one case."""

    bar: Identified
    why_mine: tuple[str, ...]
    is_escalated: bool
    steps: Steps
    clocks: tuple[DeadlineView, ...]
    ended: tuple[DeadlineView, ...]
    picture: Picture
    facts: tuple[Fact, ...]
    threshold: tuple[Fact, ...]
    sections: tuple[Section, ...]
    notes: tuple[TimelineItem, ...]
    add_note: Place | None
    record: tuple[TimelineItem, ...]
    is_open: bool


def case_page(file: CaseFile, who: Identity, at: datetime, *, whole: bool = False) -> CasePage:
    """Say the case for this person at this instant; `whole` with its full record, for paper."""
    address = url_for("referrals.show", reference=file.reference)
    moves = f"{address}/moves"
    teller = teller_of(file, at)
    now = steps(file, who, moves)
    contents = Contents(file, teller, moves, now.keys, at)
    made = file.made if whole else file.made[-LATEST:][::-1]
    return CasePage(
        identified(file, at, who, "whole" if whole else "case"),
        (*why_mine(file, who, at), *escalated(file, who, at)),
        bool(escalated(file, who, at)),
        now,
        clock_views(file, running(file), at),
        clock_views(file, reversed(file.case.ended), at),
        picture_of(file, teller, at),
        tuple(Fact(name, text) for name, text in facts_of(file)),
        _threshold(file),
        contents.sections(),
        contents.notes(),
        contents.link("add_note", "Add a note"),
        record_of(made, teller, partial(corrected_lines, file)),
        file.is_open,
    )


def teller_of(file: CaseFile, at: datetime) -> Teller:
    """Tells the events of this case."""
    people = {
        entry.event.number: entry.words.get("name", "")
        for made in file.made
        for entry in made.entries
        if isinstance(entry.event, PersonAdded)
    }
    return Teller(file.practice.flow, file.names, people, at)


def identified(file: CaseFile, at: datetime, who: Identity, current: str = "") -> Identified:
    """The bar of the case: reference, full name, role and setting, state, who has it, the next clock."""
    state = file.practice.flow.state_by_key[file.case.state]
    owner, cover = owner_and_cover(file.case.owner, at, file.rota, file.names, who.id, file.barred)
    facts = [Fact("Accountable officer", owner), *([Fact("Cover", cover)] if cover else []), *_next_clock(file, at)]
    received, first_recorded = at_intake(file, "received_at")
    facts.append(Fact("Received", point(received, at) + (CORRECTED if received != first_recorded else "")))
    tone: Tone = "quiet" if state.final else "paused" if state.pauses else "running"
    is_school = file.opened.sector in SCHOOLS and not file.case.advice_call
    return Identified(
        file.reference,
        file.subject or "Not named",
        ", ".join(part for part in (_role(file), file.setting) if part) or "Setting not known",
        state.label,
        tone,
        tuple(facts),
        TEACHERS if is_school and current in ("case", "whole") else "",
        _restricted(file, who),
        _parts(file, current, who),
    )


def why_mine(file: CaseFile, who: Identity, at: datetime) -> list[str]:
    """Why the case came to this person, when it is not simply theirs."""
    found = []
    owner = file.case.owner
    if owner is not None and owner != who.id and file.is_open:
        cover = on_cover(owner, at, file.rota, file.barred)
        if cover.person == who.id:
            until = until_at(cover, at, file.rota)
            ending = f" until {point(until, at)}" if until else ""
            found.append(f"You cover for {name_of(owner, file.names)}{ending}, so this case is with you for now.")
    return found + _given(file, who, at)


def escalated(file: CaseFile, who: Identity, at: datetime) -> list[str]:
    """What was escalated to this person and has no answer yet; reminders about their own case are left out."""
    return [
        f"This was escalated to you {told_as(raised.rung, raised.chain)}: "
        f"“{clock_label(file.practice.flow, raised.clock)}”, {point(raised.due_at, at)}."
        for raised in file.raised
        if raised.told_id == who.id
        and raised.acknowledged_at is None
        and any((one.key, one.occurrence) == (raised.clock, raised.occurrence) for one in running(file))
        and not (file.case.owner == who.id and raised.rung.startswith(WARNING))
    ]


def _given(file: CaseFile, who: Identity, at: datetime) -> list[str]:
    """Who gave the case to its new owner, until they record something themselves."""
    words: list[str] = []
    for made in file.made:
        if made.head.actor_id == who.id:
            words = []
            continue
        if any(isinstance(entry.event, OwnerAssigned) and entry.event.owner == who.id for entry in made.entries):
            giver = name_of(made.head.actor_id, file.names)
            words = [f"{giver} gave you this case on {point(made.head.recorded_at, at).removeprefix('the end of ')}."]
    return words if file.case.owner == who.id else []


def _next_clock(file: CaseFile, at: datetime) -> list[Fact]:
    waiting = [clock for clock in running(file) if clock.paused_at is None]
    if not waiting or not file.is_open:
        return []
    clock = waiting[0]
    words = due_words(clock.due_at, at, file.practice.calendar)
    return [Fact(f"Next: {clock_label(file.practice.flow, clock.key)}", words.text)]


def _role(file: CaseFile) -> str:
    for made in file.made:
        for entry in made.entries:
            if isinstance(entry.event, PersonAdded) and entry.event.role == "subject":
                return str(entry.words.get("role", ""))
    return ""


def _restricted(file: CaseFile, who: Identity) -> str:
    """That the case is restricted, for those on its list; who was let in reads it above the page."""
    if file.case.listed is None or who.is_let_in:
        return ""
    many = "1 person is" if len(file.case.listed) == 1 else f"{len(file.case.listed)} people are"
    return f"This case is restricted: {many} on its list. Speak of it to nobody else."


def _threshold(file: CaseFile) -> tuple[Fact, ...]:
    state, limbs, reasons = limbs_of(file)
    facts = [Fact("Harm threshold", state)]
    facts += [Fact("Limbs", "\n".join(limbs))] if limbs else []
    facts += [Fact("Reasons", reasons)] if reasons else []
    return tuple(facts)


def _parts(file: CaseFile, current: str, who: Identity) -> tuple[Place, ...]:
    pages = [
        ("case", "Where it stands", "referrals.show"),
        ("record", "The record", "referrals.record"),
        ("dates", "Dates", "dates.show"),
        ("whole", "The whole case, for paper", "referrals.whole"),
        ("then", "As known then", "then.case"),
        ("partners", "What partners see", "partners.home"),
        ("letters", "Letters", "letters.of_case"),
    ]
    if can(who, Permission.READS_READ, file):
        pages.append(("looked", "Who has looked", "reads.home"))
    return tuple(Place(text, url_for(to, reference=file.reference), key == current) for key, text, to in pages)
