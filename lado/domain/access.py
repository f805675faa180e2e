"""A partner's access to a referral in words: whether it is open at an instant, and if not, why not. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

OPEN, ENDED, LAPSED, SHUT, LEFT, SUBJECT = "open", "ended", "lapsed", "shut", "left", "subject"

STATES: Mapping[str, str] = {
    OPEN: "Can follow it",
    ENDED: "Ended",
    LAPSED: "Ended by itself",
    SHUT: "Their account is shut",
    LEFT: "They are with another organisation now",
    SUBJECT: "Has the name of the adult it is about",
}
"""Each state as a page says it."""

MADE_THE_REFERRAL = "They made the referral."
"""Why somebody follows a referral that an officer logged in their name."""


class Facts(NamedTuple):
    """What decides about one grant: its dates, and how its person stands. `account_ended_at`: shut, or by itself."""

    granted_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    account_ended_at: datetime | None
    is_of_the_agency: bool
    is_subject: bool


def state_of(facts: Facts, at: datetime) -> str:
    """The state of a grant at an instant. What a person did says more than what happened by itself."""
    if facts.is_subject:
        return SUBJECT
    if facts.ended_at is not None and facts.ended_at <= at:
        return ENDED
    if facts.account_ended_at is not None and facts.account_ended_at <= at:
        return SHUT
    if not facts.is_of_the_agency:
        return LEFT
    if facts.ends_at is not None and facts.ends_at <= at:
        return LAPSED
    return OPEN
