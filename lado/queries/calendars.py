"""Reading the snapshots of bank holidays that were kept, and what each changed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.models import HolidayList
from lado.queries import practices
from workflows.calendar import Calendar


class Snapshot(NamedTuple):
    """One list of bank holidays as it was kept."""

    version: str
    kept_at: datetime
    calendar: Calendar


class Difference(NamedTuple):
    """What a list says that the one before did not, and the other way round."""

    added: Mapping[date, str]
    gone: Mapping[date, str]


def snapshots(session: Session) -> list[Snapshot]:
    """Every list that was kept, the newest first."""
    rows = session.execute(
        select(HolidayList.version, HolidayList.first_used_at).order_by(HolidayList.first_used_at.desc())
    )
    return [Snapshot(row.version, row.first_used_at, practices.snapshot(session, row.version)) for row in rows.all()]


def difference(before: Calendar, after: Calendar) -> Difference:
    """The days that only one of two lists knows, within the years that both know, and the new days beyond."""
    return Difference(
        {day: name for day, name in after.holidays.items() if day not in before.holidays},
        {day: name for day, name in before.holidays.items() if day not in after.holidays},
    )
