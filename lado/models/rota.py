"""Working patterns, duty, changes of duty, swaps, and who really covered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

RANKS = "rank IN (1, 2)"
NOW = "until_at IS NULL"


class WorkingPattern(Base):
    """The hours that somebody works from a day on; the newest row for a day holds.

    `week` is seven pairs of times, Monday first, separated by commas, empty for a day off: `09:00-13:00,,...`; NULL:
    all office hours.
    """

    __tablename__ = "working_pattern"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    from_on: Mapped[date]
    week: Mapped[str | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]


class DutyRule(Base):
    """Who has a weekday's duty from a day on, week after week (NULL: nobody any more); the newest row for a day holds.

    Monday is 0. Rank 1 is asked first, rank 2 when the first is not there.
    """

    __tablename__ = "duty_rule"
    __table_args__ = (
        CheckConstraint(RANKS, name="known_rank"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="known_weekday"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    rank: Mapped[int]
    weekday: Mapped[int]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    from_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]


class DutyChange(Base):
    """Somebody added to duty, taken off it, or replaced by somebody else, for a stretch of time."""

    __tablename__ = "duty_change"
    __table_args__ = (
        CheckConstraint(RANKS, name="known_rank"),
        CheckConstraint("kind IN ('add', 'remove', 'replace')", name="known_kind"),
        CheckConstraint("(kind = 'replace') = (by_id IS NOT NULL)", name="replaced_by_somebody"),
        CheckConstraint("by_id IS NULL OR by_id <> account_id", name="not_by_themselves"),
        CheckConstraint("from_at < until_at", name="ends_after_start"),
        Index("ix_duty_change_until", "authority_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[str]
    rank: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class DutySwap(Base):
    """Somebody asks colleagues to take a stretch of their duty: open, taken, withdrawn, or past with nobody taking it.

    `change_id` is the replacement that a taken swap became.
    """

    __tablename__ = "duty_swap"
    __table_args__ = (
        CheckConstraint(RANKS, name="known_rank"),
        CheckConstraint("state IN ('open', 'taken', 'withdrawn', 'past')", name="known_state"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="open_until_settled"),
        CheckConstraint("(state = 'taken') = (change_id IS NOT NULL)", name="taken_is_a_change"),
        CheckConstraint("from_at < until_at", name="ends_after_start"),
        Index("ix_duty_swap_state", "authority_id", "state", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    rank: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    state: Mapped[str]
    settled_at: Mapped[datetime | None]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("duty_change.id"))


class CoverHistory(Base):
    """Who was really there for somebody, or had a rank of duty, as it was then; `until_at` NULL: still now.

    `subject` is the account's number, or `duty 1`. `chain` is everybody who was asked, in order, and `passed` why each
    who was not found was not there, both separated by commas.
    """

    __tablename__ = "cover_history"
    __table_args__ = (
        CheckConstraint("until_at IS NULL OR from_at < until_at", name="ends_after_start"),
        Index(
            "uq_cover_history_now",
            "authority_id",
            "subject",
            unique=True,
            sqlite_where=text(NOW),
            postgresql_where=text(NOW),
        ),
        Index("ix_cover_history_then", "authority_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    subject: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    found_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    chain: Mapped[str]
    passed: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
