"""Out of hours: whom the emergency duty team serves, what it did, who is on call, and the duty packs that were made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

UNTAKEN = text("accepted_at IS NULL")


class EdtAuthority(Base):
    """That an emergency duty worker serves an authority besides their own."""

    __tablename__ = "edt_authority"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), primary_key=True)


class NightContact(Base):
    """Somebody who rang out of hours, about an open case or a new matter, and whether the day service has taken it.

    `in_danger` is yes, no or not_known. `due_at` is 09:00 of the next working day. `sealed` holds the names and words,
    under the key of the case, or of the authority where it is about no case.
    """

    __tablename__ = "night_contact"
    __table_args__ = (
        CheckConstraint("happened_at <= recorded_at", name="happened_before_recorded"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="accepted_by_somebody"),
        CheckConstraint("in_danger IN ('yes', 'no', 'not_known')", name="known_danger"),
        Index("ix_night_contact_worker", "worker_id", "id"),
        Index("ix_night_contact_waiting", "authority_id", "due_at", sqlite_where=UNTAKEN, postgresql_where=UNTAKEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    due_at: Mapped[datetime]
    in_danger: Mapped[str]
    sealed: Mapped[bytes]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class NightRung(Base):
    """That a contact was not taken in time, and who was told: once, whatever runs how often."""

    __tablename__ = "night_rung"

    contact_id: Mapped[int] = mapped_column(ForeignKey("night_contact.id"), primary_key=True)
    due_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    told_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class OnCall(Base):
    """A senior on call for an authority between two instants. `sealed` is the telephone on which they are reached."""

    __tablename__ = "on_call"
    __table_args__ = (
        CheckConstraint("from_at < until_at", name="ends_after_start"),
        Index("ix_on_call_until", "authority_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    sealed: Mapped[bytes]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class DutyPack(Base):
    """A duty pack that was made: by whom, until when it opens, how many cases it holds, and the digest of its bytes."""

    __tablename__ = "duty_pack"
    __table_args__ = (Index("ix_duty_pack_authority", "authority_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    cases: Mapped[int]
    digest: Mapped[bytes]
    """SHA-256 of the file."""
