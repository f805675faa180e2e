"""Answering what was escalated: taking the case over, coming back to it later, and marking a case urgent."""

from datetime import datetime

from sqlalchemy import select

from lado.act import Act
from lado.domain.escalation import COVER, UPWARDS, Step, find_in
from lado.errors import BadInput, NotFound, Refused
from lado.models import CaseClock, Escalation, Referral
from lado.queries import conflicts, cover, lapsed
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices
from lado.services.moves import in_hand, locked
from lado.services.notices import Words
from lado.services.record import record
from workflows.case import Case
from workflows.events import EscalationSnoozed, Noted, OwnerAssigned, UrgencyLifted, UrgencyRaised
from workflows.practice import Practice

WHY = "Say why."


def take_over(act: Act, escalation_id: int, reason: str = "") -> Referral:
    """Become the accountable officer of the case of an escalation, and answer all that one was told of it.

    The ladder goes on under the new owner. Raises Refused for whoever has the case already or when it has ended,
    NotAllowed, NotFound.
    """
    referral, case, practice, _ = _asked(act, escalation_id)
    me = act.who.id or 0
    if case.owner == me:
        raise Refused("You are the accountable officer of this case already.")
    if not referral.is_open:
        raise Refused("This case has ended, so nobody has to take it over.")
    before, words = case.owner, {"reason": reason} if reason else {}
    record(act, referral, case, [Noted("take_over", {}), OwnerAssigned(me, "taken over")], practice, words)
    mine = select(Escalation).where(Escalation.referral_id == referral.id, Escalation.told_id == me)
    for rung in act.session.scalars(mine.where(Escalation.acknowledged_at.is_(None))):
        rung.acknowledged_at, rung.acknowledged_by_id = act.at, me
    if before is not None:
        body = f"A colleague has taken over {referral.reference} and is now its accountable officer."
        notices.queue(act, before, referral, f"{referral.reference}: taken over", body)
    return referral


def snooze(act: Act, escalation_id: int, until_at: datetime, reason: str) -> Referral:
    """Come back to an escalation later: it waits for its person again at `until_at`. The ladder does not wait.

    Raises BadInput (until_at, reason), Refused for what is somebody else's or settled, NotAllowed, NotFound.
    """
    referral, case, practice, rung = _asked(act, escalation_id)
    key = act.session.get_one(CaseClock, rung.clock_id).key
    running = case.running.get(key)
    if rung.told_id != act.who.id:
        raise Refused("Only whoever was told can come back to it later.")
    if running is None or running.occurrence != rung.occurrence or rung.acknowledged_at is not None:
        raise Refused("This has been answered or recorded already.")
    latest = lapsed.latest_snooze(act, rung.clock_id)
    problems = {} if reason.strip() else {"reason": WHY}
    if not act.at < until_at <= latest:
        problems["until_at"] = "Choose a time before the next person hears, and not one that has passed."
    if problems:
        raise BadInput(problems)
    event = EscalationSnoozed(key, rung.occurrence, rung.rung, until_at)
    record(act, referral, case, [event], practice, {"reason": reason})
    rung.snoozed_until_at = until_at
    return referral


def raise_urgency(act: Act, referral_id: int, reason: str) -> Referral:
    """Mark that the safety of a child is at stake now: cover and manager hear at once, and of every lapse from now on.

    Raises BadInput (reason), Refused when it is marked already or has ended, NotAllowed, NotFound.
    """
    referral, case, practice = _held(act, referral_id, reason)
    if case.urgent:
        raise Refused("This case is marked urgent already.")
    if not referral.is_open:
        raise Refused("This case has ended. Reopen it, or log a new one.")
    number = case.urgencies + 1
    record(act, referral, case, [UrgencyRaised(number)], practice, {"reason": reason})
    notices.queue_all(act, _urgent_letters(act, referral, case, number))
    return referral


def lift_urgency(act: Act, referral_id: int, reason: str) -> Referral:
    """Say that no child's safety is at stake now any more. Raises BadInput (reason), Refused, NotAllowed, NotFound."""
    referral, case, practice = _held(act, referral_id, reason)
    if not case.urgent:
        raise Refused("This case is not marked urgent.")
    record(act, referral, case, [UrgencyLifted(case.urgencies)], practice, {"reason": reason})
    return referral


def _asked(act: Act, escalation_id: int) -> tuple[Referral, Case, Practice, Escalation]:
    found = act.session.get(Escalation, escalation_id)
    if found is None:
        raise NotFound("no such escalation")
    referral = locked(act, found.referral_id)
    ensure(act.who, Permission.REFERRAL_WORK, referral)
    rung = act.session.get_one(Escalation, escalation_id, populate_existing=True)
    return referral, *in_hand(act, referral), rung


def _held(act: Act, referral_id: int, reason: str) -> tuple[Referral, Case, Practice]:
    referral = locked(act, referral_id)
    ensure(act.who, Permission.REFERRAL_WORK, referral)
    if not reason.strip():
        raise BadInput({"reason": WHY})
    return referral, *in_hand(act, referral)


def _urgent_letters(act: Act, referral: Referral, case: Case, number: int) -> list[Words]:
    """To the cover and to the nearest leader who is there, whoever raised it left out; and to the owner."""
    barred = conflicts.barred_from(act.session, {referral.id}).get(referral.id, frozenset())
    team = cover.team(act.session, referral.authority_id, act.at)
    find = find_in(team, case.owner or 0, act.at, barred=barred)
    found = [find(Step(role, act.at, role)).person for role in ("owner", COVER)]
    found.append(next((person for role in UPWARDS if (person := find(Step(role, act.at, role)).person)), None))
    body = f"{referral.reference} is marked urgent. Please read it now."
    return [
        Words(person, referral.id, f"{referral.reference}: urgent", body, f"urgent.{referral.id}.{number}.{person}")
        for person in dict.fromkeys(found)
        if person is not None and person != act.who.id
    ]
