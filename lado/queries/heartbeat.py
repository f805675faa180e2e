"""Reading the heartbeat: which jobs have gone quiet, so that silence is an alarm."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.models import Heartbeat

LONGEST_SILENCE = {
    "scheduler": timedelta(minutes=2),
    "escalation": timedelta(minutes=5),
    "notices": timedelta(minutes=5),
}
"""How long each job may say nothing: several of its intervals (a default of this product)."""


class Quiet(NamedTuple):
    """A job that has gone quiet, and when it was last heard (None: never)."""

    name: str
    heard_at: datetime | None


def quiet(session: Session, at: datetime) -> list[Quiet]:
    """The jobs that have not been heard for too long. One heard in the future is not trusted either."""
    heard = dict(session.execute(select(Heartbeat.name, Heartbeat.beat_at)).all())
    return [
        Quiet(name, heard.get(name))
        for name, longest in LONGEST_SILENCE.items()
        if name not in heard or abs(at - heard[name]) > longest
    ]
