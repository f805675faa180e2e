"""A referral as the screens query it: a projection of its ledger, written with it and never without it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lado.models.base import Base
from lado.models.sealing_key import SealingKey


class Referral(Base):
    """An allegation or concern about one adult who works with children, or a request for advice.

    `sealed` is the headline for lists (subject, initials, setting). `events` is the number of the last ledger entry:
    a form that was made from an older one is stale.
    """

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("received_at <= recorded_at", name="received_before_recorded"),
        CheckConstraint(
            "corrected_received_at IS NULL OR corrected_received_at <= recorded_at", name="corrected_before_recorded"
        ),
        CheckConstraint("NOT is_open OR owner_id IS NOT NULL", name="open_has_owner"),
        CheckConstraint("NOT is_open OR next_due_at IS NOT NULL", name="open_has_clock"),
        CheckConstraint("outcome IS NULL OR threshold = 'met'", name="outcome_needs_threshold"),
        Index("ix_referral_recorded", "authority_id", "recorded_at"),
        Index(
            "ix_referral_queue",
            "authority_id",
            "next_due_at",
            "id",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "ix_referral_owner_queue",
            "owner_id",
            "next_due_at",
            "id",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    reference: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("sealing_key.id"))
    procedure: Mapped[str]
    procedure_version: Mapped[int]
    rules: Mapped[str]
    calendar: Mapped[str]
    """The version of the calendar that the case counts with: bank holidays as kept, less its council's closures."""
    state: Mapped[str]
    is_open: Mapped[bool]
    is_urgent: Mapped[bool] = mapped_column(server_default=false())
    """The safety of a child is at stake now: a lapse waits for nobody."""
    is_advice_call: Mapped[bool]
    threshold: Mapped[str]
    outcome: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    corrected_received_at: Mapped[datetime | None]
    """The received date as two people corrected it; the one that was first recorded stays in `received_at`."""
    next_clock: Mapped[str | None]
    next_due_at: Mapped[datetime | None]
    sealed: Mapped[bytes]
    events: Mapped[int]
    sealing_key: Mapped[SealingKey] = relationship(lazy="raise")


class LedgerEntry(Base):
    """One thing that happened to a case: plain facts, and a sealed part with names and words. Never changed.

    `sequence` runs without a gap over all cases; `link` binds the entry to the one before (`lado.domain.chain`).
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("uq_ledger_entry_referral_number", "referral_id", "number", unique=True),
        Index("uq_ledger_entry_sequence", "sequence", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    number: Mapped[int]
    kind: Mapped[str]
    data: Mapped[str]
    """The plain part as canonical JSON text, so that its bytes can be verified as they were written."""
    sealed: Mapped[bytes | None]
    actor_id: Mapped[int | None]
    role: Mapped[str]
    """The role in which the actor acted."""
    login: Mapped[str]
    """The signing-in under which it was done; empty for the scheduler and for commands."""
    recorded_at: Mapped[datetime]
    link: Mapped[bytes]


class SearchToken(Base):
    """The blind index: a keyed token of a name, a setting or a reference part, and the case in which it occurs."""

    __tablename__ = "search_token"
    __table_args__ = (Index("ix_search_token_referral", "referral_id"),)

    token: Mapped[bytes] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)


ENDS_BY_ITSELF = text("ends_at IS NOT NULL")


class Grant(Base):
    """That one partner may follow one referral, from and until when; never an organisation as a whole.

    It holds while they belong to the agency that it was given for. `ends_at` is when it ends by itself, `ended_at` when
    it was ended before that; `sealed` is why it was given and why it was ended, under the case's key.
    """

    __tablename__ = "grant_of_access"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR ends_at > granted_at", name="ends_after_granted"),
        CheckConstraint("ended_by_id IS NULL OR ended_at IS NOT NULL", name="ended_by_somebody"),
        Index("ix_grant_account", "account_id", "referral_id"),
        Index("ix_grant_ends", "ends_at", sqlite_where=ENDS_BY_ITSELF, postgresql_where=ENDS_BY_ITSELF),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    granted_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    sealed: Mapped[bytes | None]
