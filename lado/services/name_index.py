"""Bringing older cases into the index of names by sound and by other spellings, some at a time, while people work."""

import structlog
from sqlalchemy import select

from lado.act import Act
from lado.models import NameIndex, Referral, SearchToken
from lado.queries import conflicts, name_tokens
from lado.queries.conflicts import PART
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services.insertion import insert_many
from lado.vault import CannotOpen

log = structlog.get_logger()

BATCH = 100
NOT_FOUND_BY = "referrer"
"""Whose name a case is not found by."""


def fill(act: Act, batch: int = BATCH) -> int:
    """Index the names of the next older cases; how many cases those were, 0 when all are done.

    A process that is killed leaves the batch to the next one. A case that does not open is left out and logged.
    """
    ensure(act.who, Permission.CHANGE_APPLY)
    waiting = act.session.scalar(select(NameIndex).where(NameIndex.done_at.is_(None)).with_for_update(skip_locked=True))
    if waiting is None:
        return 0
    query = select(Referral.id).where(Referral.id >= waiting.next_id, Referral.id <= waiting.last_id)
    cases = list(act.session.scalars(query.order_by(Referral.id).limit(batch)))
    rows = [{"token": token, "referral_id": case} for case in cases for token in sorted(_tokens(act, case))]
    insert_many(act.session, SearchToken, rows, unless_there=True)
    if len(cases) < batch:
        waiting.done_at = act.at
    else:
        waiting.next_id = cases[-1] + 1
    act.session.flush()
    return len(cases)


def _tokens(act: Act, case: int) -> set[bytes]:
    try:
        people = conflicts.people_of(act, [case]).get(case, [])
    except CannotOpen as problem:
        log.critical("sealed part refused", job="names", places=[problem.where])
        return set()
    found = (one.get(name) or "" for one in people if one[PART] != NOT_FOUND_BY for name in ("name", "known_as"))
    return name_tokens.alike(act, found)
