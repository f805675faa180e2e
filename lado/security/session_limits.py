"""How long a session lasts and how many somebody has: the one set of limits that the server holds and pages speak of.

OWASP ASVS 5.0 asks for an end after inactivity (7.3.1), an end in any case (7.3.2) and a number of sessions at most
(7.1.2), each written down. Fifteen minutes and less than twelve hours are what NIST SP 800-63B asks for at its highest
level (AAL3, reauthentication). Administrators and partners are given less: what the former may do, and where the latter
sit, are the greater risks.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from lado.security.identity import Role

MOST = 3
"""Sessions of one account at a time; a fourth ends the oldest."""

WARNED = timedelta(minutes=3)
"""How long before the end a page warns: more than the two minutes within which one must be able to answer."""

SEEN_EVERY = timedelta(minutes=1)
"""The last use of a session is written at most this often, so that its end is never later than a page said."""


class Limits(NamedTuple):
    """When a session ends that nothing is done in, and when it ends whatever is done."""

    idle: timedelta
    longest: timedelta


STAFF = Limits(timedelta(minutes=15), timedelta(hours=10))
OTHERS = {
    Role.ADMINISTRATOR: Limits(timedelta(minutes=10), timedelta(hours=4)),
    Role.PARTNER: Limits(timedelta(minutes=15), timedelta(hours=4)),
}


class Lasts(NamedTuple):
    """Until when a session lasts if nothing more is done in it, and until when at most."""

    until_at: datetime
    at_most_until_at: datetime

    @property
    def is_last(self) -> bool:
        """Whether nothing can be done to make it last longer."""
        return self.until_at == self.at_most_until_at

    def seen(self, role: Role, at: datetime) -> "Lasts":
        """How long it lasts when something was just done in it."""
        return Lasts(min(at + limits_of(role).idle, self.at_most_until_at), self.at_most_until_at)


def limits_of(role: Role) -> Limits:
    """The limits of somebody's sessions."""
    return OTHERS.get(role, STAFF)


def lasts(role: Role, created_at: datetime, seen_at: datetime) -> Lasts:
    """How long a session lasts that began and was last used at these instants."""
    limits = limits_of(role)
    at_most = created_at + limits.longest
    return Lasts(min(seen_at + limits.idle, at_most), at_most)


def is_over(role: Role, created_at: datetime, seen_at: datetime, at: datetime) -> bool:
    """Whether the session has ended by itself."""
    return at > lasts(role, created_at, seen_at).until_at
