"""Conflicts of interest: what people declared, from which cases that keeps them, and who takes such a case at last."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class Conflict(Base):
    """A link that somebody declared: to a person, a school or another setting by name, or to a single case.

    `sealed` holds the name, a date of birth and the reasons, under the authority's key. `tokens` is how many rows of
    the blind index the link has: a case is about it when it has all of them. `is_own` marks what nobody declared: the
    name of somebody who signs in here, which keeps them from the cases about themselves and stands on no page.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'school', 'setting', 'case')", name="known_kind"),
        CheckConstraint("(kind = 'case') = (referral_id IS NOT NULL)", name="case_is_named"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index("ix_conflict_account", "account_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    tokens: Mapped[int]
    is_own: Mapped[bool] = mapped_column(server_default=false())
    sealed: Mapped[bytes]
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class ConflictToken(Base):
    """The blind index of a declared link: the tokens under which a case that is about it is found."""

    __tablename__ = "conflict_token"
    __table_args__ = (Index("ix_conflict_token_conflict", "conflict_id"),)

    token: Mapped[bytes] = mapped_column(primary_key=True)
    conflict_id: Mapped[int] = mapped_column(ForeignKey("conflict.id"), primary_key=True)


class Barred(Base):
    """That a conflict, or not being on its list, keeps somebody from a case, since when and until when (None: still).

    It is worked out from declarations, lists and cases, and it is what every list, page and search is asked against.
    """

    __tablename__ = "barred"
    __table_args__ = (
        CheckConstraint("(conflict_id IS NULL) <> (restriction_id IS NULL)", name="for_one_reason"),
        Index(
            "uq_barred_case",
            "account_id",
            "referral_id",
            "conflict_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_barred_list",
            "restriction_id",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_barred_referral", "referral_id"),
        Index("ix_barred_conflict", "conflict_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    conflict_id: Mapped[int | None] = mapped_column(ForeignKey("conflict.id"))
    restriction_id: Mapped[int | None] = mapped_column(ForeignKey("restriction.id"))
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class IndependentContact(Base):
    """Who looks after a case of this council from which everybody else is kept. One at a time."""

    __tablename__ = "independent_contact"

    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    chosen_at: Mapped[datetime]
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
