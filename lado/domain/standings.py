"""How a case stood from one recording to the next, and how the spans over any instant are found without a long search.

Each span hangs at one node of a tree over the hours: the highest one that the span touches. Whatever covers an instant
hangs on the path to its hour, so a few look-ups find it, however long the history is (the relational interval tree of
Kriegel, Pötke and Seidl, 2000).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from lado.domain.projection import standing
from workflows.case import Case
from workflows.events import Event
from workflows.fold import apply
from workflows.registry import PROCEDURES

UNTIL_NOW = 0
"""The node of a span that still goes on."""

LEVELS = 24
"""Levels of the tree: enough hours for any instant up to the year 3883."""

SECONDS_OF_AN_HOUR = 3600


class Span(NamedTuple):
    """How a case stood from an instant until another (None: until now)."""

    from_at: datetime
    until_at: datetime | None
    stood: Mapping[str, Any]

    @property
    def columns(self) -> dict[str, Any]:
        """The span as the table has it."""
        return {"from_at": self.from_at, "until_at": self.until_at, "node": node(self.from_at, self.until_at)} | dict(
            self.stood
        )


def node(from_at: datetime, until_at: datetime | None) -> int:
    """Where a span hangs in the tree: the hour within it that the most spans could share."""
    if until_at is None:
        return UNTIL_NOW
    first, last = _hour(from_at), _hour(until_at)
    level = ((first - 1) ^ last).bit_length() - 1
    return last >> level << level


def path(at: datetime) -> tuple[int, ...]:
    """The nodes at which every span over this instant hangs."""
    hour = _hour(at)
    return (UNTIL_NOW, *((hour >> level | 1) << level for level in range(LEVELS)))


def history(entries: Iterable[tuple[Event, datetime]]) -> list[Span]:
    """Every span of a case, from its events and when each was recorded, in order of their numbers."""
    spans: list[Span] = []
    case, before = Case(), None
    for at, together in groupby(entries, key=lambda entry: entry[1]):
        for event, _ in together:
            apply(case, event)
        stands = standing(case, PROCEDURES[case.procedure, case.version])
        if stands != before:
            spans = followed(spans, at, stands)
        before = stands
    return spans


def followed(spans: Sequence[Span], at: datetime, stands: Mapping[str, Any]) -> list[Span]:
    """The spans after the case was found to stand so from an instant on.

    What began then or later is replaced: of several recordings at one instant the last counts, and a recording that
    waited for another one and carries an earlier time stands above it.
    """
    kept = [span for span in spans if span.from_at < at]
    if kept and kept[-1].stood == stands:
        return [*kept[:-1], kept[-1]._replace(until_at=None)]
    if kept:
        kept[-1] = kept[-1]._replace(until_at=at)
    return [*kept, Span(at, None, stands)]


def _hour(at: datetime) -> int:
    return max(int(at.timestamp()), 0) // SECONDS_OF_AN_HOUR
