"""A calendar that a telephone reads: its secret address, and what was sent of it, so that it can be taken back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Feed(Base):
    """One person's own calendar, or their view of the team's, and the digest of its secret (None: switched off)."""

    __tablename__ = "feed"
    __table_args__ = (
        CheckConstraint("scope IN ('own', 'team')", name="own_or_team"),
        Index("uq_feed_account_scope", "account_id", "scope", unique=True),
        Index("uq_feed_digest", "digest", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    scope: Mapped[str]
    digest: Mapped[bytes | None]
    made_at: Mapped[datetime]


class FeedEntry(Base):
    """One entry as it was last sent: its key says in codes what it is; `sequence` counts how often it changed."""

    __tablename__ = "feed_entry"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="ends_after_start"),
        Index("uq_feed_entry_key", "feed_id", "key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    key: Mapped[str]
    uid: Mapped[str]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    is_cancelled: Mapped[bool]
