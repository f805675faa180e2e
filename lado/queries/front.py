"""What the frame of a page shows: the council, whether this is a demonstration, and what is wrong right now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Row, exists, select

from lado.act import Act
from lado.clock import LONDON
from lado.models import Authority, CaseClock, Installation, SetAside, Unrecorded
from lado.queries import certificates, checkpoints, cover, heartbeat, nodes, notices
from lado.queries.accounts import Council, names_of

WAITING_AFTER = timedelta(minutes=10)
"""How long a message may wait for the mail server before every page says so (a default of this product)."""

UNWITNESSED_AFTER = timedelta(minutes=10)
"""How long checkpoints may fail to reach a witness before every manager's page says so."""

STATE = select(
    select(Installation.is_demonstration).scalar_subquery().label("is_demonstration"),
    exists(select(SetAside.clock_id).join(CaseClock, CaseClock.id == SetAside.clock_id)).label("is_set_aside"),
    exists(select(Unrecorded.clock_id).join(CaseClock, CaseClock.id == Unrecorded.clock_id)).label("is_unrecorded"),
)
"""What concerns everybody on this installation who may know of the case, with one statement."""

NO_COUNCIL = Council("LADO referral tracker", "#0b5c62", "your council")


class Frame(NamedTuple):
    """The frame's values."""

    is_demonstration: bool
    alarms: list[str]
    heard_at: datetime | None
    """When escalation last ran to its end, on any machine."""


def frame(act: Act, authority_id: int | None, *, reads_record: bool = False, needs_witness: bool = False) -> Frame:
    """The frame for someone who works for this authority, or for all of them.

    Whoever reads the record also hears what is wrong with it, and that nobody else witnesses it where somebody should.
    """
    state = act.session.execute(STATE).one()
    beats = heartbeat.heard(act.session)
    found = [*_silent(act, beats), *_aside(act, state), *_of_council(act, authority_id)]
    if reads_record and authority_id is not None:
        found.extend(_of_record(act, authority_id, needs_witness=needs_witness))
    return Frame(bool(state.is_demonstration), found, beats.get(heartbeat.ESCALATION))


def outside(act: Act) -> Frame:
    """The frame for a partner and for who is not signed in: they hear of no alarm, so none is looked for."""
    return Frame(bool(act.session.scalar(select(Installation.is_demonstration))), [], None)


def council(act: Act) -> Council:
    """The council as somebody sees it who is not signed in: the first there is."""
    query = select(Authority.name, Authority.colour, Authority.phone).order_by(Authority.id).limit(1)
    row = act.session.execute(query).one_or_none()
    return Council(*row) if row else NO_COUNCIL


def councils(act: Act) -> dict[int, str]:
    """The names of the councils of this installation, in order."""
    rows = act.session.execute(select(Authority.id, Authority.name).order_by(Authority.name))
    return {row.id: row.name for row in rows}


def alarms(act: Act) -> list[str]:
    """What is wrong with the scheduler right now, in sentences."""
    return [*_silent(act, heartbeat.heard(act.session)), *_aside(act, act.session.execute(STATE).one())]


def _silent(act: Act, beats: Mapping[str, datetime]) -> list[str]:
    """Which jobs have not been heard for too long: escalation before all, without which nobody hears of a lapse."""
    silent = {job.name: job.heard_at for job in heartbeat.quiet_of(beats, act.at)}
    if heartbeat.ESCALATION in silent:
        since = silent[heartbeat.ESCALATION]
        if since is None:
            return [
                "The scheduler has never run: lapsed timescales reach nobody. Start it, or ring your system's keeper."
            ]
        return [f"The scheduler has been silent since {_moment(since)}: lapsed timescales reach nobody."]
    if silent:
        return ["A part of the scheduler is silent: messages may not be sent. Ring your system's keeper."]
    return []


def _aside(act: Act, state: Row[Any]) -> list[str]:
    """What goes wrong with the ladders themselves: what failed, what has no record, and whose clock is off."""
    found = []
    if state.is_set_aside:
        found.append(
            "Escalation failed for at least one timescale. It is being tried again and is listed under Escalations."
        )
    if state.is_unrecorded:
        found.append("An escalation that was due is not recorded. It is listed under Escalations.")
    for node in nodes.astray(act.session):
        seconds, side = abs(node.off_by.total_seconds()), "ahead of" if node.off_by > timedelta(0) else "behind"
        found.append(f"The clock of {node.name} is {seconds:,.0f} seconds {side} the database’s: it escalates nothing.")
    return found


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{local:%H:%M on %A} {local.day} {local:%B}"


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
    messages = notices.troubles(act.session, authority_id, act.at)
    if messages.waiting_since_at is not None and act.at - messages.waiting_since_at > WAITING_AFTER:
        found.append(
            f"At least one message has waited to be sent since {_moment(messages.waiting_since_at)}: "
            "people may not hear by mail. Ring your system's keeper."
        )
    if messages.has_failed:
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
