"""Increased demand: second cover is brought in by rule, and recorded; managers set how many cases are too many."""

from collections.abc import Mapping
from math import floor
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.domain import said
from lado.domain.cover import Cover, first_there, on_duty, second
from lado.domain.demand import ONE_WEEK, monday_of
from lado.domain.escalation import Team, leader
from lado.domain.rota import SECOND
from lado.errors import BadInput
from lado.models import DemandAlarm, DemandLimit
from lado.queries import cover, demand, practices
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import OFFICERS
from lado.services import notices
from lado.services.insertion import insert_new
from workflows.calendar import ONE_DAY
from workflows.london import instant_on

FRIDAY = 4
NOBODY = 0
"""In place of the person whom a leader must not be: any leader will do."""


class Excess(NamedTuple):
    """A count above its limit: of what kind, of which officer (None: the council's arrivals)."""

    kind: str
    officer: int | None
    counted: int
    most: int


def set_limit(act: Act, most_open: int) -> None:
    """Set how many open cases an officer of the council may have. Raises BadInput (most_open) and NotAllowed."""
    ensure(act.who, Permission.DEMAND_LIMIT)
    if not 1 <= most_open <= 999:
        raise BadInput({"most_open": "Enter a number from 1 to 999."})
    act.session.add(
        DemandLimit(authority_id=act.who.authority or 0, most_open=most_open, set_by_id=act.who.id or 0, set_at=act.at)
    )
    act.session.flush()


def watch(act: Act, authority_id: int) -> int:
    """Bring in second cover for each count that is above its limit, once a week. Returns how many decisions are new.

    In office hours only: outside them nobody is on duty to be brought in, and what is above its limit stays so. What
    is decided stands on a page for everybody, so that cases which somebody is kept from are not counted.
    """
    ensure(act.who, Permission.COVER_WATCH)
    practice = practices.in_force(act.session, authority_id, act.at)
    hours = practice.rules.office.open_on(act.today, practice.calendar)
    if hours is None or not hours[0] <= act.at < hours[1]:
        return 0
    team = cover.team(act.session, authority_id, act.at)
    officers = [person for role in sorted(OFFICERS) for person in team.in_role.get(role.value, ())]
    opened = demand.open_cases(act.session, officers, for_all=True)
    excesses = _above(act, authority_id, opened)
    return sum(_bring_in(act, authority_id, excess, team, opened) for excess in excesses)


def _above(act: Act, authority_id: int, opened: Mapping[int, int]) -> list[Excess]:
    """What is above its limit now."""
    calendar = practices.in_force(act.session, authority_id, act.at).calendar
    found = demand.read(act.session, authority_id, act.at, calendar, for_all=True)
    most = demand.most_open(act.session, authority_id)
    excesses = [Excess("open_cases", officer, count, most) for officer, count in opened.items() if count > most]
    if found.level.is_above(found.present):
        limit = floor(found.level.limit(found.present.working_days))
        excesses.append(Excess("arrivals", None, found.present.arrivals, limit))
    return excesses


def _bring_in(act: Act, authority_id: int, excess: Excess, team: Team, opened: Mapping[int, int]) -> bool:
    """Record the decision and tell whom it concerns; False when it was made this week already."""
    monday = monday_of(act.today)
    found = _second(act, excess, team, opened)
    row = {
        "authority_id": authority_id,
        "kind": excess.kind,
        "week_on": monday,
        "account_id": excess.officer,
        "counted": excess.counted,
        "most": excess.most,
        "second_id": found.person,
        "raised_at": act.at,
        # Until the end of the working week after: what comes now is decided on and first met over within it.
        "until_at": instant_on(monday + ONE_WEEK + ONE_DAY * FRIDAY),
    }
    new = insert_new(act.session, DemandAlarm, [row], DemandAlarm.id)
    if new:
        _tell(act, new[0], found, team)
    return bool(new)


def _second(act: Act, excess: Excess, team: Team, opened: Mapping[int, int]) -> Cover:
    """Who is brought in: the second on duty, or else the next after the officer, or else whoever has fewest cases."""
    barred = frozenset() if excess.officer is None else frozenset({excess.officer})
    found = on_duty(SECOND, act.at, team.rota, barred)
    if found.is_nobody and excess.officer is not None:
        found = second(excess.officer, act.at, team.rota)
    if not found.is_nobody:
        return found
    officers = [person for role in sorted(OFFICERS) for person in team.in_role.get(role.value, ())]
    fewest = sorted(set(officers) - barred, key=lambda person: (opened.get(person, 0), person))
    return first_there(fewest, act.at, team.rota, barred)


def _tell(act: Act, alarm_id: int, found: Cover, team: Team) -> None:
    """Tell who was brought in, and the nearest leader; where nobody was found, the leader is asked to find somebody."""
    alarm = act.session.scalars(select(DemandAlarm).where(DemandAlarm.id == alarm_id)).one()
    until = said.by(alarm.until_at).removeprefix("by ")
    if found.person is not None:
        body = f"There is more to do than is usual. You are second cover until {until}: new referrals may come to you."
        notices.queue(act, found.person, None, "You are brought in as second cover", body, key=f"demand.{alarm_id}")
    above = leader(team, act.at, besides=found.person or NOBODY)
    if above.person is not None:
        ending = f"Second cover is brought in until {until}." if found.person is not None else "Nobody is there for it."
        body = f"There is more to do than is usual. {ending} Please look at Demand."
        notices.queue(act, above.person, None, "Demand is above its level", body, key=f"demand.{alarm_id}.leader")
