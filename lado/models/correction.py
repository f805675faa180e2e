"""Corrections of dates as the lists query them: a projection of the ledger, where request and answer are entries."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Correction(Base):
    """A correction that was asked for; `state` is asked, agreed or refused. The dates themselves are in the ledger."""

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("decided_at IS NULL OR asked_at <= decided_at", name="decided_after_asked"),
        Index("uq_correction_number", "referral_id", "number", unique=True),
        Index(
            "ix_correction_waiting",
            "authority_id",
            "asked_at",
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    number: Mapped[int]
    entry: Mapped[int]
    name: Mapped[str]
    state: Mapped[str]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
