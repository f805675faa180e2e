"""Looking every day at noon whether any open case is without a running clock or without anybody there for it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import exists, select

from lado.act import Act
from lado.domain.cover import on_cover
from lado.models import CaseClock, Referral
from lado.queries import cover
from workflows.london import instant_on

NOON = time(12)


def noons(first_on: date, end_at: datetime) -> Iterator[datetime]:
    """Noon in London of each day up to the end; where the end comes before noon, the end itself."""
    day = first_on
    while (noon := instant_on(day, NOON)) <= end_at:
        yield noon
        day += timedelta(days=1)
    if instant_on(day, time()) < end_at:
        yield end_at


def is_uncovered(act: Act) -> bool:
    """Whether any open case has no running clock, or an owner who is away without anybody on cover."""
    runs = exists().where(
        CaseClock.referral_id == Referral.id, CaseClock.ended_at.is_(None), CaseClock.paused_at.is_(None)
    )
    if act.session.scalar(select(Referral.id).where(Referral.is_open, ~runs).limit(1)) is not None:
        return True
    owners = act.session.execute(
        select(Referral.authority_id, Referral.owner_id).where(Referral.is_open).distinct()
    ).all()
    rotas = {
        authority: cover.rota(act.session, authority, act.at) for authority in {row.authority_id for row in owners}
    }
    return any(
        row.owner_id is None or on_cover(row.owner_id, act.at, rotas[row.authority_id]).is_nobody for row in owners
    )
