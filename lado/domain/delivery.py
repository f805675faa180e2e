"""Delivering notices: how long to wait between tries, and who is next when one does not reach its person. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from lado.domain.cover import Cover, on_cover
from lado.domain.escalation import Team, leader

LONGEST_WAIT = timedelta(minutes=5)
MOST_TRIES = 55
"""With waits of 1, 2, 4, 5, 5 ... minutes: more than four hours, so that a mail server's morning off loses nothing, and
what waited is sent within five minutes of its return (defaults of this product)."""

ASKED_OFTEN = timedelta(hours=1)
ASKED_AT_ALL = timedelta(days=4)
"""GOV.UK Notify tries for three days, and then says what became of a message."""


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after this many tries; None when the message is given up."""
    if tries >= MOST_TRIES:
        return None
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_WAIT)


def next_asked_at(sent_at: datetime, at: datetime) -> datetime | None:
    """When the channel is asked next what became of a message: each half minute at first, then each quarter of an hour.

    None when it is too late to hear anything.
    """
    age = at - sent_at
    if age >= ASKED_AT_ALL:
        return None
    return at + (timedelta(seconds=30) if age < ASKED_OFTEN else timedelta(minutes=15))


def next_in_line(person: int, passed_over: Collection[int], team: Team, at: datetime) -> Cover:
    """Say who is told in the person's place, by the one resolver: their cover, or else the nearest leader, or nobody.

    Whoever was tried already, and whoever may not have the case, is passed over, so it never goes round in a circle.
    """
    found = on_cover(person, at, team.rota, passed_over)
    return leader(team, at, person, passed_over) if found.is_nobody else found
