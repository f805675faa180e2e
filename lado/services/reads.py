"""Writing down who looked at what: the one thing that a look may write. It brakes whoever reads in bulk."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, case, func, insert, select

from lado.act import Act
from lado.domain.pace import LONG, PARTNER_PAGES, SHORT, OtherCases
from lado.domain.reads import Look
from lado.domain.references import tidied
from lado.errors import ReadInBulk, TooFast
from lado.models import Base, LoginSession, Pace, ReadEntry, Referral, SearchLook
from lado.services.insertion import INSERTS
from lado.vault import folded

READS, SESSIONS, SEARCHES, PACE = (
    Base.metadata.tables[model.__tablename__] for model in (ReadEntry, LoginSession, SearchLook, Pace)
)
THIS = select(Referral.id).where(Referral.reference == bindparam("reference")).scalar_subquery()
PROVED = (
    select(func.max(SESSIONS.c.proved_at))
    .where(SESSIONS.c.account_id == bindparam("viewer"), SESSIONS.c.ended_at.is_(None))
    .scalar_subquery()
)


def _others(since: str) -> ScalarSelect[Any]:
    """How many other cases the same person opened since an instant, and since they last proved who they are."""
    earlier = READS.alias()
    is_theirs = earlier.c.account_id == bindparam("viewer"), earlier.c.at > bindparam(since)
    after_proof = earlier.c.at > func.coalesce(PROVED, bindparam(since))
    counted = select(func.count(earlier.c.referral_id.distinct()))
    return counted.where(*is_theirs, after_proof, earlier.c.referral_id != THIS).scalar_subquery()


ADD = insert(READS).values(referral_id=THIS).returning(_others("short_since"), _others("long_since"))
"""One statement writes the look and counts along an index of one person's last day; a list of cases counts nothing."""


def record(act: Act, what: Look, page: str, right: str, reference: str = "") -> None:
    """Write down that this person looked: at the case of this reference, or (empty) at a list of cases.

    `page` is the name of the page and `right` the permission that opened it. Saved when the act is, and only then
    is the page shown. Raises ReadInBulk where this is one case too many: then it is neither saved nor shown.
    """
    found = act.session.execute(
        ADD,
        {
            "at": act.at,
            "account_id": act.who.id,
            "role": act.who.role.value,
            "what": what.value,
            "page": page,
            "right": right,
            "reference": tidied(reference),
            "viewer": act.who.id,
            "short_since": act.at - SHORT,
            "long_since": act.at - LONG,
        },
    ).one()
    if OtherCases(*found).is_braked:
        raise ReadInBulk("too many cases in a short time")


def search(act: Act, words: str) -> None:
    """Write down that this person searched, with a keyed digest of the words: what they were is kept nowhere."""
    digest = act.vault.token("search", folded(words))
    act.session.execute(insert(SEARCHES).values(at=act.at, account_id=act.who.id, digest=digest))


def hold_pace(act: Act) -> None:
    """Count a page that a partner asks for, one row each. Raises TooFast at one more than a minute's."""
    minute_at = _minute(act.at)
    into = INSERTS[act.session.get_bind().dialect.name](PACE).values(
        account_id=act.who.id, minute_at=minute_at, times=1
    )
    is_new_minute = PACE.c.minute_at != minute_at
    again = into.on_conflict_do_update(
        index_elements=["account_id"],
        set_={"minute_at": minute_at, "times": _or_one(is_new_minute)},
        where=is_new_minute | (PACE.c.times < PARTNER_PAGES),
    )
    if act.session.execute(again.returning(PACE.c.times)).one_or_none() is None:
        raise TooFast("too many pages in a minute")


def _or_one(is_new_minute: Any) -> Any:
    return case((is_new_minute, 1), else_=PACE.c.times + 1)


def _minute(at: datetime) -> datetime:
    return at - timedelta(seconds=at.second, microseconds=at.microsecond)
