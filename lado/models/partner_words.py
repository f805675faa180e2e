"""What partners are told: a council's own sentences, which of them each partner saw, answers and messages."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base
from lado.models.signed_off import SignedOff, one_waiting, rules

IS_UNSETTLED = text("settled_at IS NULL")
IS_UNOPENED = text("opened_at IS NULL AND stage = 'released'")


class Wording(SignedOff):
    """The sentences for partners in one state of a procedure as a council words them.

    The newest approved ones hold; a state without any keeps those that came with its procedure.
    """

    __tablename__ = "wording"
    __table_args__ = (
        *rules(),
        Index("ix_wording_state", "authority_id", "procedure", "procedure_version", "state"),
        one_waiting("wording", "procedure", "procedure_version", "state"),
    )

    procedure: Mapped[str]
    procedure_version: Mapped[int]
    state: Mapped[str]
    happening: Mapped[str]
    to_do: Mapped[str]
    by_when: Mapped[str]


class ShownSentence(Base):
    """What was shown to a partner of one referral, word for word, found by the digest of its words. Never changed.

    `answer` is the outcome as it stood on the page, empty where none was released.
    """

    __tablename__ = "shown_sentence"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    status: Mapped[str]
    happening: Mapped[str]
    to_do: Mapped[str]
    by_when: Mapped[str]
    answer: Mapped[str]


class SeenSentence(Base):
    """That a partner saw a sentence on a referral, from the first time to the last without another in between.

    `number` counts these spans. `is_list` tells their list from the referral's own page; what was opened is the page.
    """

    __tablename__ = "seen_sentence"
    __table_args__ = (CheckConstraint("first_at <= last_at AND times >= 1", name="seen_in_order"),)

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    is_list: Mapped[bool] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sentence_id: Mapped[int] = mapped_column(ForeignKey("shown_sentence.id"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]


class PartnerAnswer(Base):
    """Whether one partner may see the outcome of a case: `stage` is released or withheld; and what became of it.

    A projection of the record, but for `opened_at`: when their page first showed it to them.
    """

    __tablename__ = "partner_answer"
    __table_args__ = (
        CheckConstraint("stage IN ('released', 'withheld')", name="known_stage"),
        CheckConstraint("acknowledged_at IS NULL OR stage = 'released'", name="acknowledged_when_released"),
        Index("ix_partner_answer_unopened", "referral_id", sqlite_where=IS_UNOPENED, postgresql_where=IS_UNOPENED),
    )

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    stage: Mapped[str]
    decided_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]


class PartnerMessage(Base):
    """A message between the officers and one partner; its words are in the entry of the record with its number.

    `settled_at` is when the other side had dealt with it: the partner opened it, or an officer answered it or said that
    no answer is needed.
    """

    __tablename__ = "partner_message"
    __table_args__ = (
        CheckConstraint("settled_at IS NULL OR sent_at <= settled_at", name="settled_after_sent"),
        Index("ix_partner_message_account", "account_id", "referral_id"),
        Index(
            "ix_partner_message_waiting",
            "authority_id",
            "sent_at",
            sqlite_where=IS_UNSETTLED,
            postgresql_where=IS_UNSETTLED,
        ),
    )

    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    """The partner, whoever wrote it."""
    is_from_partner: Mapped[bool]
    sent_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
