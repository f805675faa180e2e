"""Restricting a case to a list of people, changing and reviewing the list, and ending it: each with a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.models import Referral, Restriction
from lado.queries import restrictions as reading
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.security.predicates import OFFICERS
from lado.services import moves, notices, restricting
from lado.services.record import record
from workflows.events import RestrictionEnded

LONGEST_REASON = 2_000
WARNED_BEFORE = timedelta(days=14)
"""How long before a list lapses its keeper is told."""

NOT_RESTRICTED = "This case is not restricted."
REVIEW = "Go through the list of this restricted case by {}. After that it lapses to whoever has the case, and to you."
LAPSED = "Nobody went through the list of this restricted case in time. It is there for you and its officer alone now."


@dataclass(frozen=True, slots=True)
class NewList:
    """Who is to be on the list of a case, and why."""

    people: Collection[int]
    why: str


def restrict(act: Act, referral_id: int, new: NewList) -> None:
    """Let the case exist for these people, and whoever restricts it, alone; or change the list that there is.

    At least one of them is an officer, who works it. Raises BadInput by field (people, why), NotAllowed, NotFound.
    """
    referral = _held(act, referral_id)
    people = {*new.people, act.who.id or 0}
    if problems := _problems(act, referral, people, new.why):
        raise BadInput(problems)
    before = _on_list(act, referral)
    _write(act, referral, people, "changed" if before else "chosen", new.why)
    for person in sorted(people - before - {act.who.id}):
        notices.queue(act, person, referral, f"{referral.reference}: a restricted case", restricting.GIVEN)


def review(act: Act, referral_id: int) -> None:
    """Say that the list is right as it is; it stands for another 90 days. Raises Refused, NotAllowed, NotFound."""
    referral = _held(act, referral_id)
    people = _on_list(act, referral)
    if not people:
        raise Refused(NOT_RESTRICTED)
    _write(act, referral, people, "reviewed", "")
    restriction = reading.standing(act.session, referral.id)
    if restriction is not None:
        restriction.lapsed_at = None


def end(act: Act, referral_id: int, why: str) -> None:
    """Let everybody come to the case again whom nothing else keeps from it.

    Raises BadInput by field (why), Refused, NotAllowed, NotFound.
    """
    referral = _held(act, referral_id)
    restriction = reading.standing(act.session, referral.id)
    if restriction is None:
        raise Refused(NOT_RESTRICTED)
    if problem := _problem_with(why):
        raise BadInput({"why": problem})
    case, practice = moves.in_hand(act, referral)
    restricting.end(act, restriction)
    record(act, referral, case, [RestrictionEnded("chosen")], practice, {"why": why.strip()})


def lapse(act: Act, restriction_id: int) -> bool:
    """Let a list that nobody went through in time lapse to whoever has the case and whoever keeps the list.

    Says whether it did; a list that was reviewed meanwhile stands.
    """
    restriction = act.session.get_one(Restriction, restriction_id)
    referral = moves.locked(act, restriction.referral_id)
    act.session.refresh(restriction)
    if restriction.ended_at is not None or restriction.review_by_at > act.at:
        return False
    case, _ = moves.in_hand(act, referral)
    people = {restriction.keeper_id, *((case.owner,) if case.owner is not None else ())}
    _write(act, referral, people, "lapsed", "", keeper=restriction.keeper_id)
    restriction.lapsed_at = act.at
    subject = f"{referral.reference}: the list of a restricted case lapsed"
    notices.queue(act, restriction.keeper_id, referral, subject, LAPSED)
    return True


def warn(act: Act, restriction_id: int) -> bool:
    """Tell whoever keeps a list that it lapses soon: once for each review. Says whether they were told now."""
    restriction = act.session.get_one(Restriction, restriction_id, with_for_update=True, populate_existing=True)
    if restriction.warned_at is not None or restriction.ended_at is not None:
        return False
    restriction.warned_at = act.at
    referral = act.session.get_one(Referral, restriction.referral_id)
    by = f"{restriction.review_by_at:%-d %B %Y}"
    notices.queue(
        act, restriction.keeper_id, referral, f"{referral.reference}: review the list by {by}", REVIEW.format(by)
    )
    return True


def _write(act: Act, referral: Referral, people: Collection[int], because: str, why: str, *, keeper: int = 0) -> None:
    case, practice = moves.in_hand(act, referral)
    event = restricting.choose(act, referral, case, practice, people, keeper or _keeper(act, referral, people), because)
    record(act, referral, case, [event], practice, {"why": why.strip()})


def _keeper(act: Act, referral: Referral, people: Collection[int]) -> int:
    """Who keeps the list: whoever did while they are on it, or else whoever changes it."""
    restriction = reading.standing(act.session, referral.id)
    return restriction.keeper_id if restriction and restriction.keeper_id in people else act.who.id or 0


def _on_list(act: Act, referral: Referral) -> set[int]:
    restriction = reading.standing(act.session, referral.id)
    return set() if restriction is None else set(act.session.scalars(reading.on_list(restriction.id)))


def _held(act: Act, referral_id: int) -> Referral:
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.RESTRICTION_KEEP, referral)
    return referral


def _problems(act: Act, referral: Referral, people: Collection[int], why: str) -> dict[str, str]:
    found = {}
    could = {one.id: one.role for one in reading.could_be_on(act, referral)}
    if not set(people) <= could.keys():
        found["people"] = "Choose people from the list."
    elif not any(could[person] in OFFICERS for person in people):
        found["people"] = "Choose at least one officer, who works the case."
    if problem := _problem_with(why):
        found["why"] = problem
    return found


def _problem_with(why: str) -> str:
    if not why.strip():
        return "Say why."
    return f"Shorten this to {LONGEST_REASON:,} characters or fewer." if len(why) > LONGEST_REASON else ""
