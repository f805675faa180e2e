"""Where a partner agency's people work, whom one may speak to there and how it is safe to, and who was invited."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class AgencySetting(Base):
    """A place of an agency: a school of a trust, a home of a care provider. It is ended, never deleted."""

    __tablename__ = "agency_setting"
    __table_args__ = (CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class AgencyContact(Base):
    """Somebody of an agency whom one may speak to. `sealed`: name, part, telephone, address, and what is safe."""

    __tablename__ = "agency_contact"
    __table_args__ = (CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    setting_id: Mapped[int | None] = mapped_column(ForeignKey("agency_setting.id"))
    sealed: Mapped[bytes]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class Invitation(Base):
    """A link by which somebody of an agency chooses their password, once and until `ends_at`.

    The secret in the link is made of `nonce` with the vault's keys when the message is sent; stored is its digest.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("made_at < ends_at", name="ends_after_made"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="accepted_or_withdrawn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    nonce: Mapped[bytes]
    digest: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ends_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
