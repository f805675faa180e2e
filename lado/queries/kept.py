"""What one consistent view for reading was asked already: nothing changes in it, so it need not be asked again."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

Answer = TypeVar("Answer")
KEPT = "answers kept"
"""Under which name a session for reading keeps its answers; one that writes keeps none."""


def keep_answers(session: Session) -> None:
    """Let this session, which only reads, keep what it was asked."""
    session.info[KEPT] = {}


def once(session: Session, question: Hashable, read: Callable[[], Answer]) -> Answer:
    """The answer that this view gave before, or else the one that it gives now. In a session that writes: ask it."""
    kept: dict[Hashable, Any] | None = session.info.get(KEPT)
    if kept is None:
        return read()
    if question not in kept:
        kept[question] = read()
    answer: Answer = kept[question]
    return answer
