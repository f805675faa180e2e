"""When someone is away, and who covers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Absence(Base):
    """Leave, sickness, training or a vacancy between two instants, and who covers (None: nobody yet).

    `second_id` is asked when the first who covers is not there.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="ends_after_start"),
        CheckConstraint("cover_id IS NULL OR cover_id <> account_id", name="not_own_cover"),
        CheckConstraint(
            "second_id IS NULL OR (cover_id IS NOT NULL AND second_id <> account_id AND second_id <> cover_id)",
            name="second_is_another",
        ),
        Index("ix_absence_until", "authority_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_by_id: Mapped[int]
    recorded_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class
