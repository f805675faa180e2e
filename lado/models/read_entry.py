"""The log of reads: who looked at what, when, and by which right. Written once and never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class ReadEntry(Base):
    """One look: `what` is view, search, print or download; `page` the page's name; `right` the permission asked for."""

    __tablename__ = "read_entry"
    __table_args__ = (
        Index("ix_read_entry_referral", "referral_id", "id"),
        Index("ix_read_entry_account_at", "account_id", "at", "referral_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    what: Mapped[str]
    page: Mapped[str]
    right: Mapped[str]
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
