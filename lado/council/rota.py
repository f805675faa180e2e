"""The rota of a synthetic council: who works part time, who has duty on which days, and a swap that is asked for."""

from collections.abc import Mapping
from datetime import time, timedelta

from lado.act import Act
from lado.council.cast import Cast
from lado.domain.rota import MIDNIGHT, PRIMARY, SECOND, Week
from lado.security.identity import Identity, Role
from lado.services import rotas, swaps
from lado.services.rotas import NewDuty, NewPattern
from lado.services.swaps import NewSwap
from workflows.calendar import ONE_DAY
from workflows.london import instant_on

DAY, SHORT, MORNING = (time(9), time(17)), (time(9), time(16, 30)), (time(9), time(13))
PATTERNS: Mapping[str, Week] = {
    "dana": (DAY, DAY, MORNING, DAY, SHORT, None, None),
    "sam": (DAY, DAY, DAY, DAY, None, None, None),
    "kit": (None, DAY, DAY, DAY, SHORT, None, None),
}
"""Who works part time, and when."""

DUTY: Mapping[int, Mapping[int, str]] = {
    PRIMARY: {0: "olive", 1: "dana", 2: "carl", 3: "olive", 4: "dana"},
    SECOND: {0: "dana", 1: "carl", 2: "olive", 3: "dana", 4: "olive"},
}
FAR_DUTY: Mapping[int, Mapping[int, str]] = {
    PRIMARY: {0: "sam", 1: "sam", 2: "sam", 3: "kit", 4: "kit"},
    SECOND: {1: "kit", 2: "kit", 3: "sam"},
}
WEEKS: Mapping[str, Mapping[int, Mapping[int, str]]] = {"northbrook": DUTY, "southmere": FAR_DUTY}

BEFORE_END = timedelta(days=28)
"""How long before the end of the span all this begins."""

ASKS, NOTICE = "olive", timedelta(days=8)
"""Who asks for a swap at the end, and of a duty day at least how far ahead."""


def managers(people: Cast) -> list[tuple[str, Identity]]:
    """Who arranges the rota: the service manager of each council."""
    return [(council, people.of(council, Role.SERVICE_MANAGER)[0]) for council in people.councils]


def arrange(act: Act, people: Cast, council: str) -> None:
    """Record who works part time and who has duty, as the manager who acts, from this day on."""
    for key, week in PATTERNS.items():
        person = people.people.get(key)
        if person is not None and person.authority == act.who.authority:
            rotas.set_pattern(act, NewPattern(person.id or 0, act.today, week))
    for rank, days in WEEKS[council].items():
        ids = {day: people.people[key].id for day, key in days.items()}
        rotas.set_duty(act, NewDuty(act.who.authority or 0, rank, act.today, ids))


def ask_to_swap(act: Act, council: str) -> None:
    """Ask colleagues to take the next duty day that is far enough ahead, as whoever acts."""
    mine = [day for day, key in WEEKS[council][PRIMARY].items() if key == ASKS]
    day = act.today + NOTICE
    while day.weekday() not in mine:
        day += ONE_DAY
    begins, ends = instant_on(day, MIDNIGHT), instant_on(day + ONE_DAY, MIDNIGHT)
    swaps.ask(act, NewSwap(act.who.id or 0, PRIMARY, begins, ends))
