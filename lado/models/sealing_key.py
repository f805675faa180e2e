"""The wrapped key of one case or one authority's directory. To dispose of what it seals is to delete this row."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class MasterKey(Base):
    """That a master key is in use here: its name and fingerprint, never the key. The newest one wraps what is new.

    A row can go once no key is wrapped by its master key any more: the database itself refuses it before, and refuses
    a key that would be wrapped by it afterwards.
    """

    __tablename__ = "master_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[bytes] = mapped_column(unique=True)
    fingerprint: Mapped[bytes]
    """Of the master key and the key of the blind index together."""
    begun_at: Mapped[datetime]


class SealingKey(Base):
    """A key wrapped by a master key, which is not in the database (None: by the first, which wrote no name)."""

    __tablename__ = "sealing_key"
    __table_args__ = (Index("ix_sealing_key_master_key", "master_key_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    master_key_id: Mapped[int | None] = mapped_column(ForeignKey("master_key.id"))
