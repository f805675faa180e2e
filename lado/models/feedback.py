"""Whether each audience of a closed case was told the outcome, as figures query it: a projection of the ledger."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Feedback(Base):
    """What the record of a closed case says of one audience (`lado.domain.feedback`).

    `took` is how many working days after the decision they were told the outcome. A case that is open has no rows.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("(answer = 'told') = (took IS NOT NULL)", name="told_took_time"),
        Index("uq_feedback_audience", "referral_id", "audience", unique=True),
        Index("ix_feedback_closed", "authority_id", "audience", "closed_at", "answer", "took"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    audience: Mapped[str]
    closed_at: Mapped[datetime]
    answer: Mapped[str]
    took: Mapped[int | None]
