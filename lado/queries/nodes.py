"""Reading the nodes that tick: what the database's clock says, and whose clock goes another way."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, or_, select, text
from sqlalchemy.orm import Session

from lado.models import Node

MOST_OFF = timedelta(seconds=2)
"""How far a node's clock may be from the database's: one that is further off does nothing."""

MOST_OFF_MS = int(MOST_OFF.total_seconds() * 1000)


class Astray(NamedTuple):
    """A node that stands down, and by how much its clock goes before the database's."""

    name: str
    off_by: timedelta


def database_now(session: Session) -> datetime | None:
    """The present instant by the database's clock; None on SQLite, which has no clock but this machine's."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    found: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return found


def astray(session: Session) -> list[Astray]:
    """The nodes that stand down because of their clocks, until they are right or have gone."""
    return [Astray(row.name, timedelta(milliseconds=row.off_by_ms)) for row in session.execute(_astray())]


def _astray() -> Select[str, int]:
    is_off = or_(Node.off_by_ms > MOST_OFF_MS, Node.off_by_ms < -MOST_OFF_MS)
    return select(Node.name, Node.off_by_ms).where(is_off).order_by(Node.name)
