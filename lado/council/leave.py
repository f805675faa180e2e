"""Who is away when: leave, sickness and training over the span, each covered, so that nobody's cases are left alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from lado.council.cast import Cast
from lado.domain.cover import Away, Rota, stretches
from lado.security.identity import Identity, Role
from workflows.london import instant_on

WHO = (Role.DESIGNATED_OFFICER, Role.COVER_OFFICER)
LEADERS = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
ABSENCES_A_YEAR = 8
KINDS = (("leave", (3, 14), 60), ("sickness", (1, 6), 25), ("training", (1, 2), 15))
"""Why, for how many days at least and at most, and how often in a hundred."""

MIDNIGHT = time()
MORNING = time(8, 40)
GOING = timedelta(days=3)
COMING = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Leave:
    """One absence as it will be booked: who, why, from when until when, who covers, and when it is recorded."""

    person: Identity
    kind: str
    from_at: datetime
    until_at: datetime
    cover: Identity
    booked_at: datetime

    @property
    def away(self) -> Away:
        """As the resolver sees it."""
        return Away(self.person.id or 0, self.from_at, self.until_at, self.cover.id, self.kind)


def planned(
    draw: Random, cast: Cast, first_on: date, last_on: date, at_end: tuple[str, str] | None = None
) -> list[Leave]:
    """The absences of every council over the span, in order of booking; somebody is there for everybody all the time.

    `at_end` names who is on leave on the last day and who covers them.
    """
    found: list[Leave] = []
    for council in cast.councils:
        here = [*_fixed(cast, council, last_on, at_end)]
        officers = cast.of(council, *WHO)
        for _ in range(round(ABSENCES_A_YEAR * len(officers) * ((last_on - first_on).days + 1) / 365)):
            new = _drawn(draw, cast, council, first_on, last_on)
            if all(new.person != old.person or _apart(new, old) for old in here) and _covers([*here, new], cast):
                here.append(new)
        found += here
    return sorted(found, key=lambda leave: leave.booked_at)


def _fixed(cast: Cast, council: str, last_on: date, at_end: tuple[str, str] | None) -> Iterator[Leave]:
    """The leave that somebody is on at the end."""
    if at_end is not None:
        person, cover = (cast.people.get(key) for key in at_end)
        if person in cast.of(council, *WHO) and person is not None and cover is not None:
            from_on = last_on - GOING
            booked_at = instant_on(from_on - timedelta(days=10), MORNING)
            yield Leave(person, "leave", *_days(from_on, last_on + COMING), cover, booked_at)


def _drawn(draw: Random, cast: Cast, council: str, first_on: date, last_on: date) -> Leave:
    officers, leaders = cast.of(council, *WHO), cast.of(council, *LEADERS)
    kind, (least, most), _ = draw.choices(KINDS, [weight for *_, weight in KINDS])[0]
    person = draw.choice((*officers, *officers, leaders[0]))
    cover = draw.choice([other for other in (*officers, leaders[-1]) if other != person])
    span = (last_on - first_on).days
    from_on = first_on + timedelta(days=draw.randint(0, span))
    from_at, until_at = _days(from_on, from_on + timedelta(days=draw.randint(least, most) - 1))
    if kind == "sickness":
        return Leave(person, kind, instant_on(from_on, time(8)), until_at, cover, instant_on(from_on, MORNING))
    notice = timedelta(days=draw.randint(2, 30))
    return Leave(person, kind, from_at, until_at, cover, instant_on(max(first_on, from_on - notice), time(9, 5)))


def _days(from_on: date, to_on: date) -> tuple[datetime, datetime]:
    return instant_on(from_on, MIDNIGHT), instant_on(to_on + timedelta(days=1), MIDNIGHT)


def _apart(one: Leave, other: Leave) -> bool:
    return one.until_at <= other.from_at or other.until_at <= one.from_at


def _covers(leaves: list[Leave], cast: Cast) -> bool:
    """Whether somebody is there for everybody at every moment, and no cover is away for the whole of it.

    Standing deputies are left out of account: each cover is arranged, as it should be.
    """
    rota = Rota(tuple(leave.away for leave in leaves))
    for leave in leaves:
        pieces = stretches(leave.person.id or 0, leave.from_at, leave.until_at, rota)
        if any(piece.cover.is_nobody for piece in pieces):
            return False
        if all(piece.cover.person != leave.cover.id for piece in pieces):
            return False
    return True
