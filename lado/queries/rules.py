"""The versions of a council's rules: which is in force, which came before, who published each and why."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.models import Change, RuleSet
from workflows.rules import Rules, from_json

LARGEST_ID = 2**31 - 1
"""What either database can look for in a column of ids; an address may name any number."""


class Published(NamedTuple):
    """Rules as they were published: by whom (None: when the council was set up), when, and why."""

    id: int
    authority_id: int
    version: str
    rules: Rules
    published_at: datetime
    published_by_id: int | None
    why: str


def in_force(session: Session, authority_id: int, at: datetime) -> Published:
    """The rules in force at the instant."""
    return _published(session.scalars(_newest_first(authority_id, at).limit(1)).one())


def versions(act: Act) -> list[Published]:
    """All that was ever published for the reader's council, the newest first."""
    return [_published(row) for row in act.session.scalars(_newest_first(act.who.authority or 0, act.at))]


def find(act: Act, published_id: int) -> Published | None:
    """What was published under this number; None when nothing was."""
    row = act.session.get(RuleSet, published_id) if published_id <= LARGEST_ID else None
    return _published(row) if row is not None else None


def before(session: Session, published: Published) -> Published | None:
    """What these rules took the place of; None for the first."""
    query = (
        select(RuleSet)
        .where(RuleSet.authority_id == published.authority_id, RuleSet.id < published.id)
        .order_by(RuleSet.id.desc())
        .limit(1)
    )
    row = session.scalars(query).one_or_none()
    return _published(row) if row is not None else None


def change_of(session: Session, published: Published) -> int | None:
    """The change that brings running cases under these rules; None when they hold for new referrals only."""
    query = (
        select(Change.id)
        .where(
            Change.authority_id == published.authority_id,
            Change.kind == "rules",
            Change.after == published.version,
            Change.asked_at == published.published_at,
        )
        .order_by(Change.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def taken_back_by(session: Session, authority_id: int, was: str, now: str) -> int | None:
    """The last change that went from `now` to `was`, which one from `was` to `now` takes back; None when none did."""
    query = (
        select(Change.id)
        .where(Change.authority_id == authority_id, Change.kind == "rules", Change.before == now, Change.after == was)
        .order_by(Change.id.desc())
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def _newest_first(authority_id: int, at: datetime) -> Select[RuleSet]:
    return (
        select(RuleSet)
        .where(RuleSet.authority_id == authority_id, RuleSet.effective_from_at <= at)
        .order_by(RuleSet.effective_from_at.desc(), RuleSet.id.desc())
    )


def _published(row: RuleSet) -> Published:
    return Published(
        row.id,
        row.authority_id,
        row.version,
        from_json(row.body),
        row.published_at,
        row.published_by_id,
        row.why,
    )
