"""Passes of the escalation in tests: an instant as a table writes it, what a pass says, and a case it fails on."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from lado.db import Database
from lado.models import CaseClock, DueMoment, Referral
from lado.security.identity import SYSTEM
from tests.support.tampering import every_right


def at(text: str) -> datetime:
    """An instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def counts(escalated: int = 0, notices: int = 0, nobody_on_cover: int = 0, set_aside: int = 0) -> dict[str, int]:
    """What a pass reports."""
    return {
        "escalated": escalated,
        "notices": notices,
        "nobody_on_cover": nobody_on_cover,
        "set_aside": set_aside,
    }


QUIET = counts()


def spoil(database: Database, referral: Referral, rules: str = "no such rules") -> str:
    """Have a case run under rules that nobody knows, so that its next step cannot be worked out; give its own rules."""
    with database.work(SYSTEM) as act:
        kept = act.session.scalars(select(Referral.rules).where(Referral.id == referral.id)).one()
        act.session.execute(update(Referral).where(Referral.id == referral.id).values(rules=rules))
        own = act.session.scalars(select(CaseClock.id).where(CaseClock.referral_id == referral.id)).all()
    with every_right(database) as connection:
        connection.execute(update(DueMoment).where(DueMoment.clock_id.in_(own)).values(steps=""))
    return kept
