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
    snoozed_until_at: Mapped[datetime | None]
    """When whoever was told comes back to it, at the latest when the next rung is due. The ladder does not wait."""


class LapsedForNobody(Base):
    """A lapsed clock whose whole ladder found nobody: the alarm of alarms, until somebody has been told of it."""

    __tablename__ = "lapsed_for_nobody"

    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id"), primary_key=True)
    since_at: Mapped[datetime]


class SetAside(Base):
    """A clock whose escalation failed: shown and tried again, while the rest go on."""

    __tablename__ = "set_aside"

    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id"), primary_key=True)
    problem: Mapped[str]
    since_at: Mapped[datetime]
    tries: Mapped[int]
    next_try_at: Mapped[datetime]


class Unrecorded(Base):
    """What the last audit found missing: a rung that was due and has no record. It stands until it is settled."""

    __tablename__ = "unrecorded"

    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id"), primary_key=True)
    rung: Mapped[str]
    why: Mapped[str]
    due_at: Mapped[datetime]
    found_at: Mapped[datetime]


class Notice(Base):
    """A message to one person: a reference, a due time and a link, never a name or a fact of a case.

    `state` is waiting, sending, sent (taken by the channel), delivered (where the channel says so) or failed.
    `message_id` names the message for good: one of a name, sent twice at worst, and then recognised as the same.
    """

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL", name="sent_has_time"),
        CheckConstraint("(state = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_has_time"),
        Index(
            "ix_notice_unsent",
            "state",
            "next_try_at",
            sqlite_where=text("state NOT IN ('sent', 'delivered')"),
            postgresql_where=text("state NOT IN ('sent', 'delivered')"),
        ),
        Index(
            "ix_notice_asked",
            "ask_at",
            sqlite_where=text("ask_at IS NOT NULL"),
            postgresql_where=text("ask_at IS NOT NULL"),
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
    is_unsure: Mapped[bool]
    """Whether an earlier try may have been taken: such a message is looked up, where that is possible, before it goes
    out again."""
    delivered_at: Mapped[datetime | None]
    ask_at: Mapped[datetime | None]
    """When the channel is asked next what became of it (NULL: there is nothing more to ask)."""
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """In whose place the person is told (NULL: in nobody's)."""
    stands_for_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"), unique=True)
    """The notice that did not reach its person, for which this one goes to the next."""
    moved_at: Mapped[datetime | None]
    """When a failed notice was seen to: moved to the next person, or found to have no one left."""


class Heartbeat(Base):
    """When a job last ran to its end."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]


class Node(Base):
    """One process that ticks, on this machine or another.

    `token` is raised whenever its lease has run out: a worker that was held up and comes back with the old one writes
    nothing. `off_by_ms` is by how much its clock goes before the database's.
    """

    __tablename__ = "node"

    name: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[int]
    lease_until_at: Mapped[datetime]
    off_by_ms: Mapped[int]
