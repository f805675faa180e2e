"""Messages that failed, as pages say them: to whom, why, and who has each in their place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from lado.queries.notices import NOT_THEIRS, Failed
from lado.security.identity import Identity
from lado.security.permissions import Permission
from lado.security.policy import can
from lado.web.due import day_words
from lado.web.templating import time
from lado.web.who_has import name_of


@dataclass(frozen=True)
class Undelivered:
    """One message that failed. `again` is where to send it once more, empty for whoever may not."""

    id: str
    subject: str
    to: str
    written: str
    why: str
    instead: str
    again: str


def undelivered(
    failed: Iterable[Failed], names: Mapping[int, str], at: datetime, who: Identity
) -> tuple[Undelivered, ...]:
    """The messages that failed, for one person."""
    return tuple(
        Undelivered(
            f"undelivered-{place}",
            one.subject,
            name_of(one.account_id, names),
            _when(one.created_at, at),
            _why(one, at),
            _instead(one, names),
            url_for("notices.send_again", notice_id=one.id) if _may_repeat(who, one) else "",
        )
        for place, one in enumerate(failed, 1)
    )


def people_in(failed: Iterable[Failed]) -> set[int]:
    """Everyone whose name these messages need."""
    return {person for one in failed for person in (one.account_id, one.next_id) if person is not None}


def _why(one: Failed, at: datetime) -> str:
    words = one.failure or "no reason given"
    return f"{words[0].upper()}{words[1:]} ({_when(one.failed_at, at)})"


def _instead(one: Failed, names: Mapping[int, str]) -> str:
    if one.next_id is None:
        return "Nobody yet: nobody else is there to be told"
    return f"{name_of(one.next_id, names)}, {'sent' if one.is_with_next else 'not sent yet'}"


def _may_repeat(who: Identity, one: Failed) -> bool:
    """Whoever it is not for any more is not written to again, whoever asks."""
    return one.failure not in NOT_THEIRS and can(who, Permission.NOTICE_REPEAT, one)


def _when(instant: datetime, at: datetime) -> str:
    words = day_words(instant, at)
    return f"{time(instant)} {'' if words == 'today' else 'on '}{words}"
