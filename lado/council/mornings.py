"""Mornings at a council's desks: whoever is there sees what was escalated to them and accepts what waits for them."""

from datetime import time
from random import Random

from sqlalchemy import select

from lado.council.duty import Duty
from lado.db import Database
from lado.models import Escalation, HandOver
from lado.security.identity import SYSTEM
from lado.services import escalations, handovers

SEEN_AT = time(9, 10)
SEEN = 0.9
"""How often somebody who looks in the morning says that they have seen it."""

AS_CLIMBED = Escalation.recorded_at, Escalation.due_at, Escalation.clock_id, Escalation.rung
"""The order of rungs, which is the same whoever recorded them."""


def acknowledge(database: Database, duty: Duty, draw: Random) -> None:
    """Everybody who is there looks at what was escalated to them, and mostly says so."""
    with database.reading(SYSTEM) as act:
        query = select(Escalation.id, Escalation.told_id).where(
            Escalation.acknowledged_at.is_(None), Escalation.told_id.is_not(None)
        )
        waiting = act.session.execute(query.order_by(*AS_CLIMBED)).all()
        there = {row.told_id: duty.seer(act, row.told_id) for row in waiting}
    for told, person in there.items():
        if person is not None:
            with database.work(person) as act:
                for row in waiting:
                    if row.told_id == told and draw.random() < SEEN:
                        escalations.acknowledge(act, row.id)


def take_up(database: Database, duty: Duty) -> None:
    """Everybody who is there accepts the cases that wait for them while a colleague is away."""
    with database.reading(SYSTEM) as act:
        query = select(HandOver.to_id).where(HandOver.next_at.is_not(None)).distinct()
        waited_for = sorted(person for person in act.session.scalars(query) if person is not None)
        there = [duty.seer(act, person) for person in waited_for]
    for person in there:
        if person is not None:
            with database.work(person) as act:
                handovers.accept_all(act)
