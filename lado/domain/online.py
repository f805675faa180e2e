"""A referral as somebody outside the council writes it on line: its parts, and what it says once all are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from lado.domain.self_check import HARMS
from workflows.london import LONDON

YOU, ADULT, WHAT, CHILDREN, TOLD = "you", "adult", "what", "children", "told"

PARTS: Mapping[str, str] = {
    YOU: "About you",
    ADULT: "The adult it is about",
    WHAT: "What happened",
    CHILDREN: "The children",
    TOLD: "Who knows about it",
}
"""The parts in the order of the list, each with its title. Every one is asked for; files may be added."""

HARM_WORDS: Mapping[str, str] = {
    "physical": "Physical: hit, pushed, held, or put at risk of injury",
    "emotional": "Emotional: shouted at, humiliated, frightened",
    "sexual": "Sexual: touching, pictures, messages, a relationship",
    "neglect": "Neglect: not looked after, not kept safe",
    "conduct": "Something else, such as how they behave outside work",
}
"""The kinds of harm in the words of whoever refers."""

TOLD_ALREADY: Mapping[str, str] = {
    "police": "The police",
    "social_care": "Children’s social care",
    "parents": "The child’s parents or carers",
    "adult": "The adult it is about",
    "head": "The person in charge where they work",
    "nobody": "Nobody yet",
}
"""Who may know already."""

ON_LINE = "Referred on line"
"""The organisation of those who began without an account, until an officer knows better: what they say is asked."""

SOURCES_OF: Mapping[str, str] = {
    "school": "education",
    "college": "education",
    "police": "police",
    "nursery": "early_years",
    "health": "health",
    "care_provider": "employer",
    "hr": "employer",
    "voluntary": "voluntary",
    "faith": "faith",
}
"""What somebody of an agency of a kind most often is; they may say otherwise."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that was said, once every part is written. Codes are those of `lado.domain.codes`; "" is not said.

    `organisation` is said only by those whose account names none. `adult` and each child are words, as a referral keeps
    them. `employer_aware_at` is the earliest instant that it can have been.
    """

    source: str
    organisation: str
    role: str
    phone: str
    reach: str
    adult: Mapping[str, Any]
    setting: str
    sector: str
    category: str
    summary: str
    incident_from_on: date | None
    incident_to_on: date | None
    incident_precision: str
    employer_aware_at: datetime | None
    children: tuple[Mapping[str, Any], ...]
    children_safe: str
    safety_steps: str
    told: tuple[str, ...]
    told_more: str


def beginning(day: date | None) -> datetime | None:
    """The earliest instant that something known by its day only can have been; None stays None."""
    return datetime.combine(day, time.min, tzinfo=LONDON) if day else None


def notes(answers: Answers, harms: tuple[str, ...]) -> str:
    """What the officer reads beside the answers that a case has a place for: a line each."""
    told = "; ".join(TOLD_ALREADY[code] for code in answers.told if code in TOLD_ALREADY)
    lines = [
        f"How to reach the referrer safely: {answers.reach}" if answers.reach else "",
        f"Told already, the referrer says: {told}" if told else "",
        answers.told_more,
        *(f"The referrer’s own check: {HARMS[code]}" for code in harms if code in HARMS),
    ]
    return "\n".join(line for line in lines if line)
