"""The letters and e-mails by which people are told: how a council words them, and what went out about a case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base
from lado.models.signed_off import SignedOff, one_waiting, rules


class LetterWording(SignedOff):
    """The text of one kind of letter as a council words it, with placeholders.

    The newest approved one holds; a kind without any keeps the text that comes with the product.
    """

    __tablename__ = "letter_wording"
    __table_args__ = (
        *rules(),
        Index("ix_letter_wording_kind", "authority_id", "audience", "occasion"),
        one_waiting("letter_wording", "audience", "occasion"),
    )

    audience: Mapped[str]
    occasion: Mapped[str]
    heading: Mapped[str]
    body: Mapped[str]


class Letter(Base):
    """A letter or an e-mail about a case, sealed as it went out. Never changed.

    `number` counts those of the case. `wording_id` is the council's wording that it was made from; None: the text that
    comes with the product. An e-mail has the account that it went to. `digest` is that of the sealed part, and stands
    on the record of the case too.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("number >= 1", name="counted_from_one"),
        CheckConstraint("(occasion = 'email') = (account_id IS NOT NULL)", name="email_to_somebody"),
    )

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    audience: Mapped[str]
    occasion: Mapped[str]
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("letter_wording.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    digest: Mapped[bytes]
    sealed: Mapped[bytes]
    """To whom, the heading and the text."""
