"""Why somebody opened a case that is not theirs. Written once and never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class LookReason(Base):
    """That somebody said why they need to open a case; it holds until `until_at`, for them and this case alone.

    `why` is a reason of `lado.domain.look_reasons`; `sealed` what they added in their own words, under the case's key.
    """

    __tablename__ = "look_reason"
    __table_args__ = (
        CheckConstraint("until_at > given_at", name="holds_for_a_while"),
        Index("uq_look_reason_person", "referral_id", "account_id", "given_at", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    given_at: Mapped[datetime]
    until_at: Mapped[datetime]
    why: Mapped[str]
    sealed: Mapped[bytes | None]
