"""A change of rules, calendar or procedure that running cases are brought under, one case after the other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Change(Base):
    """What changes for the running cases of an authority: `kind` is rules, calendar or procedure.

    `before` and `after` are versions. `reverts_id` names the change that this one takes back. It is done when every
    case has its row; until then the scheduler goes on with it.
    """

    __tablename__ = "change"
    __table_args__ = (
        CheckConstraint("kind IN ('rules', 'calendar', 'procedure')", name="known_kind"),
        Index(
            "ix_change_open",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    kind: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    reverts_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))


class ChangedCase(Base):
    """What a change did to a case: `result` is changed (`said` counts the dates moved), kept or failed (`said` why)."""

    __tablename__ = "changed_case"

    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"), primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    result: Mapped[str]
    said: Mapped[str]
    done_at: Mapped[datetime]


class HolidayReview(Base):
    """A clock that ended or lapsed over a day which was announced as a holiday too late: for a person to look at."""

    __tablename__ = "holiday_review"
    __table_args__ = (Index("uq_holiday_review", "change_id", "referral_id", "clock", "occurrence", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("change.id"))
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    clock: Mapped[str]
    occurrence: Mapped[int]
    due_at: Mapped[datetime]
    would_be_due_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sealed: Mapped[bytes | None]
    """What the person who looked at it found, in words."""
