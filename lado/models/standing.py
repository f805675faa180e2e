"""How a case stood between two recordings: what any past queue and count is read from. A projection of the ledger."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Standing(Base):
    """How a case stood from the recording at `from_at` until the next one that changed it (None: until now).

    `node` is where the span hangs in the tree of `lado.domain.standings`, so that an instant finds its spans at once.
    """

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("until_at IS NULL OR from_at <= until_at", name="ends_after_start"),
        Index("uq_standing_referral_from", "referral_id", "from_at", unique=True),
        Index(
            "ix_standing_open",
            "authority_id",
            "node",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    node: Mapped[int]
    procedure: Mapped[str]
    procedure_version: Mapped[int]
    state: Mapped[str]
    is_open: Mapped[bool]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    next_clock: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
