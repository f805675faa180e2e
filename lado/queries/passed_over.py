"""Whom the resolver passes over for a case: what a list of cases reads of it with each row, and how it is told."""

from collections.abc import Iterable

from sqlalchemy import String, cast, func, literal, select

from lado.domain.cover import NOBODY_BARRED, Kept
from lado.models import Base, HandOver, Referral
from lado.queries.wall import BARRED

HAND_OVER = Base.metadata.tables[HandOver.__tablename__]
LIVE = HAND_OVER.alias("live")

REFUSED_NOW = (
    select(LIVE.c.referral_id, HAND_OVER.c.to_id.label("account_id"), HAND_OVER.c.absence_id)
    .join(HAND_OVER, (HAND_OVER.c.absence_id == LIVE.c.absence_id) & (HAND_OVER.c.referral_id == LIVE.c.referral_id))
    .where(LIVE.c.ended_at.is_(None), HAND_OVER.c.refused_at.is_not(None))
    .subquery("refused_now")
)
"""Who said of a case that is handed over, in this absence of its owner, that they cannot take it.

It begins with the hand-over that stands, of which each case has one at most: two looks into an index for a case.
"""

KEPT_FROM_IT = (
    select(func.aggregate_strings(cast(BARRED.c.account_id, String), ","))
    .where(BARRED.c.referral_id == Referral.id, BARRED.c.ended_at.is_(None))
    .correlate(Referral)
    .scalar_subquery()
)

REFUSED_IT = (
    select(
        func.aggregate_strings(
            cast(REFUSED_NOW.c.absence_id, String) + literal(":") + cast(REFUSED_NOW.c.account_id, String), ","
        )
    )
    .where(REFUSED_NOW.c.referral_id == Referral.id)
    .correlate(Referral)
    .scalar_subquery()
)

PASSED_OVER = func.coalesce(KEPT_FROM_IT, "") + literal(",") + func.coalesce(REFUSED_IT, "")
"""Whom the resolver passes over for a case, as one text in the row of a list: people, and an absence with a person."""


def passed_over(kept: Iterable[int], refused: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Those who are kept from a case, and with them who refused it in which absence; plain where nobody did."""
    refused = frozenset(refused)
    return Kept(kept, refused) if refused else frozenset(kept)


def read_passed_over(text: str | None) -> frozenset[int]:
    """Read that text, which says nothing of nearly every case."""
    parts = [part.split(":") for part in (text or "").split(",") if part]
    if not parts:
        return NOBODY_BARRED
    kept = (int(part[0]) for part in parts if len(part) == 1)
    return passed_over(kept, ((int(part[0]), int(part[1])) for part in parts if len(part) == 2))
