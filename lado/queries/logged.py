"""Reading what has just been logged: the clocks that began, and who hears of it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lado.act import Act
from lado.models import CaseClock, Notice, Referral
from lado.queries import grants
from lado.queries.accounts import names_of


class RunningClock(NamedTuple):
    """A clock that runs."""

    key: str
    due_at: datetime
    is_provisional: bool


class Hears(NamedTuple):
    """Who hears of a new referral, by name: those a notice was written to, and those who may follow it on line."""

    owner: str
    told: tuple[str, ...]
    followers: tuple[str, ...]


def running(session: Session, referral_id: int) -> list[RunningClock]:
    """The clocks of a case that run, the one due first at the top."""
    query = (
        select(CaseClock.key, CaseClock.due_at, CaseClock.is_provisional)
        .where(CaseClock.referral_id == referral_id, CaseClock.ended_at.is_(None))
        .order_by(CaseClock.due_at, CaseClock.key)
    )
    return [RunningClock(*row) for row in session.execute(query)]


def who_hears(act: Act, referral: Referral) -> Hears:
    """Who has the case, who was written to about it, and who may follow it."""
    told = act.session.scalars(select(Notice.account_id).where(Notice.referral_id == referral.id).distinct()).all()
    followers = grants.followers(act.session, referral.id, act.at)
    owner = {referral.owner_id} if referral.owner_id is not None else set()
    names = names_of(act, {*told, *followers, *owner})
    return Hears(
        names.get(referral.owner_id or 0, ""),
        tuple(sorted(names[person] for person in told)),
        tuple(sorted(names[person] for person in followers)),
    )
