"""Correcting a date: one person asks with a reason, a second one agrees or refuses, and the original always stays.

Both are entries of the record, with the row of the table of corrections beside them. What becomes of the clocks that
hang on the date is the second person's recorded choice.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, update

from lado.act import Act
from lado.domain.corrections import (
    AGREED,
    ASKED,
    CLOCKS,
    DERIVE,
    HAS_PRECISION,
    KEEP,
    PRECISIONS,
    REFUSED,
    precision_of,
    problem,
)
from lado.errors import BadInput, NotFound, Refused, Stale
from lado.models import Correction, Referral
from lado.queries import corrections as reading
from lado.queries.corrections import Dates
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import barring, moves, notices
from lado.services.record import record
from workflows.case import Correction as Asked
from workflows.corrections import Consequences, Wanted, present
from workflows.dates import EXACT, Dated
from workflows.events import CorrectionAsked, CorrectionDecided, Event
from workflows.practice import Practice

STALE = "Somebody else has recorded something on this case since you opened the form."
MISSING_REASON = "Say why the date is wrong, and what shows the right one."
MISSING_REFUSAL = "Say why the date stays as it is."
SAME = "This is what is recorded already. Enter the right date."
WAITS = "A correction of this date waits for a second person already."


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """What is asked for: the date by its entry and name, what it should be, how exact, and what of its clocks.

    An instant is aware; `clocks` is derive or keep; `reason` is in words and is sealed.
    """

    entry: int
    name: str
    value: datetime | date
    reason: str
    precision: str = EXACT
    clocks: str = DERIVE

    @property
    def wanted(self) -> Wanted:
        """The date and what it should be, an instant in UTC as the record keeps it."""
        value = self.value.astimezone(UTC) if isinstance(self.value, datetime) else self.value
        return Wanted(self.entry, self.name, value)


@dataclass(frozen=True, slots=True)
class Held:
    """A case that is held, with its dates and its practice."""

    referral: Referral
    practice: Practice
    known: Dates


def ask(act: Act, referral_id: int, new: NewCorrection, *, seen: int | None = None) -> int:
    """Ask for a correction, tell those who can decide it, and return its number. The date itself stays as it is.

    Raises BadInput by field (value, precision, clocks, reason), Refused, Stale, NotFound, NotAllowed.
    """
    held = _hold(act, referral_id, Permission.CORRECTION_ASK, seen)
    case = held.known.case
    dated = _dated(held, new.entry, new.name)
    if any(_is_open(other, dated) for other in case.corrections.values()):
        raise Refused(WAITS)
    if problems := _problems(act, held, dated, new):
        raise BadInput(problems)
    number = len(case.corrections) + 1
    asked = _asked(number, new, present(case, dated))
    record(act, held.referral, case, [asked], held.practice, {"reason": new.reason.strip()})
    act.session.execute(insert(Correction), [_row(act, held.referral, new, number)])
    _tell_managers(act, held, dated, new.wanted, number)
    return number


def decide(
    act: Act,
    referral_id: int,
    number: int,
    *,
    agreed: bool,
    clocks: str = DERIVE,
    reason: str = "",
    seen: int | None = None,
) -> None:
    """Agree to a correction or refuse it. Agreed with `derive`, the clocks that hang on the date are worked out anew.

    Raises BadInput by field (clocks, reason), Refused with why not and who can, Stale, NotFound, NotAllowed.
    """
    held = _hold(act, referral_id, Permission.CORRECTION_DECIDE, seen)
    asked = held.known.case.corrections.get(number)
    if asked is None:
        raise NotFound(f"no correction {number} on this case")
    if asked.state != ASKED:
        raise Refused("This correction has been decided already.")
    wanted = Wanted(asked.entry, asked.name, asked.value)
    found = held.known.consequences(wanted)
    asked_by = _asker(held, number)
    _ensure_may_decide(act, held, wanted, asked_by, found)
    if problems := _problems_of_decision(agreed=agreed, clocks=clocks, reason=reason):
        raise BadInput(problems)
    if agreed and (impossible := problem(held.known.case, held.known.dates, held.known.opened, wanted, act.at)):
        raise Refused(f"The date can no longer be corrected to this. {impossible}")
    events: list[Event] = [CorrectionDecided(number, agreed, clocks if agreed else KEEP)]
    if agreed and clocks == DERIVE:
        events += found.events
    record(act, held.referral, held.known.case, events, held.practice, {"reason": reason.strip()})
    _settle(act, held.referral, number, agreed=agreed)
    _tell_asker(act, held.referral, number, asked_by, agreed=agreed)


def _ensure_may_decide(act: Act, held: Held, wanted: Wanted, asked_by: int | None, found: Consequences) -> None:
    dated = _dated(held, wanted.entry, wanted.name)
    deciding = reading.deciding(act, held.referral.authority_id, held.known, dated, asked_by, found, _barred(act, held))
    if why := deciding.managers.get(act.who.id or 0, "you are not one of the managers who decide it"):
        raise Refused(f"You cannot decide this correction: {why}.")


def _barred(act: Act, held: Held) -> frozenset[int]:
    return barring.barred(act, held.referral.id)


def _hold(act: Act, referral_id: int, permission: Permission, seen: int | None) -> Held:
    referral = moves.locked(act, referral_id)
    ensure(act.who, permission, referral)
    if seen is not None and moves.changed_since(act, referral, seen):
        raise Stale(STALE)
    case, practice = moves.in_hand(act, referral)
    entries = reading.unopened(act.session, referral.id)
    return Held(referral, practice, reading.dates(act.session, referral, entries, case, practice))


def _dated(held: Held, entry: int, name: str) -> Dated:
    found = held.known.one(entry, name)
    if found is None:
        raise NotFound(f"entry {entry} holds no date {name} that can be corrected")
    return found


def _asked(number: int, new: NewCorrection, was: datetime | date) -> CorrectionAsked:
    value = new.wanted.value
    return CorrectionAsked(
        number,
        new.entry,
        new.name,
        was if isinstance(was, datetime) else None,
        value if isinstance(value, datetime) else None,
        None if isinstance(was, datetime) else was,
        None if isinstance(value, datetime) else value,
        new.precision,
        new.clocks,
    )


def _is_open(asked: Asked, dated: Dated) -> bool:
    return asked.state == ASKED and (asked.entry, asked.name) == (dated.entry, dated.name)


def _problems(act: Act, held: Held, dated: Dated, new: NewCorrection) -> dict[str, str]:
    case = held.known.case
    found: dict[str, str] = {}
    if isinstance(new.value, datetime) is not isinstance(dated.value, datetime):
        found["value"] = "Enter the day and the time." if isinstance(dated.value, datetime) else "Enter a day."
    elif new.value == present(case, dated) and new.precision == precision_of(case, dated):
        found["value"] = SAME
    elif wrong := problem(case, held.known.dates, held.known.opened, new.wanted, act.at):
        found["value"] = wrong
    if new.name in HAS_PRECISION and new.precision not in PRECISIONS:
        found["precision"] = "Choose how exact the date is."
    if new.clocks not in CLOCKS:
        found["clocks"] = "Choose what should happen to the clocks."
    if not new.reason.strip():
        found["reason"] = MISSING_REASON
    return found


def _problems_of_decision(*, agreed: bool, clocks: str, reason: str) -> dict[str, str]:
    if agreed:
        return {} if clocks in CLOCKS else {"clocks": "Choose what happens to the clocks."}
    return {} if reason.strip() else {"reason": MISSING_REFUSAL}


def _row(act: Act, referral: Referral, new: NewCorrection, number: int) -> dict[str, Any]:
    return {
        "referral_id": referral.id,
        "authority_id": referral.authority_id,
        "number": number,
        "entry": new.entry,
        "name": new.name,
        "state": ASKED,
        "asked_by_id": act.who.id,
        "asked_at": act.at,
        "decided_by_id": None,
        "decided_at": None,
    }


def _settle(act: Act, referral: Referral, number: int, *, agreed: bool) -> None:
    decided = {"state": AGREED if agreed else REFUSED, "decided_by_id": act.who.id, "decided_at": act.at}
    act.session.execute(
        update(Correction)
        .where(Correction.referral_id == referral.id, Correction.number == number)
        .values(decided)
        .execution_options(synchronize_session=False)
    )


def _asker(held: Held, number: int) -> int | None:
    lines = (line for group in held.known.groups for line in group)
    return next(
        (line.actor_id for line in lines if isinstance(line.event, CorrectionAsked) and line.event.number == number),
        None,
    )


def _tell_managers(act: Act, held: Held, dated: Dated, wanted: Wanted, number: int) -> None:
    """Tell everybody who may decide it now: a reference and what is asked of them, nothing of the case."""
    referral, found = held.referral, held.known.consequences(wanted)
    deciding = reading.deciding(act, referral.authority_id, held.known, dated, act.who.id, found, _barred(act, held))
    subject = f"{referral.reference}: a correction waits for a second person"
    body = f"A colleague asks to correct a date on {referral.reference}. Somebody else agrees to it or refuses it."
    for person in deciding.able:
        notices.queue(act, person, referral, subject, body, key=f"correction.{referral.id}.{number}.{person}")


def _tell_asker(act: Act, referral: Referral, number: int, asker: int | None, *, agreed: bool) -> None:
    if asker is None:
        return
    subject = f"{referral.reference}: your correction was {'agreed' if agreed else 'refused'}"
    body = f"A correction that you asked for on {referral.reference} was {'agreed' if agreed else 'refused'}."
    notices.queue(act, asker, referral, subject, body, key=f"correction.{referral.id}.{number}.decided")
