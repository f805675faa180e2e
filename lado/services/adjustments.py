"""Giving a clock more time, letting it stand still, starting it again, stopping it: asked of the policy, then recorded.

Why is always said, and sealed: `reason` is words. `seen` is the number of the last entry that the form was made from.
Each raises Refused with what to do instead, BadInput, NotAllowed, NotFound, and Stale when somebody else has recorded
something since.
"""

from collections.abc import Callable
from datetime import date

from lado.act import Act
from lado.domain import answers
from lado.errors import BadInput, NotFound, Refused, Stale
from lado.models import Referral
from lado.queries import clocks
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices
from lado.services.moves import changed_since, in_hand, locked
from lado.services.record import record
from workflows import adjustments
from workflows.adjustments import Decided
from workflows.attempt import Refusal
from workflows.case import Case, Clock
from workflows.practice import Practice

Decide = Callable[[Case, Clock, Practice], Decided]

REVIEW_WORDS = "Review the pause of a clock: start it again, or set the next review."
"""What the action says that reviews a pause."""


def extend(
    act: Act,
    referral_id: int,
    clock: tuple[str, int],
    reason: str,
    *,
    by: int = 0,
    due_on: date | None = None,
    seen: int | None = None,
) -> Case:
    """Give the clock (its key and occurrence) `by` more units of its limit, or until `due_on` where it has none."""
    return _adjust(
        act,
        referral_id,
        clock,
        lambda case, one, practice: adjustments.extend(
            case, one, _promised(act, referral_id, one, practice), act.at, by=by, due_on=due_on
        ),
        {"reason": reason},
        {"due_on": due_on},
        seen,
    )


def pause(
    act: Act,
    referral_id: int,
    clock: tuple[str, int],
    reason: str,
    *,
    holder: str,
    review_on: date,
    seen: int | None = None,
) -> Case:
    """Let the clock stand still while `holder` has the ball; the accountable officer reviews it by `review_on`."""
    return _adjust(
        act,
        referral_id,
        clock,
        lambda case, one, practice: adjustments.pause(case, one, practice, act.at, holder=holder, review_on=review_on),
        {"reason": reason, "action": REVIEW_WORDS},
        {"review_on": review_on},
        seen,
    )


def keep_paused(
    act: Act, referral_id: int, clock: tuple[str, int], reason: str, *, review_on: date, seen: int | None = None
) -> Case:
    """Review the pause and let it last until it is reviewed next, by `review_on`."""
    return _adjust(
        act,
        referral_id,
        clock,
        lambda case, one, practice: adjustments.keep_paused(case, one, practice, act.at, review_on=review_on),
        {"reason": reason, "action": REVIEW_WORDS},
        {"review_on": review_on},
        seen,
    )


def resume(act: Act, referral_id: int, clock: tuple[str, int], reason: str, *, seen: int | None = None) -> Case:
    """Start the clock again: its due date is derived anew without the days of the pause."""
    return _adjust(
        act,
        referral_id,
        clock,
        lambda case, one, practice: adjustments.resume(case, one, practice, act.at),
        {"reason": reason},
        {},
        seen,
    )


def stop(act: Act, referral_id: int, clock: tuple[str, int], reason: str, *, why: str, seen: int | None = None) -> Case:
    """Stop a clock that does not apply; `why` is a code of STOP_REASONS."""
    return _adjust(
        act,
        referral_id,
        clock,
        lambda case, one, practice: adjustments.stop(case, one, practice, act.at, why=why),
        {"reason": reason},
        {},
        seen,
    )


def _adjust(
    act: Act,
    referral_id: int,
    clock: tuple[str, int],
    decide: Decide,
    words: dict[str, str],
    dates: dict[str, date | None],
    seen: int | None,
) -> Case:
    """Hold the case, ask, decide, record: one for all five."""
    referral = locked(act, referral_id)
    ensure(act.who, Permission.CLOCK_ADJUST, referral)
    case, practice = in_hand(act, referral)
    if seen is not None and changed_since(act, referral, seen):
        raise Stale("Somebody else has recorded something on this case since you opened the form.")
    if not words["reason"].strip():
        raise BadInput({"reason": "Say why."})
    if problems := answers.problems(dates, answers.Known(act.at, case.received_at or act.at)):
        raise BadInput(problems)
    one = _find(case, clock)
    decided = decide(case, one, practice)
    if isinstance(decided, Refusal):
        raise Refused(decided.reason, decided.missing)
    record(act, referral, case, decided, practice, words)
    _tell_owner(act, referral, case)
    return case


def _promised(act: Act, referral_id: int, clock: Clock, practice: Practice) -> Practice:
    """The practice that the clock was started under: what is added is added to the limit that was promised."""
    return clocks.practice_of(act.session, act.session.get_one(Referral, referral_id).authority_id, clock, practice)


def _find(case: Case, clock: tuple[str, int]) -> Clock:
    every = (*case.running.values(), *case.ended)
    found = next((one for one in every if (one.key, one.occurrence) == clock), None)
    if found is None:
        raise NotFound("no such clock")
    return found


def _tell_owner(act: Act, referral: Referral, case: Case) -> None:
    """The accountable officer hears when somebody else has changed what their case is held to."""
    if case.owner is not None and case.owner != act.who.id:
        body = f"A time limit of {referral.reference} was changed. The page of the case says how and why."
        notices.queue(act, case.owner, referral, f"{referral.reference}: a time limit was changed", body)
