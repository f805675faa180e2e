"""The heartbeat: a job that ran to its end says so, and silence is then an alarm."""

from datetime import datetime

from sqlalchemy import update

from lado.act import Act
from lado.models import Heartbeat
from lado.services.insertion import insert_new, put


def beat(act: Act, name: str) -> None:
    """Write down that the job of this name has run to its end at this instant."""
    put(act.session, Heartbeat, "name", {"name": name, "beat_at": act.at})


def claim(act: Act, name: str, latest: datetime) -> bool:
    """Take the next turn of the job of this name, unless a turn was taken after `latest`. Of two, one gets it."""
    beats = Heartbeat.__table__
    if insert_new(act.session, Heartbeat, [{"name": name, "beat_at": act.at}], Heartbeat.name):
        return True
    is_free = (beats.c.name == name) & (beats.c.beat_at <= latest)
    taken = update(Heartbeat).where(is_free).values(beat_at=act.at).returning(Heartbeat.name)
    return act.session.scalar(taken) is not None
