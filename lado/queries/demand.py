"""Reading demand: referrals by the day on which they were recorded, open cases by officer, and alarms that stand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, column, func, select, values
from sqlalchemy.orm import Session

from lado.domain.demand import MOST_OPEN, ONE_WEEK, YEAR, Level, Week, by_weekday, level_of, monday_of, weeks_of
from lado.models import Authority, DemandAlarm, DemandLimit, Referral
from lado.models.base import Instant
from lado.queries.cover import IS_OPEN
from lado.queries.wall import BARRED
from workflows.calendar import ONE_DAY, Calendar
from workflows.london import instant_on, london_day

KNOWN_TO_ALL = Referral.id.not_in(select(BARRED.c.referral_id).where(BARRED.c.ended_at.is_(None)))


class Demand(NamedTuple):
    """The past year's whole weeks, the present one, the expected level, and referrals per weekday."""

    weeks: tuple[Week, ...]
    present: Week
    level: Level
    rates: tuple[float, ...]


def read(session: Session, authority_id: int, at: datetime, calendar: Calendar, *, for_all: bool = False) -> Demand:
    """The demand of a council, from the last year, in two statements whatever the number of its cases.

    What is `for_all` to read counts only cases that nobody is kept from.
    """
    today = london_day(at)
    this_week = monday_of(today)
    of_these = (Referral.authority_id == authority_id, *((KNOWN_TO_ALL,) if for_all else ()))
    first = max(this_week - ONE_WEEK * YEAR, _first_week(session, of_these, this_week))
    arrivals = _by_day(session, of_these, first, this_week + ONE_WEEK)
    weeks = weeks_of(arrivals, first, this_week, calendar)
    present = weeks_of(arrivals, this_week, this_week + ONE_WEEK, calendar)[0]
    return Demand(weeks, present, level_of(weeks), by_weekday(arrivals, first, this_week, calendar))


def councils(session: Session) -> list[int]:
    """Every council there is, for the scheduler to look at one after the other."""
    return list(session.scalars(select(Authority.id).order_by(Authority.id)))


def most_open(session: Session, authority_id: int) -> int:
    """How many open cases an officer of this council may have before it is too many."""
    newest = (
        select(DemandLimit.most_open)
        .where(DemandLimit.authority_id == authority_id)
        .order_by(DemandLimit.id.desc())
        .limit(1)
    )
    return session.scalar(newest) or MOST_OPEN


def open_cases(session: Session, officers: Iterable[int], *, for_all: bool = False) -> Mapping[int, int]:
    """How many open cases each of these people has; those with none are left out.

    What is `for_all` to read counts only cases that nobody is kept from.
    """
    query = select(Referral.owner_id, func.count()).where(IS_OPEN, Referral.owner_id.in_(sorted(officers)))
    rows = session.execute((query.where(KNOWN_TO_ALL) if for_all else query).group_by(Referral.owner_id))
    return {row[0]: row[1] for row in rows if row[0] is not None}


def standing(session: Session, authority_id: int, at: datetime) -> list[DemandAlarm]:
    """The decisions to bring in second cover that hold now, the newest first."""
    query = (
        select(DemandAlarm)
        .where(DemandAlarm.authority_id == authority_id, DemandAlarm.until_at > at)
        .order_by(DemandAlarm.id.desc())
    )
    return list(session.scalars(query))


def latest(session: Session, authority_id: int, limit: int = 20) -> list[DemandAlarm]:
    """The last decisions, those that no longer hold with them, the newest first."""
    query = select(DemandAlarm).where(DemandAlarm.authority_id == authority_id).order_by(DemandAlarm.id.desc())
    return list(session.scalars(query.limit(limit)))


def _first_week(session: Session, of_these: Sequence[ColumnElement[bool]], this_week: date) -> date:
    """The week after the one in which the council recorded its first referral: the first that is whole."""
    first_at = session.scalar(select(func.min(Referral.recorded_at)).where(*of_these))
    return this_week if first_at is None else min(this_week, monday_of(london_day(first_at)) + ONE_WEEK)


def _by_day(session: Session, of_these: Sequence[ColumnElement[bool]], first: date, until: date) -> Mapping[date, int]:
    """How many referrals were recorded on each day of London: one short range of the index for each day."""
    days = [first + ONE_DAY * number for number in range((until - first).days)]
    edges = [(number, _begin(day), _begin(day + ONE_DAY)) for number, day in enumerate(days)]
    span = (
        values(
            column("number", Integer),
            column("from_at", Instant()),
            column("until_at", Instant()),
            name="day",
        )
        .data(edges)
        .cte("day")
    )
    query = (
        select(span.c.number, func.count())
        .join(Referral, (Referral.recorded_at >= span.c.from_at) & (Referral.recorded_at < span.c.until_at))
        .where(*of_these)
        .group_by(span.c.number)
    )
    return {days[row[0]]: row[1] for row in session.execute(query)}


def _begin(day: date) -> datetime:
    return instant_on(day, time.min)
