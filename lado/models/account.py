"""People who sign in: officers, managers and partners, their agencies and their sessions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

ENDS_BY_ITSELF = text("ends_at IS NOT NULL AND disabled_at IS NULL")


class Agency(Base):
    """A school, police force, care provider or other body whose people refer."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    name: Mapped[str]
    kind: Mapped[str]


class Account(Base):
    """Someone who signs in. Name, address and telephone are sealed; the address is found by its blind index.

    Accounts are disabled, never deleted: what a person did stays theirs.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("(role = 'partner') = (agency_id IS NOT NULL)", name="partner_has_agency"),
        CheckConstraint("deputy_id IS NULL OR deputy_id <> id", name="not_own_deputy"),
        Index("ix_account_page", "authority_id", "id"),
        Index("ix_account_ends", "ends_at", sqlite_where=ENDS_BY_ITSELF, postgresql_where=ENDS_BY_ITSELF),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    role: Mapped[str]
    email_token: Mapped[bytes] = mapped_column(unique=True)
    sealed: Mapped[bytes]
    password_hash: Mapped[str]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the account ends by itself; None: it does not."""
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the person last signed in; None: never."""
    suspends_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the account is suspended unless it is used before; None in a demonstration alone: its people seldom come."""
    is_temporary: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the person works here for a time, as through an agency."""
    wants_news: Mapped[bool | None] = mapped_column(default=None)
    """Whether a partner is e-mailed when there is something new for them to read; None: they have not chosen yet."""
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class LoginSession(Base):
    """A signed-in browser. The cookie holds a random reference; only its digest is stored."""

    __tablename__ = "login_session"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    """The browser and the kind of device, as keys of `domain.devices`."""
    ended_because: Mapped[str | None] = mapped_column(default=None)
    """Why it was ended, as a key of `domain.session_limits.WORDS`."""
    proved_at: Mapped[datetime | None] = mapped_column(default=None)
    """When a second factor was last proved in this session."""


class LoginFailure(Base):
    """A failed sign-in, counted per address (by its token) to slow guessing down."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_token_at", "token", "failed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[bytes]
    failed_at: Mapped[datetime]


class FormToken(Base):
    """A form that was sent: the same token twice has one effect and one answer."""

    __tablename__ = "form_token"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    used_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str]


class Draft(Base):
    """What somebody is typing, sealed and kept on the server, so that a closed lid loses nothing."""

    __tablename__ = "draft"
    __table_args__ = (Index("uq_draft_account_form", "account_id", "form", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    form: Mapped[str]
    sealed: Mapped[bytes]
    saved_at: Mapped[datetime]
