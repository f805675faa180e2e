"""Restricted cases: which cases exist for a list of people only, who is on each list, and who asked to be let in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

STILL = text("ended_at IS NULL")


class Restriction(Base):
    """That a case exists for a list of people only, since when and until when (None: still).

    `keeper_id` answers for the list. `is_match` says that it was restricted because the adult may be somebody who signs
    in here; then it ends with what matched. A list that nobody has gone through by `review_by_at` lapses.
    """

    __tablename__ = "restriction"
    __table_args__ = (
        Index("uq_restriction_case", "referral_id", unique=True, sqlite_where=STILL, postgresql_where=STILL),
        Index("ix_restriction_review", "review_by_at", sqlite_where=STILL, postgresql_where=STILL),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    keeper_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    is_match: Mapped[bool]
    since_at: Mapped[datetime]
    review_by_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Listed(Base):
    """That somebody is on the list of a restricted case, since when and until when (None: still)."""

    __tablename__ = "listed"
    __table_args__ = (
        Index(
            "uq_listed_person", "restriction_id", "account_id", unique=True, sqlite_where=STILL, postgresql_where=STILL
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    restriction_id: Mapped[int] = mapped_column(ForeignKey("restriction.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BrokenGlass(Base):
    """That somebody asked to read a restricted case, for how many hours, and what a second person said to it.

    Who is asked need not be one who may read the case: so the row carries the reference, stands before no wall, and has
    the reason sealed under the authority's key. The record of the case has it too, and what was answered.
    """

    __tablename__ = "broken_glass"
    __table_args__ = (
        CheckConstraint("hours BETWEEN 1 AND 24", name="a_day_at_most"),
        CheckConstraint("answered_by_id IS NULL OR answered_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),
        CheckConstraint("ends_at IS NULL OR answered_by_id IS NOT NULL", name="opened_by_an_answer"),
        Index("ix_broken_glass_person", "asked_by_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    reference: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    hours: Mapped[int]
    sealed: Mapped[bytes]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
