"""The clocks of a case as the screens and the scheduler query them: a projection of its ledger."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class CaseClock(Base):
    """One running of one clock. `first_due_at` is the first promise and stays; `due_at` is the last derived one."""

    __tablename__ = "case_clock"
    __table_args__ = (
        CheckConstraint("ended_at IS NOT NULL OR NOT is_met", name="met_has_ended"),
        Index("uq_case_clock_occurrence", "referral_id", "key", "occurrence", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    key: Mapped[str]
    occurrence: Mapped[int]
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    first_due_at: Mapped[datetime]
    is_provisional: Mapped[bool]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    is_met: Mapped[bool]


class DueMoment(Base):
    """When to look at a clock next. Open clocks only, clustered by time: an idle tick reads one row.

    `steps` are the steps that are still to come (`lado.domain.escalation.write_steps`), worked out when the case was
    written, so that a tick counts no working days; empty where they were not kept yet.
    """

    __tablename__ = "due_moment"
    __table_args__ = (
        Index("uq_due_moment_clock", "clock_id", unique=True),  # a move rewrites the moments of its own clocks
        {"sqlite_with_rowid": False},
    )

    next_at: Mapped[datetime] = mapped_column(primary_key=True)
    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id"), primary_key=True)
    steps: Mapped[str] = mapped_column(server_default="")


class CaseAction(Base):
    """An action that someone holds, open until done, also after its case has closed."""

    __tablename__ = "case_action"
    __table_args__ = (
        Index("uq_case_action_number", "referral_id", "number", unique=True),
        Index("ix_case_action_holder", "holder_id", "is_done"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    number: Mapped[int]
    holder: Mapped[str]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    due_at: Mapped[datetime]
    is_done: Mapped[bool]
