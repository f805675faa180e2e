"""The heartbeat: a job that ran to its end says so, and silence is then an alarm."""

from lado.act import Act
from lado.models import Heartbeat
from lado.services.insertion import put


def beat(act: Act, name: str) -> None:
    """Write down that the job of this name has run to its end at this instant."""
    put(act.session, Heartbeat, "name", {"name": name, "beat_at": act.at})
