"""The tick that brings older cases into the index of names by sound, until every one is there."""

from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services import name_index

MOST = 20
"""Batches in one tick, each a transaction of its own."""


def tick(database: Database) -> int:
    """Index the next older cases; how many those were."""
    done = 0
    for _ in range(MOST):
        with database.work(SYSTEM) as act:
            batch = name_index.fill(act)
        done += batch
        if not batch:
            break
    return done
