"""Demand: how many open cases an officer may have, and the decisions by rule to bring in second cover."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lado.models.base import Base


class DemandLimit(Base):
    """How many open cases an officer of a council may have, as somebody set it; the newest holds."""

    __tablename__ = "demand_limit"
    __table_args__ = (
        CheckConstraint("most_open > 0", name="some_cases"),
        Index("ix_demand_limit_authority", "authority_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    most_open: Mapped[int]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]


class DemandAlarm(Base):
    """That second cover was brought in by rule: why, at what count above what limit, who it is, and until when.

    One a week for the council's arrivals, and one a week for each officer with too many open cases. Never changed.
    """

    __tablename__ = "demand_alarm"
    __table_args__ = (
        CheckConstraint("kind IN ('arrivals', 'open_cases')", name="known_kind"),
        CheckConstraint("(kind = 'open_cases') = (account_id IS NOT NULL)", name="officer_where_open_cases"),
        CheckConstraint("counted > most", name="above_limit"),
        Index(
            "uq_demand_alarm_council",
            "authority_id",
            "week_on",
            unique=True,
            sqlite_where=text("account_id IS NULL"),
            postgresql_where=text("account_id IS NULL"),
        ),
        Index(
            "uq_demand_alarm_officer",
            "account_id",
            "week_on",
            unique=True,
            sqlite_where=text("account_id IS NOT NULL"),
            postgresql_where=text("account_id IS NOT NULL"),
        ),
        Index("ix_demand_alarm_until", "authority_id", "until_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    kind: Mapped[str]
    week_on: Mapped[date]
    """The Monday of the week."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """The officer with too many open cases; NULL where it is the council's arrivals."""
    counted: Mapped[int]
    most: Mapped[int]
    """The most that is within the limit."""
    second_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    """Who was brought in (NULL: nobody was there, and a leader was told so)."""
    raised_at: Mapped[datetime]
    until_at: Mapped[datetime]
