"""Promising the referrer an update by a day, and recording that they had one: asked of the policy, then recorded."""

from collections.abc import Sequence
from datetime import date

from lado.act import Act
from lado.errors import BadInput, Refused
from lado.models import Referral
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import moves
from lado.services.record import record
from workflows import updates
from workflows.attempt import Refusal
from workflows.case import Case
from workflows.events import Event

LONGEST = 5_000
"""Characters of a note."""

NOTHING_SAID = "Say that they have had an update, or enter the day by which they will."


def promise(
    act: Act, referral_id: int, by_on: date, note: str = "", *, given: bool = False, seen: int | None = None
) -> Case:
    """Promise the referrer an update by the end of a day; `given` says that they have just had one.

    `note` says how and what, and is sealed. `seen` is the number of the last entry that the form was made from. Raises
    BadInput by field (update_by_on, note), Refused where a day stands or the case has ended, Stale, NotFound,
    NotAllowed.
    """
    referral = _held(act, referral_id, note, seen)
    case, practice = moves.in_hand(act, referral)
    decided = updates.promise(case, practice, act.at, by_on, given=given)
    if isinstance(decided, Refusal):
        if decided.missing:
            raise BadInput({"update_by_on": decided.reason})
        raise Refused(decided.reason)
    return _write(act, referral, case, decided, note)


def give(act: Act, referral_id: int, note: str = "", *, seen: int | None = None) -> Case:
    """Record that the referrer has just had an update, without a day for another one. Raises as `promise` does."""
    referral = _held(act, referral_id, note, seen)
    case, _ = moves.in_hand(act, referral)
    return _write(act, referral, case, updates.give(case, act.at), note)


def keep(act: Act, referral: Referral, *, is_update: bool) -> None:
    """Write down that the referrer was told something by what was recorded just before, on a case that is held.

    An update in words says so itself, `is_update`; an outcome that was released is one by being released.
    """
    case, _ = moves.in_hand(act, referral)
    events = updates.give(case, act.at) if is_update else updates.kept(case, act.at)
    if events:
        _write(act, referral, case, events, "")


def _held(act: Act, referral_id: int, note: str, seen: int | None) -> Referral:
    referral = moves.locked(act, referral_id)
    ensure(act.who, Permission.REFERRAL_WORK, referral)
    moves.refuse_stale(act, referral, seen)
    if len(note) > LONGEST:
        raise BadInput({"note": f"Shorten this to {LONGEST:,} characters or fewer."})
    return referral


def _write(act: Act, referral: Referral, case: Case, events: Sequence[Event], note: str) -> Case:
    _, practice = moves.in_hand(act, referral)
    record(act, referral, case, events, practice, {"note": note.strip()})
    return case
