"""Reading the clocks that ended or lapsed over a day which was announced as a bank holiday too late."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.models import CaseClock, HolidayReview, Referral

SHOWN = 50
LARGEST_ID = 2**31 - 1
"""What either database can look for in a column of ids; an address may name any number."""


class Review(NamedTuple):
    """A clock that ended or lapsed over a day announced too late, as a person looks at it."""

    id: int
    referral_id: int
    reference: str
    clock: str
    occurrence: int
    due_at: datetime
    would_be_due_at: datetime
    ended_at: datetime | None
    procedure: str
    version: int
    reviewed_at: datetime | None
    reviewed_by_id: int | None


ROWS = (
    select(
        HolidayReview.id,
        HolidayReview.referral_id,
        Referral.reference,
        HolidayReview.clock,
        HolidayReview.occurrence,
        HolidayReview.due_at,
        HolidayReview.would_be_due_at,
        CaseClock.ended_at,
        Referral.procedure,
        Referral.procedure_version.label("version"),
        HolidayReview.reviewed_at,
        HolidayReview.reviewed_by_id,
    )
    .join(Referral, Referral.id == HolidayReview.referral_id)
    .join(
        CaseClock,
        and_(
            CaseClock.referral_id == HolidayReview.referral_id,
            CaseClock.key == HolidayReview.clock,
            CaseClock.occurrence == HolidayReview.occurrence,
        ),
    )
)


def to_make(act: Act, review_id: int) -> HolidayReview | None:
    """The review of this number in one's own authority, or None."""
    if review_id > LARGEST_ID:
        return None
    query = select(HolidayReview).where(HolidayReview.id == review_id, HolidayReview.authority_id == act.who.authority)
    return act.session.scalars(query).one_or_none()


def one(session: Session, review_id: int) -> Review:
    """One of them with what a page shows. Raises NoResultFound."""
    return Review(**session.execute(ROWS.where(HolidayReview.id == review_id)).one()._asdict())


def listing(session: Session, authority_id: int, *, is_open: bool, after: int = 0, limit: int = SHOWN) -> list[Review]:
    """The clocks that a late day concerns, reviewed or not yet, in the order in which they were found."""
    stands = HolidayReview.reviewed_at.is_(None) if is_open else HolidayReview.reviewed_at.is_not(None)
    query = (
        ROWS.where(HolidayReview.authority_id == authority_id, stands, HolidayReview.id > after)
        .order_by(HolidayReview.id)
        .limit(limit)
    )
    return [Review(**row._asdict()) for row in session.execute(query)]


def waiting(session: Session, authority_id: int) -> int:
    """How many clocks wait for somebody to look at them."""
    waits = (HolidayReview.authority_id == authority_id, HolidayReview.reviewed_at.is_(None))
    return session.scalar(select(func.count(HolidayReview.id)).where(*waits)) or 0
