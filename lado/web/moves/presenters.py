"""The page of one move in plain values: the case in short, what stands in the way, what others recorded meanwhile."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from lado.domain import codes
from lado.queries.ledger import Entry
from lado.queries.moves import Sheet
from lado.web.case_rows import clock_label
from lado.web.components import Fact, Task, TimelineItem
from lado.web.due import due_words
from lado.web.moves.forms import MoveForm
from lado.web.referrals.events import Teller
from lado.web.referrals.words import lines
from workflows.case import Case
from workflows.events import Moved, Noted
from workflows.facts import FACTS, ONWARD_BODIES, RECORDABLE, in_words, unanswered
from workflows.model import Move
from workflows.practice import Practice

MENDED_BY: Mapping[str, str] = {
    "outcome_for_each_allegation": "decide_outcome",
    "outcome_proposed_for_each": "propose_outcome",
    "transfer_offered": "offer_transfer",
    "no_transfer_open": "refuse_transfer",
    "review_is_set": "hold_review",
    "action_is_open": "set_action",
    "an_action_is_set": "set_action",
    "minutes_sent": "send_minutes",
    "receipt_sent": "send_receipt",
    "police_involved": "change_strand",
}
"""The move that makes a fact hold, where it is one move."""

MISSING = "Missing"
ALL_AT_ONCE = "Record of several at once who was told"


@dataclass(frozen=True, slots=True)
class MovePage:
    """Everything that the page of a move shows beside its form."""

    reference: str
    case_href: str
    label: str
    seen: int
    facts: tuple[Fact, ...]
    in_the_way: tuple[Task, ...]


def page_of(sheet: Sheet, move: Move, form: MoveForm) -> MovePage:
    """The page; what a refusal named is missing beside what can be seen to be missing already."""
    standing = [name for name in move.requires if name not in form.mends and not FACTS[name].holds(sheet.case, None)]
    names = dict.fromkeys((*standing, *form.missing))
    return MovePage(
        sheet.referral.reference,
        case_href(sheet.referral.reference),
        move.label,
        sheet.referral.events,
        tuple(_facts(sheet)),
        tuple(task for name in names for task in _tasks(name, sheet, form)),
    )


def case_href(reference: str) -> str:
    """The page of the case."""
    return url_for("referrals.show", reference=reference)


def what_comes_next(case: Case, practice: Practice, at: datetime) -> str:
    """The next clock and by when, in a sentence; that nothing is due where no clock runs."""
    running = [clock for clock in case.running.values() if clock.paused_at is None]
    if not running:
        return "Nothing more is due."
    following = min(running, key=lambda clock: (clock.due_at, clock.key))
    words = due_words(following.due_at, at, practice.calendar)
    return f"Next: {clock_label(practice.flow, following.key)}, {words.text}."


def meanwhile(sheet: Sheet, entries: Iterable[Entry], names: Mapping[int, str]) -> tuple[TimelineItem, ...]:
    """What people recorded since the form was opened, one item a move, the newest last."""
    people = {number: person.name for number, person in sheet.people.items()}
    teller = Teller(sheet.practice.flow, names, people, sheet.at)
    items: list[TimelineItem] = []
    for entry in entries:
        said = teller.tell(entry.event)
        words = "\n".join(lines(entry.words, names))
        if isinstance(entry.event, Moved | Noted):
            by = names.get(entry.actor_id or 0, "")
            items.append(
                TimelineItem(said.title, entry.recorded_at, by, "\n".join((*said.lines, *filter(None, [words]))))
            )
        elif words and items:
            last = items[-1]
            items[-1] = TimelineItem(last.title, last.at, last.by, f"{last.body}\n{words}".strip())
    return tuple(items)


def _facts(sheet: Sheet) -> Iterator[Fact]:
    case = sheet.case
    yield Fact("About", sheet.subject or "Not named")
    yield Fact("Setting", sheet.setting or "Not known")
    yield Fact("State", sheet.practice.flow.state_by_key[case.state].label)
    for number, summary in sheet.allegations.items():
        allegation = case.allegations[number]
        outcome = f"\nOutcome: {codes.OUTCOMES[allegation.outcome].lower()}" if allegation.outcome else ""
        name = f"Allegation {number}" if len(sheet.allegations) > 1 else "Allegation"
        yield Fact(name, f"{codes.CATEGORIES.get(allegation.category, '')}: {summary}{outcome}")
    for clock in sorted(case.running.values(), key=lambda one: one.due_at)[:3]:
        if clock.paused_at is None:
            words = due_words(clock.due_at, sheet.at, sheet.practice.calendar)
            yield Fact(clock_label(sheet.practice.flow, clock.key), words.text[:1].upper() + words.text[1:])


def _tasks(name: str, sheet: Sheet, form: MoveForm) -> Iterator[Task]:
    case, reference = sheet.case, sheet.referral.reference
    if name == "everyone_told":
        yield Task(ALL_AT_ONCE, MISSING, "soon", url_for("telling.record", reference=reference))
        for audience in unanswered(case):
            words = f"Whether told: {codes.AUDIENCES[audience].lower()}"
            yield Task(words, MISSING, "soon", make_href(reference, "tell", audience=audience))
    elif name == "onward_referrals_decided":
        for body in ONWARD_BODIES:
            if body not in case.onward:
                words = f"Whether to refer on: {codes.BODIES[body]}"
                yield Task(words, MISSING, "soon", make_href(reference, "decide_onward", body=body))
    elif name in FACTS:
        yield Task(_sentence(name), MISSING, "soon", _mending(name, reference))
    elif name != "state":
        yield Task(_sentence(name), MISSING, "soon", f"#{form[name].id}" if name in form else "")


def make_href(reference: str, move: str, **presets: Any) -> str:
    """The form of a move, with some of it filled in."""
    return url_for("moves.make", reference=reference, move=move, **presets)


def _mending(name: str, reference: str) -> str:
    if name in RECORDABLE:
        return make_href(reference, "record_fact", fact=name)
    return make_href(reference, MENDED_BY[name]) if name in MENDED_BY else ""


def _sentence(name: str) -> str:
    words = in_words(name)
    return f"{words[:1].upper()}{words[1:]}"
