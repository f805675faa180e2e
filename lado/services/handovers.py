"""Handing over: offering the cases of whoever is away to whom the resolver finds, answering, and handing back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.domain.escalation import Team
from lado.domain.handover import Inherited, absence_of, next_rung_at
from lado.errors import BadInput, Refused
from lado.models import HandBack, HandOver, Referral
from lado.queries import cover, handovers, practices
from lado.queries.handovers import Place
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import handover_notices, moves
from lado.services.insertion import insert_new
from lado.services.record import record
from workflows.events import Event, HandedBack, HandedOver, HandOverAccepted, HandOverRefused

MISSING_REASON = "Say why not, so that the next person knows."
NOT_YOURS = "This case is not handed over to you now. Somebody else has it, or the colleague is back."


class Line(NamedTuple):
    """What bringing cases into line did: hand-overs offered and ended, and notices written."""

    offered: int = 0
    ended: int = 0
    notices: int = 0


def bring_into_line(act: Act, authority_id: int, referral_ids: Sequence[int]) -> Line:
    """Make the hand-overs of these cases what the resolver says now: offer, offer to somebody else, or end.

    Safe to repeat: what is in line is left alone, and a unique index is the last word. Cases that somebody has in hand
    at this moment are left for the next pass.
    """
    ensure(act.who, Permission.HANDOVER_KEEP)
    query = (
        select(Referral)
        .where(Referral.id.in_(referral_ids), Referral.authority_id == authority_id)
        .order_by(Referral.id)
        .options(joinedload(Referral.sealing_key, innerjoin=True))
        .with_for_update(of=Referral, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    held = {referral.id: referral for referral in act.session.scalars(query)}
    return _bring(act, authority_id, held) if held else Line()


def watch_returns(act: Act, authority_id: int, people: Sequence[int]) -> int:
    """Write down of these people, whose cases were handed over, that they are back. Returns how many are."""
    ensure(act.who, Permission.HANDOVER_KEEP)
    back = (
        update(HandBack)
        .where(HandBack.account_id.in_(people), HandBack.returned_at.is_(None), HandBack.authority_id == authority_id)
        .values(returned_at=act.at)
    )
    return act.session.connection().execute(back).rowcount


def accept(act: Act, referral_id: int) -> HandOver:
    """Take a case up while its owner is away. Again, it changes nothing.

    Whoever it was offered to may, and whoever was told that nobody had accepted it. Raises Refused,
    NotAllowed, NotFound.
    """
    referral, found = _to_answer(act, referral_id)
    if found.accepted_by_id == act.who.id:
        return found
    if found.accepted_at is not None:
        raise Refused("A colleague has accepted this case already.")
    if found.to_id != act.who.id and not handovers.is_told(act.session, found.id, act.who.id):
        raise Refused(NOT_YOURS)
    found.accepted_at, found.accepted_by_id, found.next_at = act.at, act.who.id, None
    act.session.flush()
    _record(act, referral, [HandOverAccepted(found.from_id, found.to_id)])
    return found


def accept_all(act: Act) -> int:
    """Take up everything that waits for this person; returns how many cases. Raises NotAllowed."""
    ensure(act.who, Permission.REFERRAL_WORK)
    cases = sorted(offered.case.id for offered in handovers.waiting(act))
    for case in cases:
        moves.locked(act, case)  # all of them first, in one order: so nobody waits for another in a circle
    for case in cases:
        accept(act, case)
    return len(cases)


def refuse(act: Act, referral_id: int, reason: str) -> int | None:
    """Say why one cannot take a case; it goes to the next person at once, who is returned (None: nobody is there).

    Raises BadInput (reason), Refused, NotAllowed, NotFound.
    """
    referral, found = _to_answer(act, referral_id)
    if found.to_id is None or found.to_id != act.who.id:
        raise Refused(NOT_YOURS)
    if not reason.strip():
        raise BadInput({"reason": MISSING_REASON})
    place = f"hand_over/{referral.id}/{found.absence_id}/{found.number}"
    found.sealed = act.vault.seal(referral.sealing_key.wrapped, place, {"reason": reason.strip()})
    found.refused_at, found.ended_at, found.next_at = act.at, act.at, None
    act.session.flush()
    _record(act, referral, [HandOverRefused(found.from_id, found.to_id)], {"reason": reason.strip()})
    _bring(act, referral.authority_id, {referral.id: referral})
    following = handovers.of_case(act, referral.id)
    return following.to_id if following else None


def read_what_happened(act: Act) -> None:
    """Say that one has read what happened while one was away: the card goes, and the hand-over is closed."""
    ensure(act.who, Permission.COVER_READ)
    act.session.execute(
        update(HandBack)
        .where(HandBack.account_id == act.who.id, HandBack.read_at.is_(None), HandBack.returned_at.is_not(None))
        .values(read_at=act.at)
        .execution_options(synchronize_session=False)
    )


def _to_answer(act: Act, referral_id: int) -> tuple[Referral, HandOver]:
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.REFERRAL_WORK, referral)
    found = handovers.of_case(act, referral_id)
    if found is None:
        raise Refused(NOT_YOURS)
    return referral, found


def _bring(act: Act, authority_id: int, held: dict[int, Referral]) -> Line:
    team = cover.team(act.session, authority_id, act.at)
    out = [
        place
        for place in handovers.places(act.session, authority_id, team, act.at, only=list(held))
        if not place.is_in_line
    ]
    ended = [place.live.id for place in out if place.live is not None]
    _end(act, ended)
    new = _offer(act, authority_id, [place for place in out if place.wanted is not None])
    for place in out:
        if events := list(_events(held[place.referral], place, team, act.at, is_new=place.referral in new)):
            _record(act, held[place.referral], events)
    told = handover_notices.offered(act, [(held[row.referral_id], row) for row in new.values()])
    return Line(len(new), len(ended), told)


def _end(act: Act, hand_overs: Sequence[int]) -> None:
    if hand_overs:
        act.session.execute(
            update(HandOver)
            .where(HandOver.id.in_(hand_overs), HandOver.ended_at.is_(None))
            .values(ended_at=act.at, next_at=None)
            .execution_options(synchronize_session=False)
        )


def _offer(act: Act, authority_id: int, out: Sequence[Place]) -> dict[int, HandOver]:
    """Write the new hand-overs, and return those that were not there yet, by case."""
    wanted = [(place, place.wanted) for place in out if place.wanted is not None]
    if not wanted:
        return {}
    absences = {one.absence.id for _, one in wanted}
    numbers = handovers.numbers(act.session, [place.referral for place, _ in wanted], absences)
    next_at = next_rung_at(act.at, (), practices.in_force(act.session, authority_id, act.at))
    rows = [
        _row(act, authority_id, place, one, numbers.get((one.absence.id, place.referral), 0) + 1, next_at)
        for place, one in wanted
    ]
    new = insert_new(act.session, HandOver, rows, HandOver.id)
    _keep_watch(act, authority_id, wanted)
    return {row.referral_id: row for row in act.session.scalars(select(HandOver).where(HandOver.id.in_(new)))}


def _row(
    act: Act, authority_id: int, place: Place, one: Inherited, number: int, next_at: datetime | None
) -> dict[str, Any]:
    return {
        "authority_id": authority_id,
        "referral_id": place.referral,
        "absence_id": one.absence.id,
        "number": number,
        "from_id": place.owner,
        "to_id": one.person,
        "begins_at": one.absence.from_at,
        "until_at": one.absence.until_at,
        "offered_at": act.at,
        "next_at": None if one.person is None else next_at,
        "accepted_at": None,
        "accepted_by_id": None,
        "refused_at": None,
        "sealed": None,
        "escalated_at": None,
        "ended_at": None,
    }


def _keep_watch(act: Act, authority_id: int, wanted: Sequence[tuple[Place, Inherited]]) -> None:
    """Remember whose cases were handed over, so that they read on their return what happened."""
    began = {place.owner: one.absence.from_at for place, one in wanted}
    for owner, from_at in sorted(began.items()):  # in one order, so that two nodes cannot wait for each other
        row = {
            "authority_id": authority_id,
            "account_id": owner,
            "from_at": from_at,
            "returned_at": None,
            "read_at": None,
        }
        if not insert_new(act.session, HandBack, [row], HandBack.id):
            act.session.execute(
                update(HandBack)
                .where(HandBack.account_id == owner, HandBack.read_at.is_(None))
                .values(returned_at=None)
                .execution_options(synchronize_session=False)
            )


def _events(referral: Referral, place: Place, team: Team, at: datetime, *, is_new: bool) -> list[Event]:
    """What the record says of it: whom the case was offered to, or that its owner is back."""
    if place.wanted is not None and place.owner is not None:
        return [HandedOver(place.owner, place.wanted.person, place.wanted.absence.until_at)] if is_new else []
    live = place.live
    if live is None or not referral.is_open or referral.owner_id != live.owner:
        return []  # it closed, or has another owner: the record says so already
    return [] if absence_of(live.owner, at, team.rota) else [HandedBack(live.owner)]


def _record(act: Act, referral: Referral, events: Sequence[Event], words: dict[str, str] | None = None) -> None:
    case, practice = moves.in_hand(act, referral)
    record(act, referral, case, events, practice, words)
