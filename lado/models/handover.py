"""Cases handed over while their owner is away: to whom, whether they accepted, and the hand-back on return."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

LIVE = text("ended_at IS NULL")


class HandOver(Base):
    """One case offered to one person while its owner is away; of each case, one at most has not ended.

    `to_id` NULL: nobody is there. `accepted_by_id` is who accepted: whoever it was offered to, or somebody who was told
    that nobody had. `next_at` is when the next one up is told, NULL when nobody is any more. `sealed` is why it was
    refused.
    """

    __tablename__ = "hand_over"
    __table_args__ = (
        CheckConstraint("to_id IS NULL OR to_id <> from_id", name="not_to_oneself"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by_somebody"),
        CheckConstraint("(refused_at IS NULL) = (sealed IS NULL)", name="refused_has_reason"),
        CheckConstraint("refused_at IS NULL OR ended_at IS NOT NULL", name="refused_has_ended"),
        CheckConstraint("next_at IS NULL OR (ended_at IS NULL AND accepted_at IS NULL)", name="waits_for_an_answer"),
        Index("uq_hand_over_live", "referral_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_hand_over_number", "absence_id", "referral_id", "number", unique=True),
        Index("ix_hand_over_to", "to_id", sqlite_where=LIVE, postgresql_where=LIVE),
        Index("ix_hand_over_from", "from_id", "offered_at"),
        Index(
            "ix_hand_over_next",
            "next_at",
            "id",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id"))
    number: Mapped[int]
    """The how manieth offer of this case in this absence."""
    from_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    begins_at: Mapped[datetime]
    until_at: Mapped[datetime]
    offered_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    refused_at: Mapped[datetime | None]
    sealed: Mapped[bytes | None]
    escalated_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class HandOverRung(Base):
    """That somebody was told of a case nobody had accepted: once for each rung. `told_id` NULL: nobody was there."""

    __tablename__ = "hand_over_rung"
    __table_args__ = (Index("ix_hand_over_rung_told", "told_id"),)

    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"), primary_key=True)
    rung: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    told_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class HandBack(Base):
    """That somebody's cases were handed over, when they came back, and when they read what happened meanwhile.

    One at a time until it was read: whoever leaves again before that reads about both.
    """

    __tablename__ = "hand_back"
    __table_args__ = (
        CheckConstraint("read_at IS NULL OR returned_at IS NOT NULL", name="read_after_return"),
        Index(
            "uq_hand_back_unread",
            "account_id",
            unique=True,
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    from_at: Mapped[datetime]
    returned_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
