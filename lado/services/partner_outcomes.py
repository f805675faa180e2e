"""Letting one partner see the outcome of a case, keeping it from them with a reason, and that they have read it."""

from datetime import datetime

from sqlalchemy import update

from lado.act import Act
from lado.domain.partner_outcomes import RELEASED, WITHHELD, Release
from lado.errors import BadInput, NotFound, Refused
from lado.models import PartnerAnswer, Referral
from lado.queries import portal
from lado.queries.grants import is_referrer, may_follow
from lado.queries.portal_outcomes import release as release_of
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import moves, partner_answers, still_there, told_by_release, updates
from lado.services.record import append, project, record
from workflows.events import Event, OutcomeAcknowledged, OutcomeReleasedTo, OutcomeWithheld

LONGEST_REASON = 5_000
"""Characters of a reason."""

NO_OUTCOME = "No outcome stands on this case now, so there is nothing to release yet."
NOT_FOLLOWING = "This person may not follow the case any more."
RELEASED_ALREADY = "They can see the outcome already. It cannot be taken back."
WITHHELD_ALREADY = "It is kept from them already. Release it to them when the reason has gone."
MISSING_REASON = "Say why they are not told the outcome."


def release(act: Act, referral_id: int, partner: int, note: str = "", *, seen: int | None = None) -> None:
    """Let one partner see the outcome on their own page from now on, and tell them that there is something to read.

    For the referrer that is how they are told, and it is recorded so.

    Raises Refused where no outcome stands, where they see it already or may not follow the case, Stale, NotFound,
    NotAllowed.
    """
    referral, found = _held(act, referral_id, partner, seen)
    if not _has_outcome(act, referral, found, partner):
        raise Refused(NO_OUTCOME)
    case, practice = moves.in_hand(act, referral)
    append(act, referral, case, [OutcomeReleasedTo(partner)], {"note": note.strip()})
    told_by_release.note(act, referral, case, practice, {partner})
    project(act, referral, case, practice, events=referral.events)
    if is_referrer(act.session, partner, referral.id):
        updates.keep(act, referral, is_update=False)
    partner_answers.keep(act, referral, partner, RELEASED)
    partner_answers.tell(act, referral, partner)


def withhold(act: Act, referral_id: int, partner: int, why: str, *, seen: int | None = None) -> None:
    """Keep the outcome from one partner, with a reason, until it is released to them: also one that is decided later.

    Raises BadInput by field (why), Refused where they see it already, Stale, NotFound, NotAllowed.
    """
    referral, found = _held(act, referral_id, partner, seen)
    if found.stage == WITHHELD:
        raise Refused(WITHHELD_ALREADY)
    if not why.strip():
        raise BadInput({"why": MISSING_REASON})
    if len(why) > LONGEST_REASON:
        raise BadInput({"why": f"Shorten this to {LONGEST_REASON:,} characters or fewer."})
    _write(act, referral, OutcomeWithheld(partner), {"why": why.strip()})
    partner_answers.keep(act, referral, partner, WITHHELD)


def acknowledge(act: Act, reference: str) -> None:
    """Say that one has read the outcome that one's own page shows.

    Raises NotFound alike for what is not theirs and what shows no outcome, Refused when they have said so already.
    """
    case = portal.case(act, reference)
    held = portal.find_held(act, reference)
    if case is None or held is None or not case.outcomes:
        raise NotFound("no outcome that this partner sees")
    ensure(act.who, Permission.PORTAL_READ, held)
    if case.acknowledged_at is not None:
        raise Refused("You have said already that you have read this.")
    referral = still_there.hold(act, held.referral_id)
    _write(act, referral, OutcomeAcknowledged(held.follower_id), {})
    theirs = (PartnerAnswer.referral_id == referral.id) & (PartnerAnswer.account_id == held.follower_id)
    read: dict[str, datetime] = {"acknowledged_at": act.at}
    act.session.execute(update(PartnerAnswer).where(theirs, PartnerAnswer.stage == RELEASED).values(read))


def _held(act: Act, referral_id: int, partner: int, seen: int | None) -> tuple[Referral, Release]:
    """The case, held, and how its outcome stands for this partner, who follows it and does not see the outcome yet."""
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.REFERRAL_DECIDE, referral)
    moves.refuse_stale(act, referral, seen)
    if not may_follow(act.session, partner, referral.id, act.at):
        raise Refused(NOT_FOLLOWING)
    found = release_of(act.session, referral.id, partner)
    if found.stage == RELEASED:
        raise Refused(RELEASED_ALREADY)
    return referral, found


def _has_outcome(act: Act, referral: Referral, found: Release, partner: int) -> bool:
    """Whether an outcome was decided and the case stands where partners are told that it has concluded."""
    case = portal.as_seen_by(act, referral.reference, partner)
    return found.is_decided and case is not None and case.step == len(portal.STEPS)


def _write(act: Act, referral: Referral, event: Event, words: dict[str, str]) -> None:
    case, practice = moves.in_hand(act, referral)
    record(act, referral, case, [event], practice, words)
