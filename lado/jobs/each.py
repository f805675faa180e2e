"""Doing something to a batch in one transaction, and, when that fails, to one at a time: a bad one stops no other."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy.exc import OperationalError

from lado.act import Act
from lado.db import Database
from lado.security.identity import SYSTEM
from lado.services.escalations import Climbed

Do = Callable[[Act, Sequence[int]], Climbed]


class Outcome(NamedTuple):
    """What was done, and which ids failed, each with the name of what went wrong: never with its words."""

    done: Climbed
    failed: tuple[tuple[int, str], ...] = ()


def one_by_one(database: Database, ids: Sequence[int], do: Do) -> Outcome:
    """Do it to each id in a transaction of its own. Trouble with the database itself is no id's fault and is raised."""
    done, failed = Climbed(), []
    for each in ids:
        try:
            with database.work(SYSTEM) as act:
                done = done.plus(do(act, [each]))
        except OperationalError:
            raise
        except Exception as problem:
            failed.append((each, type(problem).__name__))
    return Outcome(done, tuple(failed))
