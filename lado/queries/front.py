"""What the frame of a page shows: the council, whether this is a demonstration, and what is wrong right now."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.clock import LONDON
from lado.models import Authority, Heartbeat, Installation, SetAside
from lado.queries import cover, notices
from lado.queries.accounts import Council, names_of

SILENT_AFTER = timedelta(minutes=5)
"""How long the scheduler may say nothing before every page says so (a default of this product)."""

NO_COUNCIL = Council("LADO referral tracker", "#0b5c62", "your council")


class Frame(NamedTuple):
    """The frame's values."""

    council: Council
    is_demonstration: bool
    alarms: list[str]


def frame(act: Act, authority_id: int | None) -> Frame:
    """The frame for someone of this authority, or for someone who is not signed in."""
    row = act.session.execute(
        select(Authority.name, Authority.colour, Authority.phone)
        .order_by(Authority.id != (authority_id or 0), Authority.id)
        .limit(1)
    ).one_or_none()
    is_demonstration = bool(act.session.scalar(select(Installation.is_demonstration)))
    return Frame(
        Council(*row) if row else NO_COUNCIL, is_demonstration, [*alarms(act), *_of_council(act, authority_id)]
    )


def alarms(act: Act) -> list[str]:
    """What is wrong with the scheduler right now, in sentences."""
    found = []
    beat_at = act.session.scalar(select(Heartbeat.beat_at).where(Heartbeat.name == "escalation"))
    if beat_at is None:
        found.append(
            "The scheduler has never run: lapsed timescales reach nobody. Start it, or ring your system's keeper."
        )
    elif act.at - beat_at > SILENT_AFTER:
        since = beat_at.astimezone(LONDON)
        found.append(
            f"The scheduler has been silent since {since:%H:%M on %A} {since.day} {since:%B}: "
            "lapsed timescales reach nobody."
        )
    if act.session.scalar(select(SetAside.clock_id).limit(1)) is not None:
        found.append(
            "Escalation failed for at least one timescale. It is being tried again and is listed under Escalations."
        )
    return found


def _of_council(act: Act, authority_id: int | None) -> list[str]:
    """What is wrong in one council right now: officers for whom nobody is there, and notices that did not arrive."""
    if authority_id is None:
        return []
    uncovered = cover.uncovered(act.session, authority_id, act.at)
    names = names_of(act, {gap.owner for gap in uncovered})
    found = [
        f"Nobody is there for {names[gap.owner]}, who has {gap.cases} open {'case' if gap.cases == 1 else 'cases'}. "
        "Name who covers, under Cover."
        for gap in uncovered
    ]
    if notices.failed(act.session, authority_id, act.at, limit=1):
        found.append("A message could not be delivered. It is listed under Escalations.")
    return found
