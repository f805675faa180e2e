"""The matrix of a case in plain values: what each audience may be told, whether it was told, and what comes next."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup, escape

from lado.domain.codes import AUDIENCES, EXTENTS
from lado.domain.letter_texts import SHIPPED
from lado.domain.letters import Kind
from lado.domain.telling import ONLY_AGREED, POLICE_AT_WORK, police_at_work
from lado.queries.case_file import CaseFile
from lado.queries.telling import Audience, audiences
from lado.web.components import TimelineItem
from lado.web.due import due_words
from lado.web.letters.presenters import new_href
from lado.web.referrals.corrected import told_in_words
from lado.web.referrals.words import texts
from lado.web.telling.forms import Default
from lado.web.templating import day_short, tag_class
from lado.web.who_has import name_of
from workflows.facts import unanswered
from workflows.model import NEXT_UPDATE

LINK = Markup('<a class="govuk-link" href="{}">{}<span class="govuk-visually-hidden">: {}</span></a>')
NOTE = Markup('<span class="govuk-hint govuk-!-margin-bottom-0">{}</span>')
STRONG = Markup("<strong>{}</strong>")
TAG = Markup('<strong class="{}">{}</strong>')
COLUMNS = ("Who", "May be told", "Told, or why not", "What next")
TOLD_WHAT: Mapping[str, str] = {"outcome": "They heard the outcome.", "progress": "They heard what is happening."}
NOTHING_AGREED = "Nothing agreed yet"
NOT_RECORDED = "Not recorded yet"
NOT_KNOWN = "Whether they were told is not recorded yet"
BY_EMPLOYER = "The employer tells them, never the designated officer."
NO_CHILD_PLACED = "No child on this case is placed here by another authority."
NO_REFERRAL = "It was decided that no referral to a regulator is needed."

NOTES: Mapping[str, str] = {
    "subject": BY_EMPLOYER,
    "parents": "In confidence; of the hearing the outcome only.",
    "child": "In words for their age.",
    "regulator": "The DBS, Ofsted, the Teaching Regulation Agency and others, where one is concerned.",
    "placing_authority": "Where a child is placed here by another council.",
}
"""What is always to be kept in mind of an audience."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole page. `rows` as `COLUMNS`; `police`: what to say where they are at work; `answered` have an answer."""

    reference: str
    rows: tuple[tuple[Markup, ...], ...]
    police: str
    answered: int
    history: tuple[TimelineItem, ...]


def matrix(file: CaseFile, at: datetime, *, may_record: bool) -> Matrix:
    """The matrix of a case. `may_record`: with the ways to record what is missing."""
    found = audiences(file)
    return Matrix(
        file.reference,
        tuple(_row(file, one, at, may_record=may_record) for one in found),
        POLICE_AT_WORK if file.is_open and police_at_work(file.case, file.practice) else "",
        len(AUDIENCES) - len(unanswered(file.case)),
        tuple(_history(found, file.names)),
    )


def so_far(file: CaseFile) -> dict[str, str]:
    """For the forms: what stands of each audience by now, in a line."""
    return {one.key: _so_far(one) for one in audiences(file)}


def defaults(file: CaseFile) -> dict[str, Default]:
    """Audiences without an answer that have no part in the case by its record, once the outcome is decided."""
    allegations = file.case.allegations.values()
    if not allegations or not all(allegation.outcome for allegation in allegations):
        return {}
    open_ones, found = unanswered(file.case), {}
    if "placing_authority" in open_ones and _is_no_child_placed(file):
        found["placing_authority"] = Default("not_concerned", NO_CHILD_PLACED)
    if "regulator" in open_ones and file.case.onward.get("regulator") == "not_needed":
        found["regulator"] = Default("not_concerned", NO_REFERRAL)
    return found


def pointed_out(file: CaseFile, recorded: Sequence[str]) -> str:
    """What went beyond what was agreed among what was just recorded of these audiences; empty where nothing did."""
    found = {one.key: one.beyond(one.telling) for one in audiences(file) if one.telling is not None}
    by_how: dict[str, list[str]] = {}
    for audience in recorded:
        if how := found.get(audience):
            by_how.setdefault(how, []).append(AUDIENCES[audience].split(",")[0].lower())
    sentences = [f"Recorded as told {how}: {', '.join(who)}." for how, who in by_how.items()]
    beyond = [audience for audience in recorded if found.get(audience) and audience in ONLY_AGREED]
    if beyond and police_at_work(file.case, file.practice):
        sentences.append(POLICE_AT_WORK)
    return " ".join(sentences)


def _row(file: CaseFile, one: Audience, at: datetime, *, may_record: bool) -> tuple[Markup, ...]:
    following = _next(file, one, at, may_record=may_record)
    return _who(one), _may_be_told(one, file.names), _told(one, file.names), following


def _who(one: Audience) -> Markup:
    note = NOTES.get(one.key, "")
    return _lines(AUDIENCES[one.key], NOTE.format(note) if note else "")


def _may_be_told(one: Audience, names: Mapping[int, str]) -> Markup:
    if one.agreement is None:
        return escape(NOTHING_AGREED)
    words = one.agreement.words
    return _lines(
        STRONG.format(EXTENTS[one.agreement.extent]),
        words.get("what", ""),
        f"Why: {words['reason']}" if words.get("reason") else "",
        f"Agreed by: {words.get('agreed_by', 'not said')}",
        NOTE.format(f"Recorded by {name_of(one.agreement.by_id, names)}, {day_short(one.agreement.at)}"),
    )


def _told(one: Audience, names: Mapping[int, str]) -> Markup:
    telling = one.telling
    if telling is None:
        return TAG.format(tag_class("soon"), NOT_RECORDED)
    beyond = one.beyond(telling)
    return _lines(
        STRONG.format(told_in_words(telling)),
        TOLD_WHAT.get(telling.extent, ""),
        *texts(dict(telling.words)),
        "Recorded of parents and child as one" if telling.as_one else "",
        STRONG.format(f"Told {beyond}.") if beyond else "",
        NOTE.format(f"Recorded by {name_of(telling.by_id, names)}, {day_short(telling.at)}"),
    )


def _next(file: CaseFile, one: Audience, at: datetime, *, may_record: bool) -> Markup:
    """What comes next for an audience, a line each: what can be recorded, and whatever else there is to do for it."""
    found: list[str] = []
    if may_record:
        words = "Record it" if one.telling is None else "Record again"
        found.append(_link(words, one, "moves.make", reference=file.reference, move="tell", audience=one.key))
        found.append(LINK.format(_letter(file.reference, one), "Write a letter", AUDIENCES[one.key].lower()))
    if one.key == "referrer" and file.is_open:
        clock = file.case.running.get(NEXT_UPDATE)
        due = due_words(clock.due_at, at, file.practice.calendar).text if clock is not None else "none promised"
        found.append(f"Next update: {due}")
        found += [_link("Promise or record an update", one, "updates.show", reference=file.reference)] * may_record
    return _lines(*found)


def _letter(reference: str, one: Audience) -> str:
    """Where a letter to them is written: that which says what was agreed, or else the list of all that there are."""
    kind = Kind(one.key, one.agreement.extent if one.agreement is not None else "")
    return new_href(reference, kind) if kind in SHIPPED else url_for("letters.of_case", reference=reference)


def _link(words: str, one: Audience, to: str, **where: Any) -> Markup:
    return LINK.format(url_for(to, **where), words, AUDIENCES[one.key].lower())


def _lines(*found: str) -> Markup:
    """Lines one below the other, words as they were written; what is empty is left out."""
    lines = (part for text in found if text for part in ([text] if isinstance(text, Markup) else text.splitlines()))
    return Markup("<br>").join(lines)


def _so_far(one: Audience) -> str:
    agreed = f"Agreed: {EXTENTS[one.agreement.extent].lower()}" if one.agreement is not None else NOTHING_AGREED
    return f"{agreed}. {told_in_words(one.telling) if one.telling is not None else NOT_KNOWN}."


def _history(found: Iterable[Audience], names: Mapping[int, str]) -> Iterator[TimelineItem]:
    """Everything that was agreed and recorded, the newest first, each audience with what it had before."""
    items = []
    for one in found:
        who = AUDIENCES[one.key]
        for agreement in one.agreed:
            title = f"{who}: agreed, {EXTENTS[agreement.extent].lower()}"
            body = "\n".join(texts(dict(agreement.words)))
            items.append(TimelineItem(title, agreement.at, name_of(agreement.by_id, names), body))
        for telling in one.told:
            title = f"{who}: {told_in_words(telling)[:1].lower()}{told_in_words(telling)[1:]}"
            body = "\n".join(texts(dict(telling.words)))
            items.append(TimelineItem(title, telling.at, name_of(telling.by_id, names), body))
    return iter(sorted(items, key=lambda item: item.at, reverse=True))


def _is_no_child_placed(file: CaseFile) -> bool:
    """Whether children are named on the case and the record says of none that another authority placed them here."""
    children = [
        entry.words for made in file.made for entry in made.entries if getattr(entry.event, "role", "") == "child"
    ]
    return bool(children) and not any("placed" in words.get("flags", ()) for words in children)
