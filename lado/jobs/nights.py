"""The tick of the night: contacts that nobody took over by the time they were due reach the service manager."""

from lado.db import Database
from lado.queries import night_contacts
from lado.security.identity import SYSTEM
from lado.services import nights

BATCH = 50


def tick(database: Database) -> int:
    """Raise what is overdue, each contact once, whatever runs how often; how many were raised."""
    with database.work(SYSTEM) as act:
        return nights.escalate(act, night_contacts.overdue(act, BATCH))
