"""A form that was sent after its session had ended, kept until the same person has signed in again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class KeptForm(Base):
    """What somebody typed, and the page that they typed it on, sealed: nobody else is ever shown it."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    sealed: Mapped[bytes]
    kept_at: Mapped[datetime]
