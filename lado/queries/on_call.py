"""Reading who is on call: the shifts ahead, with names and telephones, and the nights on which nobody is."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.domain.night import Shift, Stretch, closed_between, now_and_next, without_anybody
from lado.models import Authority, OnCall, SealingKey
from lado.queries import accounts, practices
from lado.queries.reads import LARGEST_ID

AHEAD = timedelta(weeks=4)
"""How far ahead nights without anybody are looked for."""


class Senior(NamedTuple):
    """Somebody on call, by name, with the telephone to ring."""

    id: int
    authority_id: int
    name: str
    phone: str
    from_at: datetime
    until_at: datetime


class Roster(NamedTuple):
    """Who is on call now and next (None: nobody), every shift ahead, and when nobody is."""

    now: Senior | None
    following: Senior | None
    ahead: list[Senior]
    gaps: list[Stretch]


def roster(act: Act, authority_id: int, until_at: datetime | None = None) -> Roster:
    """The seniors of one authority from now on; nights without anybody are looked for up to `until_at`."""
    seniors = _ahead(act, authority_id)
    shifts = [Shift(one.id, 0, one.from_at, one.until_at) for one in seniors]
    now, following = now_and_next(shifts, act.at)
    practice = practices.in_force(act.session, authority_id, act.at)
    nights = closed_between(act.at, until_at or act.at + AHEAD, practice.rules.office, practice.calendar)
    by_id = {one.id: one for one in seniors}
    return Roster(
        by_id[now.id] if now else None,
        by_id[following.id] if following else None,
        seniors,
        without_anybody(nights, shifts),
    )


def find(act: Act, shift_id: int) -> Senior | None:
    """One shift of the person's own authority that is not over, or None."""
    if shift_id > LARGEST_ID:
        return None
    return next((one for one in _ahead(act, act.who.authority or 0) if one.id == shift_id), None)


def place_of(recorded_by: int | None, recorded_at: datetime, from_at: datetime) -> str:
    """Where the telephone of a shift is bound to."""
    return f"on_call/{recorded_by}/{recorded_at.isoformat()}/{from_at.isoformat()}"


def _ahead(act: Act, authority_id: int) -> list[Senior]:
    query = (
        select(OnCall, SealingKey.wrapped)
        .join(Authority, Authority.id == OnCall.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(OnCall.authority_id == authority_id, OnCall.until_at > act.at, OnCall.cancelled_at.is_(None))
        .order_by(OnCall.from_at, OnCall.id)
    )
    rows = act.session.execute(query).all()
    names = accounts.names_of(act, {row.OnCall.account_id for row in rows})
    found = []
    for shift, wrapped in rows:
        place = place_of(shift.recorded_by_id, shift.recorded_at, shift.from_at)
        phone = act.vault.open(wrapped, place, shift.sealed)["phone"]
        name = names[shift.account_id]
        found.append(Senior(shift.id, shift.authority_id, name, phone, shift.from_at, shift.until_at))
    return found
