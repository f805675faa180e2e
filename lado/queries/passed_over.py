"""Whom the resolver passes over for a case: those who are kept from it, and those who said that they cannot take it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import String, bindparam, cast, exists, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED, Kept, Rota, on_cover
from lado.models import Base, HandOver, Referral
from lado.queries.cover import IS_OPEN
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


OF_CASES = union_all(
    select(BARRED.c.referral_id, BARRED.c.account_id, null().label("absence_id")).where(
        BARRED.c.referral_id.in_(bindparam("cases", expanding=True)), BARRED.c.ended_at.is_(None)
    ),
    select(REFUSED_NOW.c.referral_id, REFUSED_NOW.c.account_id, REFUSED_NOW.c.absence_id).where(
        REFUSED_NOW.c.referral_id.in_(bindparam("cases", expanding=True))
    ),
)
"""Who is kept from these cases, and who said in which absence that they cannot take one: they have its number."""


def of_cases(session: Session, referral_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Whom the resolver passes over for each of these cases; a case without anybody is not in it. One statement."""
    kept: dict[int, set[int]] = {}
    refused: dict[int, set[tuple[int, int]]] = {}
    for row in session.execute(OF_CASES, {"cases": sorted(referral_ids)}):
        if row.absence_id is None:
            kept.setdefault(row.referral_id, set()).add(row.account_id)
        else:
            refused.setdefault(row.referral_id, set()).add((row.absence_id, row.account_id))
    return {case: passed_over(kept.get(case, ()), refused.get(case, ())) for case in kept.keys() | refused.keys()}


def passed_to(act: Act, owners: Iterable[int], covered: Iterable[int], rota: Rota) -> dict[int, datetime]:
    """The open cases of owners who are away that come to this person past a cover who may not or cannot take them.

    By id, with when each is due next. `covered` are those whose other cases come to this person anyway.
    """
    others = sorted(set(owners) - set(covered))
    if not others:
        return {}
    walled = select(BARRED.c.referral_id).where(BARRED.c.ended_at.is_(None))
    refused = exists().where(REFUSED_NOW.c.referral_id == Referral.id)
    query = select(Referral.id, Referral.owner_id, Referral.next_due_at).where(
        IS_OPEN, Referral.owner_id.in_(others), or_(Referral.id.in_(walled), refused)
    )
    rows = act.session.execute(query).all()
    barred = of_cases(act.session, [row.id for row in rows]) if rows else {}
    return {
        row.id: row.next_due_at
        for row in rows
        if on_cover(row.owner_id, act.at, rota, barred.get(row.id, NOBODY_BARRED)).person == act.who.id
    }


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
