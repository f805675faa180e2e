"""What someone tries to do to a case, and the answer when it cannot be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from workflows.case import NOTHING


def is_date(name: str) -> bool:
    """Whether an answer of this name is an instant (`_at`) or a day (`_on`)."""
    return name.endswith(("_at", "_on"))


class Attempt(NamedTuple):
    """A move that someone makes: which, when, with which plain answers and which words.

    `at` is the instant of recording (aware). Answers are codes, numbers, instants and days; words are what has to be
    sealed. The engine asks whether words were given and never copies them into an event.
    """

    move: str
    at: datetime
    answers: Mapping[str, Any] = NOTHING
    words: Mapping[str, Any] = NOTHING

    def says(self, name: str) -> bool:
        """Whether the answer was given, in codes or in words. An instant or a day is never in words: clocks need it."""
        value = self.answers.get(name)
        if value or value == 0:  # no and 0 are answers; nothing, no text and an empty list are not
            return True
        value = None if is_date(name) else self.words.get(name)
        return bool(value) or value == 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a move cannot be made now: the state it is not open in, or what is missing, by name and in words."""

    move: str
    reason: str
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Be false, so that `if decided := decide(...)` reads as it means."""
        return False


class MoveUnknown(LookupError):
    """The procedure has no move of this name: a fault in the calling code, never a person's mistake."""
