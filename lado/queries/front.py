"""What the frame of a page shows: the council, whether this is a demonstration, and what is wrong right now."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.clock import LONDON
from lado.models import Authority, Heartbeat, Installation, SetAside
from lado.queries import certificates, checkpoints, cover, notices
from lado.queries.accounts import Council, names_of

SILENT_AFTER = timedelta(minutes=5)
"""How long the scheduler may say nothing before every page says so (a default of this product)."""

UNWITNESSED_AFTER = timedelta(minutes=10)
"""How long checkpoints may fail to reach a witness before every manager's page says so."""

NO_COUNCIL = Council("LADO referral tracker", "#0b5c62", "your council")


class Frame(NamedTuple):
    """The frame's values."""

    council: Council
    is_demonstration: bool
    alarms: list[str]


def frame(act: Act, authority_id: int | None, *, reads_record: bool = False, needs_witness: bool = False) -> Frame:
    """The frame for someone of this authority, or for someone who is not signed in.

    Whoever reads the record also hears what is wrong with it, and that nobody else witnesses it where somebody should.
    """
    row = act.session.execute(
        select(Authority.name, Authority.colour, Authority.phone)
        .order_by(Authority.id != (authority_id or 0), Authority.id)
        .limit(1)
    ).one_or_none()
    is_demonstration = bool(act.session.scalar(select(Installation.is_demonstration)))
    found = [*alarms(act), *_of_council(act, authority_id)]
    if reads_record and authority_id is not None:
        found.extend(_of_record(act, authority_id, needs_witness=needs_witness))
    return Frame(Council(*row) if row else NO_COUNCIL, is_demonstration, found)


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
    if notices.stands_failed(act.session, authority_id, act.at):
        found.append("A message could not be delivered. It is listed under Escalations.")
    return found


def _of_record(act: Act, authority_id: int, *, needs_witness: bool) -> list[str]:
    """What is wrong with the record or with what proves it. An incident stands until a later proof is clean."""
    found = []
    latest = certificates.latest(act.session, authority_id)
    if latest is not None and latest.differences:
        places = "1 place" if latest.differences == 1 else f"{latest.differences} places"
        found.append(f"The record and what screens show differ in {places}. Nothing was mended. See Record.")
    for witness in checkpoints.witnesses(act.session):
        if witness.failing_since_at is not None and act.at - witness.failing_since_at >= UNWITNESSED_AFTER:
            since = witness.failing_since_at.astimezone(LONDON)
            where = "the mailbox" if witness.name == checkpoints.MAILBOX else witness.name
            found.append(
                f"Checkpoints of the record have not reached {where} since {since:%H:%M on %A} {since.day} {since:%B}."
            )
    if needs_witness:
        found.append("Checkpoints of the record go nowhere but this machine. Your system's keeper has to name a place.")
    return found
