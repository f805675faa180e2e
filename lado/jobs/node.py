"""This process as a node: its turn, and that it stands down while its clock goes another way than the database's."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from lado.db import Database
from lado.queries.nodes import MOST_OFF, database_now
from lado.security.identity import SYSTEM
from lado.services import nodes
from lado.services.nodes import Turn

log = structlog.get_logger()


class Here:
    """This process among the nodes; it `stands_down` while its clock is off, and then no job of it runs."""

    def __init__(self, name: str = "", now: Callable[[Session], datetime | None] = database_now) -> None:
        """Be called after the machine and the process, or by another name; `now` reads the database's clock."""
        self.name = name or f"{socket.gethostname()}-{os.getpid()}"
        self.stands_down = False
        self._now = now

    def stand(self, database: Database) -> Turn | None:
        """Begin or renew the turn; None, and a line of the log, when this clock is too far from the database's.

        How far it is off is written down either way, by the database's time, so that every page says so.
        """
        with database.work(SYSTEM) as act:
            true_now = self._now(act.session)
            off_by = database.clock.now() - true_now if true_now is not None else timedelta(0)
            turn = nodes.take(replace(act, at=true_now or act.at), self.name, off_by)
        self.stands_down = abs(off_by) > MOST_OFF
        if self.stands_down:
            log.error("clock is off", node=self.name, seconds=round(off_by.total_seconds(), 1))
            return None
        return turn
