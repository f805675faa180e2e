"""Sessions in the words of a page."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from lado.domain.devices import words_of
from lado.queries.logins import OpenSession
from lado.services.open_sessions import digest


class SessionView(NamedTuple):
    """One session: where it is, since when, when it was last used, and whether it is this very one."""

    key: str
    where: str
    since_at: datetime
    used_at: datetime
    is_this: bool


def sessions_of(found: Iterable[OpenSession], reference: str) -> list[SessionView]:
    """The sessions of a person; `reference` is that of the one in which they look."""
    here = digest(reference)
    return [
        SessionView(one.key, words_of(one.device), one.created_at, one.seen_at, one.digest == here) for one in found
    ]


def minutes(span: timedelta) -> int:
    """Whole minutes."""
    return int(span.total_seconds() // 60)
