"""What somebody should ask about in the log of reads, and what it is found by."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class SearchLook(Base):
    """That somebody searched, and a keyed digest of the words: the same words are known again, and nothing else."""

    __tablename__ = "search_look"
    __table_args__ = (Index("ix_search_look_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[bytes]


class Pace(Base):
    """How many pages somebody has asked for in the minute that they last asked in: one row a person."""

    __tablename__ = "pace"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    minute_at: Mapped[datetime]
    times: Mapped[int]


class LookedThrough(Base):
    """That a council's looks of one week were gone through, and how many findings that made."""

    __tablename__ = "looked_through"

    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    """The week's Monday."""
    at: Mapped[datetime]
    found: Mapped[int]


class UnusualLook(Base):
    """Looks of one person that somebody should ask about: a question and no accusation.

    `kind` is a kind of `lado.domain.unusual`; `goes_to` the lowest role that answers; `mark` names the finding for
    good, so that it is made once. `sealed` is what was written with the answer, under the authority's key.
    """

    __tablename__ = "unusual_look"
    __table_args__ = (
        CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by_id IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("answered_by_id <> account_id", name="not_by_themselves"),
        CheckConstraint("first_at <= last_at", name="first_before_last"),
        Index("ix_unusual_look_authority", "authority_id", "answered_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
    goes_to: Mapped[str]
    mark: Mapped[str] = mapped_column(unique=True)
    found_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sealed: Mapped[bytes | None]
