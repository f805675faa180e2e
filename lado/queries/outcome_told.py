"""Who of those concerned with a case has not the outcome yet: read from the record, person by person."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from lado.domain.partner_outcomes import OPEN, RELEASED, release_of
from lado.queries.case_file import CaseFile
from lado.queries.telling import audiences
from workflows.events import AccessEnded, AccessGiven, Event, OutcomeDecided

NOBODY = 0
"""No account has this id: what is released to everybody who follows counts for whoever has none as well."""


class Unreleased(NamedTuple):
    """How the outcome stands for the referrer: `referrer` is a stage of `domain.partner_outcomes`.

    `others` are the accounts of those who follow the case besides, and to whom it is not released.
    """

    referrer: str
    others: tuple[int, ...]


def unreleased(file: CaseFile, at: datetime) -> Unreleased:
    """Who must not hear the outcome from us at an instant. Nobody has anything to hear where none was decided.

    The referrer has it who was told in another way since it was decided, as the record says.
    """
    entries = [(entry.event, entry.recorded_at) for made in file.made for entry in made.entries]
    decided = [recorded_at for event, recorded_at in entries if isinstance(event, OutcomeDecided)]
    if not decided:
        return Unreleased(RELEASED, ())
    opened_at = entries[0][1]
    referrer = next((event.partner for event, when in _given(entries) if when == opened_at), NOBODY)
    stage = release_of(entries, referrer).stage
    told = RELEASED if stage == OPEN and _was_told(file, decided[-1]) else stage
    others = sorted(_following(entries, at) - {referrer})
    return Unreleased(told, tuple(one for one in others if release_of(entries, one).stage != RELEASED))


def _was_told(file: CaseFile, since: datetime) -> bool:
    """Whether the referrer was told the outcome since it was decided."""
    (referrer,) = (one for one in audiences(file) if one.key == "referrer")
    told = referrer.told[-1] if referrer.told else None
    return told is not None and told.decision == "told" and told.extent != "progress" and told.at >= since


def _given(entries: list[tuple[Event, datetime]]) -> Iterator[tuple[AccessGiven, datetime]]:
    yield from ((event, when) for event, when in entries if isinstance(event, AccessGiven))


def _following(entries: list[tuple[Event, datetime]], at: datetime) -> set[int]:
    """Who may follow the case at an instant, as far as its record says."""
    found: set[int] = set()
    for event, _ in entries:
        if isinstance(event, AccessGiven) and (event.ends_at is None or event.ends_at > at):
            found.add(event.partner)
        elif isinstance(event, AccessEnded):
            found.discard(event.partner)
    return found
