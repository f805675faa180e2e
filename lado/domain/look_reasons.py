"""Why somebody opens a case that is not theirs: what they may be to a case, and what else they can say. Pure."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

LASTS = timedelta(hours=12)
"""For how long a reason holds: a working day, and no more (a default of this product)."""

LONGEST = 500
"""Characters of what somebody adds in their own words."""


class Tie(StrEnum):
    """What makes a case somebody's to open without being asked why."""

    OVERSIGHT = "oversight"
    NOT_ASKED = "not_asked"
    OWN = "own"
    RECORDED = "recorded"
    ACTION = "action"
    HANDED_OVER = "handed_over"
    TOLD = "told"
    LISTED = "listed"
    LET_IN = "let_in"
    COVER = "cover"
    DUTY = "duty"
    REASON = "reason"


class Why(StrEnum):
    """What somebody says when they are asked."""

    CONTACT = "contact"
    TAKING_OVER = "taking_over"
    MEETING = "meeting"
    EARLIER = "earlier"
    ASKED = "asked"
    OTHER = "other"


WORDS: Mapping[Why, str] = {
    Why.CONTACT: "Somebody rang or wrote about it",
    Why.TAKING_OVER: "I am about to cover it or to take it over",
    Why.MEETING: "It is part of a meeting or a discussion that I am in",
    Why.EARLIER: "I am looking for earlier referrals about the same person",
    Why.ASKED: "A colleague asked me to look at it",
    Why.OTHER: "Another reason",
}
"""Each reason as the form offers it and as the owner of the case reads it."""


class Right(NamedTuple):
    """By what somebody may open a case now; `reason_id` and `why` where they were asked and have said why."""

    tie: Tie
    reason_id: int = 0
    why: str = ""

    def named(self, permission: str) -> str:
        """How the log of reads names the right: the permission, and the reason that was given for this look."""
        return f"{permission} because {self.why}.{self.reason_id}" if self.reason_id else permission


def reason_of(named: str) -> int | None:
    """The number of the reason that a right in the log of reads names, or None."""
    found = re.fullmatch(r"\S+ because [a-z_]+\.(\d+)", named)
    return int(found[1]) if found else None


def problems(why: str, words: str) -> dict[str, str]:
    """What is wrong with a reason, by field (why, words)."""
    found = {}
    if why not in WORDS:
        found["why"] = "Choose why you need to look."
    if why == Why.OTHER and not words.strip():
        found["words"] = "Say why you need to look."
    if len(words) > LONGEST:
        found["words"] = f"Shorten this to {LONGEST} characters or fewer."
    return found
