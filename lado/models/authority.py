"""A council with designated officers. Every case, person and rule belongs to one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lado.models.base import Base
from lado.models.sealing_key import SealingKey


class Installation(Base):
    """One row that says what this database is for. Demonstration accounts exist only where `is_demonstration` holds."""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_demonstration: Mapped[bool]
    keys: Mapped[bytes]
    """The fingerprint of the keys that everything here is sealed with."""
    created_at: Mapped[datetime]


class Authority(Base):
    """A council: its name and colour on the pages, the letters of its references, whom to ring."""

    __tablename__ = "authority"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    colour: Mapped[str]
    phone: Mapped[str]
    prefix: Mapped[str]
    key_id: Mapped[int] = mapped_column(ForeignKey("sealing_key.id"))
    sealing_key: Mapped[SealingKey] = relationship(lazy="raise")


class RuleSet(Base):
    """One version of a council's rules, named by its content; the newest that is effective is in force."""

    __tablename__ = "rule_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    version: Mapped[str] = mapped_column(index=True)
    body: Mapped[str]
    effective_from_at: Mapped[datetime]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None]
    why: Mapped[str]
    """Why they were changed, in the words of whoever published them; empty for the first."""


class HolidayList(Base):
    """A snapshot of the bank holidays that clocks were counted with, named by its content."""

    __tablename__ = "holiday_list"

    version: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    first_used_at: Mapped[datetime]
