"""What stands beside the form and on the page after saving: by when to decide, and earlier contacts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from markupsafe import Markup

from lado.domain.dates import birth_doubt, is_late_entry
from lado.queries.contacts import Contact
from lado.queries.ledger import Entry
from lado.queries.logged import RunningClock
from lado.web.case_rows import clock_label, initials
from lado.web.components import DeadlineView
from lado.web.due import day_words, due_words, point
from lado.web.templating import day_short, time
from workflows.events import PersonAdded
from workflows.practice import Practice
from workflows.registry import PROCEDURES
from workflows.rules import due_under

DECISION = "evaluation_decision"


@dataclass(frozen=True)
class DecideBy:
    """By when to decide, as a sentence, and what else to know about the time of receipt."""

    text: str
    note: str = ""


def decide_by(received_at: datetime | None, at: datetime, practice: Practice) -> DecideBy:
    """Say by when the threshold has to be decided if the referral was received then."""
    if received_at is None:
        return DecideBy("Enter when this reached us to see by when to decide.")
    if received_at > at:
        return DecideBy("That moment is still to come. Check the date and the time.")
    rule = practice.rule(DECISION)
    due = due_under(practice.rules, rule, received_at, practice.calendar) if rule else None
    if due is None:
        return DecideBy("Your council’s rules set no limit for the decision.")
    note = ""
    if is_late_entry(received_at, at):
        note = "This reached us more than two hours ago: say below the date why it is entered now."
    if due.at < at:
        note = f"That moment has passed already. {note}".strip()
    if due.provisional:
        note = f"{note} The bank holidays of that time are not known: the date is provisional.".strip()
    return DecideBy(f"If received {_received(received_at, at)}, decide by {point(due.at, at)}.", note)


def _received(received_at: datetime, at: datetime) -> str:
    words = day_words(received_at, at)
    return f"at {time(received_at)} {words}" if words == "today" else f"at {time(received_at)} on {words}"


def doubts(births: Iterable[tuple[str, date | None]], today: date) -> list[str]:
    """Dates of birth that look made up, in sentences. They are shown and stop nothing."""
    return [
        f"The date of birth of {name}, {day_short(born_on)}, {doubt}. Put the real one in its place once it is known."
        for name, born_on in births
        if born_on and (doubt := birth_doubt(born_on, today))
    ]


def births(entries: Iterable[Entry]) -> list[tuple[str, date | None]]:
    """Whose date of birth the record holds."""
    found: list[tuple[str, date | None]] = []
    for entry in entries:
        if isinstance(entry.event, PersonAdded) and entry.words.get("born_on"):
            name = entry.words.get("name") or "someone who is not named"
            found.append((name, date.fromisoformat(entry.words["born_on"])))
    return found


def day_and_time(when: datetime, at: datetime) -> str:
    """15:40, or 15:40 on Friday 20 November when it was another day."""
    words = day_words(when, at)
    return time(when) if words == "today" else f"{time(when)} on {words}"


def contact_rows(contacts: Iterable[Contact]) -> list[tuple[str, ...]]:
    """Earlier contacts as rows of a table: the reference leads to the case, the subject stays initials."""
    return [_row(contact) for contact in contacts]


def _row(contact: Contact) -> tuple[str, ...]:
    case = contact.case
    link = Markup('<a class="govuk-link" href="{}">{}</a>').format(
        url_for("referrals.show", reference=case.reference), case.reference
    )
    state = PROCEDURES[case.procedure, case.procedure_version].state_by_key[case.state].label
    return link, contact.why, f"{initials(case.subject)}, {case.setting}", state, day_short(case.received_at)


def deadline_views(clocks: Iterable[RunningClock], practice: Practice, at: datetime) -> list[DeadlineView]:
    """The clocks that have just started, the most urgent first."""
    found = []
    for clock in clocks:
        words = due_words(clock.due_at, at, practice.calendar)
        label = clock_label(practice.flow, clock.key)
        found.append(
            DeadlineView(
                clock.key, label, clock.due_at, words.text, words.status, words.tone, provisional=clock.is_provisional
            )
        )
    return found
