"""What two people agree on before it holds: somebody proposes it, and a second person approves or refuses it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

IS_WAITING = text("stage = 'asked'")


class SignedOff(Base):
    """The columns of a proposal; `stage` is asked, approved or refused.

    `sealed` holds why it was proposed, and what the second person said.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    stage: Mapped[str]
    sealed: Mapped[bytes]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]


def one_waiting(table: str, *about: str) -> Index:
    """That at most one proposal about the same waits: the unique index of its table."""
    name = f"uq_{table}_waiting"
    return Index(name, "authority_id", *about, unique=True, sqlite_where=IS_WAITING, postgresql_where=IS_WAITING)


def rules() -> tuple[CheckConstraint, ...]:
    """What must always hold of a proposal: the constraints of its table."""
    return (
        CheckConstraint("stage IN ('asked', 'approved', 'refused')", name="known_stage"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint(
            "(stage = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("decided_at IS NULL OR proposed_at <= decided_at", name="decided_after_proposed"),
    )
