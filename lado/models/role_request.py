"""That somebody is to have a role: asked by one person, agreed by another, never for oneself."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base

WAITS = text("stage = 'asked'")


class RoleRequest(Base):
    """A role that an administrator asks for: for an account, or (`account_id` is None) for somebody who has none yet.

    Name, address, telephone, the last day and the reason are sealed. The database itself lets nobody agree to what
    they asked for, nor ask or agree for themselves.
    """

    __tablename__ = "role_request"
    __table_args__ = (
        CheckConstraint(
            "(stage = 'asked') = (decided_at IS NULL) AND (stage = 'asked') = (decided_by_id IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("stage <> 'agreed' OR decided_by_id <> asked_by_id", name="two_people"),
        CheckConstraint("account_id IS NULL OR account_id <> asked_by_id", name="not_for_oneself"),
        CheckConstraint(
            "stage <> 'agreed' OR account_id IS NULL OR account_id <> decided_by_id", name="not_by_themselves"
        ),
        Index("ix_role_request_authority_id", "authority_id", sqlite_where=WAITS, postgresql_where=WAITS),
        Index("uq_role_request_waiting", "email_token", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    email_token: Mapped[bytes]
    role: Mapped[str]
    sealed: Mapped[bytes]
    stage: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
