"""Which words of a record have a permission of their own: what the police said, and where a child can be reached.

Whoever knows where a child is can press it to take back what it said, and a warning destroys evidence. Access to single
fields: OWASP ASVS 5.0, 8.2.3. What is meant is said here once; ADR 35 says why.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from workflows.events import AllegationAdded, Event, MessageSent, Moved, Noted, Opened, PersonAdded


class Kept(StrEnum):
    """What a permission of its own is for."""

    POLICE = "police"
    CHILD_CONTACT = "child contact"


IN_PLACE: Mapping[Kept, str] = {
    Kept.POLICE: "Police information is kept for those who work the case.",
    Kept.CHILD_CONTACT: "How to reach a child or a family is kept for those who work the case.",
}
"""What stands in the place of the words for whoever may not read them."""

POLICE = "police"

POLICE_WORDS = frozenset({"police_lead", "progress_police"})
"""Words that are the police's wherever they stand."""

POLICE_MOVES = frozenset({"pause_for_police", "resume"})
"""Moves of which everything written is about what the police do."""

POLICE_ANSWERS: Mapping[str, Any] = {
    "strand": POLICE,
    "fact": "police_consulted",
    "delay_reason": POLICE,
    "is_police": True,
}
"""Plain answers with which everything written is: the strand, the fact, the reason of a delay, a note that says so."""

FROM_POLICE = {"source": POLICE, "channel": "police_notice"}
"""How a referral came that the police made: what they said happened is theirs as well."""

FAMILY = frozenset({"child", "family"})
"""The parts on a case of whom only PLAIN is for everybody."""

PLAIN = frozenset({"name", "known_as", "born_on", "role", "flags"})
"""All else that is known of a child leads to it: telephone, address, school, social worker, whatever was added."""


def is_from_police(opened: Opened) -> bool:
    """Whether the police made the referral."""
    return any(getattr(opened, name) == value for name, value in FROM_POLICE.items())


def kept(
    event: Event, words: Mapping[str, Any], opened: Opened, *, by: int | None, police: Collection[int], at_first: bool
) -> dict[str, Kept]:
    """Of the words that were sealed with an event those that have a permission of their own, by their name.

    `opened` is the opening of the case, `by` the account that recorded the event, `police` the accounts of the police
    who follow the case or wrote on it; `at_first`: the event was recorded together with the opening.
    """
    if isinstance(event, PersonAdded):
        return _of_person(event, words, opened)
    if isinstance(event, Opened):
        return _of_opening(opened, words, by in police)
    is_theirs = by in police or _is_with_police(event, police) or _is_about_police(event)
    if isinstance(event, AllegationAdded):
        is_theirs = is_theirs or (at_first and is_from_police(opened))
    found = dict.fromkeys(words if is_theirs else words.keys() & POLICE_WORDS, Kept.POLICE)
    if _police_hold(event) and "reason" in words:
        found["reason"] = Kept.POLICE  # of a clock that stands still; its review is in words of our own
    return found


def _of_person(event: PersonAdded, words: Mapping[str, Any], opened: Opened) -> dict[str, Kept]:
    is_family = event.role in FAMILY or (event.role == "referrer" and opened.source in ("parent", "child"))
    return dict.fromkeys((name for name in words if name not in PLAIN), Kept.CHILD_CONTACT) if is_family else {}


def _of_opening(opened: Opened, words: Mapping[str, Any], is_by_police: bool) -> dict[str, Kept]:
    """The notes: what the police said, or how a parent or a child who referred on line is reached safely."""
    if "notes" not in words:
        return {}
    if is_by_police or is_from_police(opened):
        return {"notes": Kept.POLICE}
    is_family = opened.channel == "online" and opened.source in ("parent", "child")
    return {"notes": Kept.CHILD_CONTACT} if is_family else {}


def _is_with_police(event: Event, police: Collection[int]) -> bool:
    """Whether it was written to somebody of the police, or what they are asked to do."""
    if isinstance(event, MessageSent):
        return event.partner in police
    return isinstance(event, Noted) and event.kind == "set_action" and event.answers.get("user") in police


def _is_about_police(event: Event) -> bool:
    if isinstance(event, Moved):
        return event.move in POLICE_MOVES
    return isinstance(event, Noted) and any(event.answers.get(name) == said for name, said in POLICE_ANSWERS.items())


def _police_hold(event: Event) -> bool:
    return isinstance(event, Noted) and event.answers.get("holder") == POLICE
