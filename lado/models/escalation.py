"""Rungs that were reached, notices to be sent, and the heartbeat of the scheduler."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Escalation(Base):
    """A rung that was reached for a clock: once, whatever runs how often. `told_id` NULL: nobody was there."""

    __tablename__ = "escalation"
    __table_args__ = (
        Index("uq_escalation_rung", "clock_id", "rung", "occurrence", unique=True),
        Index("ix_escalation_told", "told_id", "acknowledged_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id"))
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    rung: Mapped[str]
    occurrence: Mapped[int]
    due_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    told_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    chain: Mapped[str]
    """How the person was found: the ids of the cover chain, in order, separated by commas."""
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None]


class SetAside(Base):
    """A clock whose escalation failed: shown and tried again, while the rest go on."""

    __tablename__ = "set_aside"

    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id"), primary_key=True)
    problem: Mapped[str]
    since_at: Mapped[datetime]
    tries: Mapped[int]
    next_try_at: Mapped[datetime]


class Notice(Base):
    """A message to one person: a reference, a due time and a link, never a name or a fact of a case.

    `state` is waiting, sending, sent or failed. `message_id` names the message for good: one of a name, sent twice at
    worst, and then recognised as the same.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        Index(
            "ix_notice_unsent",
            "state",
            "next_try_at",
            sqlite_where=text("state <> 'sent'"),
            postgresql_where=text("state <> 'sent'"),
        ),
        Index("ix_notice_account", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"), index=True)
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]
    tries: Mapped[int]
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    failure: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)


class Heartbeat(Base):
    """When a job last ran to its end."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
