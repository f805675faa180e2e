"""Telling the next one up of what was handed over and nobody accepted: once for each rung, with its due time."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lado.act import Act
from lado.domain.escalation import Team
from lado.domain.handover import Unanswered, find_in, next_rung_at, unanswered
from lado.models import HandOver, HandOverRung, Referral
from lado.queries import cover, handovers, practices
from lado.queries.conflicts import barred_from
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import handover_notices, moves
from lado.services.insertion import insert_new
from lado.services.record import record
from workflows.events import HandOverRaised
from workflows.practice import Practice


class Raised(NamedTuple):
    """What was raised: rungs recorded, and notices written."""

    raised: int = 0
    notices: int = 0


class Council(NamedTuple):
    """What the rungs of one council are worked out from."""

    team: Team
    practice: Practice


def climb(act: Act, hand_over_ids: Sequence[int]) -> Raised:
    """Record every rung that these hand-overs have reached, and tell the person of the highest one of each.

    Safe to repeat: the rows say what was climbed, and their key is the last word.
    """
    ensure(act.who, Permission.HANDOVER_KEEP)
    found = _held(act, hand_over_ids)
    councils: dict[int, Council] = {}
    raised, to_tell = 0, dict[tuple[str, int], list[handover_notices.Handed]]()
    for referral, hand_over in found:
        council = councils.setdefault(referral.authority_id, _council(act, referral.authority_id))
        new = _climb(act, referral, hand_over, council)
        raised += len(new)
        top = next((step for step in reversed(new) if step.found.person is not None), None)
        if top is not None and top.found.person is not None:
            to_tell.setdefault((top.rung, top.found.person), []).append((referral, hand_over))
    told = sum(handover_notices.not_accepted(act, rung, {person: cases}) for (rung, person), cases in to_tell.items())
    return Raised(raised, told)


def _held(act: Act, hand_over_ids: Sequence[int]) -> list[tuple[Referral, HandOver]]:
    """The hand-overs that still wait, with their cases, which are held; those in hand elsewhere are left alone."""
    query = (
        select(Referral, HandOver)
        .join(HandOver, HandOver.referral_id == Referral.id)
        .where(HandOver.id.in_(hand_over_ids), HandOver.next_at <= act.at)
        .order_by(Referral.id)
        .options(joinedload(Referral.sealing_key, innerjoin=True))
        .with_for_update(of=Referral, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [(referral, hand_over) for referral, hand_over in act.session.execute(query)]


def _council(act: Act, authority_id: int) -> Council:
    team = cover.team(act.session, authority_id, act.at)
    return Council(team, practices.in_force(act.session, authority_id, act.at))


def _climb(act: Act, referral: Referral, hand_over: HandOver, council: Council) -> list[Unanswered]:
    climbed = set(act.session.scalars(select(HandOverRung.rung).where(HandOverRung.hand_over_id == hand_over.id)).all())
    find = find_in(hand_over.from_id, act.at, council.team, _passed(act, hand_over))
    reached = unanswered(hand_over.offered_at, climbed, act.at, council.practice, find)
    rows = [
        {
            "hand_over_id": hand_over.id,
            "rung": step.rung,
            "due_at": step.due_at,
            "recorded_at": act.at,
            "told_id": step.found.person,
        }
        for step in reached
    ]
    written = set(insert_new(act.session, HandOverRung, rows, HandOverRung.rung))
    new = [step for step in reached if step.rung in written]
    climbed |= {step.rung for step in reached}
    hand_over.escalated_at = hand_over.escalated_at or act.at
    hand_over.next_at = next_rung_at(hand_over.offered_at, climbed, council.practice)
    act.session.flush()
    if new:
        case, practice = moves.in_hand(act, referral)
        events = [HandOverRaised(step.rung, step.due_at, step.found.person) for step in new]
        record(act, referral, case, events, practice)
    return new


def _passed(act: Act, hand_over: HandOver) -> set[int]:
    """Who is not told: those kept from the case, those who said why not, and whoever has it already."""
    case = [hand_over.referral_id]
    kept = barred_from(act.session, case).get(hand_over.referral_id, frozenset())
    refused = handovers.refused(act.session, case, [hand_over.absence_id]).get(hand_over.referral_id, set())
    told = set(act.session.scalars(select(HandOverRung.told_id).where(HandOverRung.hand_over_id == hand_over.id)))
    to = {hand_over.to_id} if hand_over.to_id is not None else set()
    return {*kept} | refused | to | {person for person in told if person is not None}
