"""Reading the heartbeat: which jobs have gone quiet, so that silence is an alarm."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.models import Heartbeat

SCHEDULER, ESCALATION, NOTICES = "scheduler", "escalation", "notices"
LONGEST_SILENCE = dict.fromkeys((SCHEDULER, ESCALATION, NOTICES), timedelta(minutes=3))
"""How long each job may say nothing: three of its longest intervals (a default of this product)."""


class Quiet(NamedTuple):
    """A job that has gone quiet, and when it was last heard (None: never)."""

    name: str
    heard_at: datetime | None


def heard(session: Session) -> dict[str, datetime]:
    """When each job was last heard."""
    return {row.name: row.beat_at for row in session.execute(select(Heartbeat.name, Heartbeat.beat_at))}


def quiet(session: Session, at: datetime) -> list[Quiet]:
    """The jobs that have not been heard for too long. One heard in the future is not trusted either."""
    return quiet_of(heard(session), at)


def quiet_of(heard: Mapping[str, datetime], at: datetime) -> list[Quiet]:
    """Those of the jobs, by when each was heard, that have not been heard for too long."""
    return [
        Quiet(name, heard.get(name))
        for name, longest in LONGEST_SILENCE.items()
        if name not in heard or abs(at - heard[name]) > longest
    ]
