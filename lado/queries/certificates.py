"""Reading certificates: the latest of a council, since when the record agrees, and whose cases are counted."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lado.models import Authority, Certificate, Referral

PROOF = "proof"
"""The name under which the job that proves the record says that it was at it."""

CASES_BY_COUNCIL = select(Referral.authority_id, func.count()).group_by(Referral.authority_id)


def latest(session: Session, authority_id: int) -> Certificate | None:
    """The newest certificate of a council."""
    query = select(Certificate).where(Certificate.authority_id == authority_id)
    return session.scalars(query.order_by(Certificate.id.desc()).limit(1)).one_or_none()


def clean_since(session: Session, authority_id: int) -> datetime | None:
    """When the first certificate of the present run without a difference was made; None while there is one."""
    own = Certificate.authority_id == authority_id
    last_with = select(func.coalesce(func.max(Certificate.id), 0)).where(own, Certificate.differences > 0)
    return session.scalar(select(func.min(Certificate.at)).where(own, Certificate.id > last_with.scalar_subquery()))


def made_at(session: Session) -> dict[int, datetime | None]:
    """When each council's newest certificate was made."""
    query = (
        select(Authority.id, func.max(Certificate.at))
        .outerjoin(Certificate, Certificate.authority_id == Authority.id)
        .group_by(Authority.id)
    )
    return dict(session.execute(query).all())


def councils(session: Session, references: set[str]) -> dict[str, int]:
    """Which council each of these cases belongs to."""
    if not references:
        return {}
    query = select(Referral.reference, Referral.authority_id).where(Referral.reference.in_(references))
    return dict(session.execute(query).all())
