"""How a case stood between two recordings: what any past queue and count is read from. A projection of the ledger."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Standing(Base):
    """How a case stood from the recording of entry `number` until the next that changed it (None: until now)."""

    __tablename__ = "standing"
    __table_args__ = (
        Index("uq_standing_referral_number", "referral_id", "number", unique=True),
        Index("ix_standing_queue", "authority_id", "until_at", "from_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    number: Mapped[int]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    state: Mapped[str]
    is_open: Mapped[bool]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    next_clock: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
