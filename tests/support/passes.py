"""Passes of the escalation in tests: an instant as it is written in a table, and what a pass says it did."""

from datetime import UTC, datetime


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def counts(escalated: int = 0, notices: int = 0, nobody_on_cover: int = 0, set_aside: int = 0) -> dict[str, int]:
    """What a pass reports."""
    return {
        "escalated": escalated,
        "notices": notices,
        "nobody_on_cover": nobody_on_cover,
        "set_aside": set_aside,
    }


QUIET = counts()
