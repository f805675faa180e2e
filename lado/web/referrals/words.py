"""Say the plain answers and the sealed words of a ledger entry as labelled lines, codes in the field's own words."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from lado.domain import codes
from lado.domain.files import KINDS
from lado.domain.letters import OCCASIONS
from lado.web.templating import day, moment_full
from workflows.facts import ANSWERS, FACTS

ROLES: Mapping[str, str] = {
    "subject": "Subject",
    "referrer": "Referrer",
    "child": "Child",
    "witness": "Witness",
    "family": "Parent or carer",
    "employer": "Contact at the employer",
    "professional": "Someone from another agency",
}

DECISIONS: Mapping[str, str] = {**codes.TELLINGS, "not_told": "Not told", **codes.ONWARD_DECISIONS}

CODES: Mapping[str, Mapping[Any, str]] = {
    "audience": {**codes.AUDIENCES, **codes.FORMER_AUDIENCES},
    "body": codes.BODIES,
    "basis": codes.WORK_BASES,
    "category": codes.CATEGORIES,
    "channel": codes.CHANNELS,
    "date": codes.DATES,
    "children_safe": codes.SAFE_NOW,
    "decision": DECISIONS,
    "delay_reason": codes.DELAY_REASONS,
    "event": codes.EVENTS,
    "file_kind": {key: kind.label for key, kind in KINDS.items()},
    "evidence": codes.EVIDENCE,
    "extent": codes.EXTENTS,
    "flags": codes.CHILD_FLAGS,
    "fact": {name: fact.missing for name, fact in FACTS.items()},
    "holder": {"officer": "An officer", "partner": "A partner", "outsider": "Someone without an account", **codes.BALL},
    "limbs": codes.LIMBS,
    "occasion": OCCASIONS,
    "outcome": codes.OUTCOMES,
    "role": ROLES,
    "sector": codes.SECTORS,
    "source": codes.SOURCES,
    "status": codes.STRAND_STATUSES,
    "stop_reason": codes.STOP_REASONS,
    "strand": codes.STRANDS,
}
"""Which code list the answer of a name is taken from."""

LABELS: Mapping[str, str] = {
    "agency": "Agency",
    "agreed_by": "Agreed by",
    "allegation": "Alleged",
    "attachment": "Number",
    "basis": "Basis of work",
    "born_on": "Born on",
    "children_safe": "Are the children safe now",
    "closing_note": "Closing note",
    "contact": "Contact",
    "digest": "Digest of what was sealed (SHA-256)",
    "email": "E-mail",
    "extent": "How much",
    "file_kind": "Kind",
    "flags": "Needs to be known",
    "information_from": "Asked of",
    "information_on": "By when",
    "is_police": "Police information",
    "known_as": "Known as",
    "late_reason": "Why it was entered later",
    "letter": "Number",
    "limbs": "Limbs",
    "missing_information": "What is missing",
    "more": "More",
    "notes": "Notes",
    "occasion": "About",
    "phone": "Telephone",
    "plan": "Plan",
    "planned_at": "Planned for",
    "police_lead": "Police lead",
    "progress_employer": "The employer",
    "progress_police": "The police",
    "progress_regulator": "The regulator",
    "progress_social_care": "Children’s social care",
    "rationale": "Reasons",
    "reason": "Reason",
    "review_on": "Next review on",
    "size": "Bytes",
    "stop_reason": "Why it does not apply",
    "told": "Told",
    "told_on": "Told on",
    "who": "Who does it",
}
"""Answers and words whose label on the record is shorter than in a refusal, or which no move asks for."""

NOT_SAID = frozenset({"people", "allegations", "user", "number", "clock", "occurrence", "by"})
"""What the other entries of the same move say better."""


NOTED: Mapping[str, str] = {
    "attach_file": "A file came",
    "extend_clock": "More time for a clock",
    "make_letter": "A letter or an e-mail went out",
    "pause_clock": "A clock stands still",
    "keep_clock_paused": "A pause was reviewed and goes on",
    "resume_clock": "A clock runs again",
    "stop_clock": "A clock was stopped",
    "take_over": "The case was taken over",
}
"""What is noted on the record and is no move of the procedure."""


def label(name: str) -> str:
    """What an answer is called on the record."""
    known = LABELS.get(name) or ANSWERS.get(name) or name.replace("_", " ").removesuffix(" at").removesuffix(" on")
    known = known.removeprefix("the ")
    return known[:1].upper() + known[1:]


def code(name: str, value: Any) -> str:
    """A code in words; one that no list knows stands as it was written."""
    known = CODES.get(name, {})
    return known.get(value) or str(value).replace("_", " ")


def lines(said: Mapping[str, Any], names: Mapping[int, str]) -> list[str]:
    """Labelled lines for the answers or words of one entry; what was left empty is left out."""
    return [f"{label(name)}: {text}" for name, text in _pairs(said, names)]


def texts(said: Mapping[str, Any]) -> list[str]:
    """The same without a label where there is only one."""
    found = list(_pairs(said, {}))
    return [found[0][1]] if len(found) == 1 else [f"{label(name)}: {text}" for name, text in found]


def _pairs(said: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for name, value in said.items():
        is_said_before = name == f"{said.get('event')}_at"  # the moment of an event stands under two names
        if name not in NOT_SAID and not is_said_before and (text := _value(name, value, names)):
            yield name, text


def _value(name: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None or value == "" or value == () or value == []:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment_full(value)
    if isinstance(value, date):
        return day(value)
    if name.endswith("_on") and isinstance(value, str):
        return _day_in_words(value)
    if name == "outcomes" and isinstance(value, Mapping):
        return "; ".join(f"allegation {number}: {code('outcome', outcome)}" for number, outcome in value.items())
    if name == "owner":
        return names.get(value, "an officer")
    if isinstance(value, list | tuple):
        return "; ".join(code(name, item) for item in value)
    return code(name, value) if name in CODES else str(value)


def _day_in_words(value: str) -> str:
    """A day that was sealed as text; one that was never a day stands as it was written."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
