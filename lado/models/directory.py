"""Accounts that are connected with a council's own directory, and the returns from there that were used."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

STANDS = text("ended_at IS NULL")


class DirectoryLink(Base):
    """That a person of a directory is the person of an account. One each at a time; ended, never deleted.

    `token` is the blind index of issuer and subject together, in which every character counts. No address is in it.
    """

    __tablename__ = "directory_link"
    __table_args__ = (
        Index("uq_directory_link_token", "token", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
        Index("uq_directory_link_account", "account_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    issuer: Mapped[str]
    token: Mapped[bytes]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When somebody last signed in by it."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class DirectoryReturn(Base):
    """That somebody came back from a directory with this asking: each asking is answered once, on whichever node."""

    __tablename__ = "directory_return"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    came_at: Mapped[datetime] = mapped_column(index=True)
