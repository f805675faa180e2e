"""Corrections of dates: which cannot be, who may decide one, and what the table of corrections must say. Pure.

Nobody decides about their own lateness: where a clock that hangs on the date is or was late, or would cross from in
time to late or back, whoever had the case, covered it or made the entry leaves the decision to somebody else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from lado.domain import answers
from lado.domain.dates import ReferralDates
from lado.domain.dates import problems as problems_of_referral
from lado.domain.said import moment
from workflows.case import Case, Clock
from workflows.corrections import RECEIVED, Consequences, Wanted, present, received_at
from workflows.dates import EXACT, OPENING, Dated, Group, Line
from workflows.events import CorrectionAsked, CorrectionDecided, Escalated, Opened, OwnerAssigned
from workflows.london import london_day

DERIVE, KEEP = "derive", "keep"
CLOCKS: Mapping[str, str] = {
    DERIVE: "Work the clocks out anew from the corrected date",
    KEEP: "Keep the clocks as they are",
}
"""What can be done about the clocks that hang on a corrected date."""

PRECISIONS: Mapping[str, str] = {"exact": "Exact", "approximate": "About then"}
"""How exact a corrected date may be said to be."""

HAS_PRECISION = frozenset({"received_at", "employer_aware_at", "incident_from_on"})
ASKED, AGREED, REFUSED = "asked", "agreed", "refused"
STATES: Mapping[str, str] = {ASKED: "Waiting for a second person", AGREED: "Agreed", REFUSED: "Refused"}
HOLDING_RUNGS = ("owner", "cover")
"""The rungs of a ladder whose person has the case in hand; those above them look on."""

FIELD_OF: Mapping[str, tuple[str, ...]] = {
    "received_at": ("received", "incident", "employer_aware"),
    "incident_from_on": ("incident",),
    "incident_to_on": ("incident",),
    "employer_aware_at": ("employer_aware",),
}
"""Under which names the rules of a referral's dates speak of each of them."""

LATER = "This is after it was recorded, at {}. What had happened by then cannot have happened later."
HELD_BEFORE = "A meeting or review on this case was held at {}, which would then be before the referral was received."


class Involved(NamedTuple):
    """Who had to do with a date and its clocks: owners, whoever covered, and the one who made the entry."""

    owners: frozenset[int]
    covers: frozenset[int]
    recorder: int | None


def problem(case: Case, dates: Sequence[Dated], opened: Opened, wanted: Wanted, at: datetime) -> str:
    """Why the date cannot be what is wanted, beside the other dates of the case as they hold now; empty when it can."""
    dated = next(one for one in dates if (one.entry, one.name) == (wanted.entry, wanted.name))
    if _is_later(wanted.value, dated.recorded_at):
        return LATER.format(moment(dated.recorded_at))
    holding = {(one.entry, one.name): present(case, one) for one in dates} | {wanted[:2]: wanted.value}
    if wanted.name in OPENING:
        return _of_referral(holding, dates, opened, wanted, at)
    known = answers.Known(at, received_at(case) or opened.received_at)
    return answers.problems({wanted.name: wanted.value}, known).get(wanted.name, "")


def is_late(clock: Clock, at: datetime) -> bool:
    """Whether the clock has lapsed, or ended after its time. One that stands still is not late."""
    if clock.ended_at is None and clock.paused_at is not None:
        return False
    return (clock.ended_at or at) > clock.due_at


def concerns_lateness(found: Consequences, at: datetime) -> bool:
    """Whether a clock that hangs on the date is or was late, or would be."""
    return any(is_late(effect.before, at) or is_late(effect.after, at) for effect in found.effects)


def involved(case: Case, groups: Sequence[Group], dated: Dated, covers: Iterable[int], found: Consequences) -> Involved:
    """Whoever had the case or covered it, and whoever made the entry. `covers` are those whom the rota names."""
    events = [line.event for group in groups for line in group]
    owners = {event.owner for event in events if isinstance(event, OwnerAssigned)}
    clocks = {(effect.before.key, effect.before.occurrence) for effect in found.effects}
    told = {
        event.told
        for event in events
        if isinstance(event, Escalated)
        and (event.clock, event.occurrence) in clocks
        and event.rung in HOLDING_RUNGS
        and event.told is not None
    }
    everybody = owners | ({case.owner} if case.owner is not None else set())
    return Involved(frozenset(everybody), frozenset(told | set(covers)) - everybody, dated.actor_id)


def why_not(person: int | None, asked_by: int | None, people: Involved, *, is_about_lateness: bool) -> str:
    """Why this person does not decide the correction, as the end of a sentence; empty when they may."""
    if person is None or person == asked_by:
        return "you asked for it, and a second person decides"
    if not is_about_lateness:
        return ""
    if person in people.owners:
        return "you are or were the accountable officer, and it concerns whether a clock was kept in time"
    if person in people.covers:
        return "you covered the case, and it concerns whether a clock was kept in time"
    if person == people.recorder:
        return "you made the entry, and it concerns whether a clock was kept in time"
    return ""


def correction_rows(lines: Iterable[Line]) -> dict[int, dict[str, Any]]:
    """What the table of corrections must say, by number: derived from the record and from nothing else."""
    rows: dict[int, dict[str, Any]] = {}
    for line in lines:
        event = line.event
        if isinstance(event, CorrectionAsked):
            rows[event.number] = {
                "entry": event.entry,
                "name": event.name,
                "state": ASKED,
                "asked_by_id": line.actor_id,
                "asked_at": line.recorded_at,
                "decided_by_id": None,
                "decided_at": None,
            }
        elif isinstance(event, CorrectionDecided):
            rows[event.number] |= {
                "state": AGREED if event.agreed else REFUSED,
                "decided_by_id": line.actor_id,
                "decided_at": line.recorded_at,
            }
    return rows


def precision_of(case: Case, dated: Dated) -> str:
    """How exact the date is as it holds now."""
    for correction in reversed(tuple(case.corrections.values())):
        if correction.state == AGREED and (correction.entry, correction.name) == (dated.entry, dated.name):
            return correction.precision
    return dated.precision or EXACT


def _of_referral(
    holding: Mapping[tuple[int, str], datetime | date],
    dates: Collection[Dated],
    opened: Opened,
    wanted: Wanted,
    at: datetime,
) -> str:
    said: dict[str, Any] = {name: holding.get((wanted.entry, name)) for name in OPENING}
    found = problems_of_referral(ReferralDates(recorded_at=at, is_from_employer=opened.source == "employer", **said))
    for field in FIELD_OF[wanted.name]:
        if field in found:
            return found[field]
    if (wanted.entry, wanted.name) != RECEIVED or not isinstance(wanted.value, datetime):
        return ""
    for one in dates:
        value = holding[one.entry, one.name]
        if (
            one.name == "held_at"
            and isinstance(value, datetime)
            and answers.held(value, answers.Known(at, wanted.value))
        ):
            return HELD_BEFORE.format(moment(value))
    return ""


def _is_later(value: datetime | date, recorded_at: datetime) -> bool:
    return value > recorded_at if isinstance(value, datetime) else value > london_day(recorded_at)
