"""What is being referred on line and not sent yet, and the files that were put to it or to a case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lado.models.base import Base
from lado.models.sealing_key import SealingKey


class OnlineDraft(Base):
    """A referral that a partner is writing on line: one for each at a time.

    It is sealed under a key of its own, which becomes the key of the case when it is sent: no file is sealed anew.
    """

    __tablename__ = "online_draft"
    __table_args__ = (Index("ix_online_draft_saved", "saved_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("sealing_key.id"))
    sealed: Mapped[bytes]
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    sealing_key: Mapped[SealingKey] = relationship(lazy="joined", innerjoin=True)


class OnlineBeginning(Base):
    """That somebody without an account began to refer, by the blind index of their address: counted to slow it down."""

    __tablename__ = "online_beginning"
    __table_args__ = (
        Index("ix_online_beginning_token", "token", "asked_at"),
        Index("ix_online_beginning_asked", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes]
    asked_at: Mapped[datetime]


class Attachment(Base):
    """A file as it was sent, sealed: of a referral that is being written, or of a case. What it shows is never changed.

    `place` is drawn at random and is what the sealed parts are bound to, so that the file can go from the one to the
    other; `digest` is that of the sealed content, and stands on the record of the case too.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("(referral_id IS NULL) <> (draft_id IS NULL)", name="one_home"),
        Index("uq_attachment_referral_number", "referral_id", "number", unique=True),
        Index("ix_attachment_draft", "draft_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("online_draft.id"))
    key_id: Mapped[int] = mapped_column(ForeignKey("sealing_key.id"))
    number: Mapped[int]
    kind: Mapped[str]
    """What it is by its content: pdf, jpeg ..."""
    size: Mapped[int]
    """Bytes, before sealing."""
    place: Mapped[bytes] = mapped_column(unique=True)
    digest: Mapped[bytes]
    sealed: Mapped[bytes]
    """Its name."""
    content: Mapped[bytes] = mapped_column(deferred=True)
    is_scanned: Mapped[bool]
    """Whether a scanner looked at it and found nothing; False where the council has none."""
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
