"""Whether one partner may see the outcome of a case, as its record says: released, withheld, or neither yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workflows.events import (
    Event,
    OutcomeAcknowledged,
    OutcomeDecided,
    OutcomeReleased,
    OutcomeReleasedTo,
    OutcomeWithheld,
)

OPEN, RELEASED, WITHHELD = "open", "released", "withheld"
KINDS = ("OutcomeDecided", "OutcomeReleased", "OutcomeReleasedTo", "OutcomeWithheld", "OutcomeAcknowledged")
"""The events that say so, by the names under which the record knows them."""


@dataclass(frozen=True, slots=True)
class Release:
    """How the outcome stands for one partner: `stage` is open, released or withheld; `outcomes` by allegation.

    `since_at` is when it was released or withheld; `acknowledged_at` when they said that they have read it.
    """

    stage: str = OPEN
    outcomes: Mapping[int, str] = field(default_factory=dict)
    since_at: datetime | None = None
    acknowledged_at: datetime | None = None

    @property
    def is_decided(self) -> bool:
        """Whether there is an outcome at all."""
        return bool(self.outcomes)


def release_of(entries: Iterable[tuple[Event, datetime]], partner: int) -> Release:
    """How the outcome stands for this partner after these entries, each with when it was recorded.

    What is decided later is not released by what was released before; what is withheld stays withheld.
    """
    found = Release()
    for event, at in entries:
        found = _after(found, event, at, partner)
    return found


def _after(found: Release, event: Event, at: datetime, partner: int) -> Release:
    if isinstance(event, OutcomeDecided):
        outcomes = {**found.outcomes, event.allegation: event.outcome}
        return Release(found.stage, outcomes, found.since_at) if found.stage == WITHHELD else Release(OPEN, outcomes)
    if isinstance(event, OutcomeReleased):
        return found if found.stage == WITHHELD else Release(RELEASED, found.outcomes, at)
    if getattr(event, "partner", None) != partner:
        return found
    if isinstance(event, OutcomeReleasedTo):
        return Release(RELEASED, found.outcomes, at)
    if isinstance(event, OutcomeWithheld):
        return Release(WITHHELD, found.outcomes, at)
    if isinstance(event, OutcomeAcknowledged) and found.stage == RELEASED:
        return Release(RELEASED, found.outcomes, found.since_at, at)
    return found
