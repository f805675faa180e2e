"""The one place that reads the time. Everything else is told."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from workflows.london import LONDON, london_day

__all__ = ["LONDON", "Clock", "FixedClock", "SystemClock", "london_day"]


class Clock(Protocol):
    """Something that knows what time it is, as an aware instant in UTC."""

    def now(self) -> datetime:
        """Say the present instant."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Say the present instant."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: a year of a council passes in seconds."""

    def __init__(self, at: datetime) -> None:
        """Stand at an aware instant."""
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Say the instant at which the clock stands."""
        return self.at

    def advance(self, **span: float) -> None:
        """Move on by a timedelta, given in its own words: hours=2, days=1."""
        self.at += timedelta(**span)

    def move_to(self, at: datetime) -> None:
        """Stand at another instant."""
        self.at = at.astimezone(UTC)
