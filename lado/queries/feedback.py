"""Reading whether the audiences of closed cases were told the outcome: figures of a period, and the cases behind each.

A figure reads the cases closed within its period, by one index, and comes back as a few counts. Each query goes through
the wall: a case that somebody is kept from is in none of their figures.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.feedback import ANSWERS, GROUPS, KINDS
from lado.domain.periods import Period
from lado.models import Feedback, LedgerEntry, Referral
from workflows.asof import Recorded
from workflows.events import from_plain, read_data
from workflows.facts import AUDIENCES

PAGE = 50
"""Cases on one page of a list."""


class Only(NamedTuple):
    """Which cases of a period: an audience and what the record may say of it; `took` from and to, both included."""

    audience: str
    answers: tuple[str, ...] = tuple(ANSWERS)
    took_from: int | None = None
    took_to: int | None = None


class ToldCase(NamedTuple):
    """A closed case in a list, and what its record says of the audience asked about."""

    id: int
    reference: str
    closed_at: datetime
    answer: str
    took: int | None


class After(NamedTuple):
    """The last case of the page before."""

    closed_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Figure:
    """What the closed cases of a period say of one audience: how many of each answer, and of those told how long."""

    answers: Mapping[str, int]
    took: Mapping[int, int]
    """By working days after the decision: how many cases."""

    @property
    def cases(self) -> int:
        """All closed cases of the period."""
        return sum(self.answers.values())

    def of(self, group: str) -> int:
        """How many of them there are of a group of answers (`GROUPS`)."""
        return sum(self.answers.get(answer, 0) for answer in GROUPS[group])

    def within(self, first: int, last: int | None) -> int:
        """How many were told after so many working days, both included; None: or more."""
        return sum(cases for days, cases in self.took.items() if days >= first and (last is None or days <= last))

    @property
    def median(self) -> float | None:
        """Half of them were told within so many working days; None where none was told."""
        days = sorted(Counter(self.took).elements())
        if not days:
            return None
        middle = len(days) // 2
        return float(days[middle]) if len(days) % 2 else (days[middle - 1] + days[middle]) / 2

    @property
    def longest(self) -> int | None:
        """The most working days that it took; None where none was told."""
        return max(self.took, default=None)


NONE = Figure({}, {})


def figures(session: Session, authority_id: int, period: Period) -> dict[str, Figure]:
    """The figure of each audience over the cases closed in the period, in one statement."""
    of_each = Feedback.audience.in_(AUDIENCES)  # a range of the index for each of them
    query = (
        select(Feedback.audience, Feedback.answer, Feedback.took, func.count())
        .where(*_closed_in(authority_id, period), of_each)
        .group_by(Feedback.audience, Feedback.answer, Feedback.took)
    )
    answers: dict[str, Counter[str]] = {}
    took: dict[str, Counter[int]] = {}
    for audience, answer, days, cases in session.execute(query):
        answers.setdefault(audience, Counter())[answer] += cases
        if days is not None:
            took.setdefault(audience, Counter())[days] += cases
    return {audience: Figure(dict(found), dict(took.get(audience, {}))) for audience, found in answers.items()}


def cases(act: Act, period: Period, only: Only, after: After | None = None) -> list[ToldCase]:
    """The closed cases behind a figure, the latest first, one more than a page."""
    query = (
        select(Referral.id, Referral.reference, Feedback.closed_at, Feedback.answer, Feedback.took)
        .join(Feedback, Feedback.referral_id == Referral.id)
        .where(
            *_closed_in(act.who.authority or 0, period),
            Feedback.audience == only.audience,
            Feedback.answer.in_(only.answers),
        )
        .order_by(Feedback.closed_at.desc(), Feedback.referral_id.desc())
        .limit(PAGE + 1)
    )
    if only.took_from is not None:
        query = query.where(Feedback.took >= only.took_from)
    if only.took_to is not None:
        query = query.where(Feedback.took <= only.took_to)
    if after is not None:
        query = query.where(tuple_(Feedback.closed_at, Feedback.referral_id) < (after.closed_at, after.id))
    return [ToldCase(*row) for row in act.session.execute(query)]


def first_closed_at(session: Session, authority_id: int, audience: str) -> datetime | None:
    """When the first counted case of the council was closed; None while there is none."""
    query = select(func.min(Feedback.closed_at)).where(
        Feedback.authority_id == authority_id, Feedback.audience == audience
    )
    return session.scalar(query)


def record_of(session: Session, referral_id: int) -> list[Recorded]:
    """The part of the record of one case that says who was told and when, in order."""
    query = (
        select(LedgerEntry.number, LedgerEntry.kind, LedgerEntry.data, LedgerEntry.recorded_at)
        .where(LedgerEntry.referral_id == referral_id, LedgerEntry.kind.in_(KINDS))
        .order_by(LedgerEntry.number)
    )
    return [
        Recorded(row.number, from_plain(row.kind, read_data(row.data)), row.recorded_at)
        for row in session.execute(query)
    ]


def _closed_in(authority_id: int, period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        Feedback.authority_id == authority_id,
        Feedback.closed_at >= period.from_at,
        Feedback.closed_at < period.until_at,
    )
