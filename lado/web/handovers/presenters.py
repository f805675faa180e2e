"""A case as a briefing: one paragraph, what not to do, the next clock, open actions, who is waiting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import url_for

from lado.domain.cover import on_cover
from lado.queries.briefings import Inherited, Missed
from lado.queries.case_file import CaseFile, Made
from lado.queries.handovers import Offered
from lado.web.case_rows import NOT_NAMED, initials, shortened
from lado.web.components import DeadlineView, Tone
from lado.web.due import counted, day_words, point
from lado.web.handovers.cautions import not_to_do, waiting_for
from lado.web.referrals.clock_words import clock_name, clock_views, running
from lado.web.referrals.corrected import at_intake
from lado.web.referrals.events import Teller
from lado.web.referrals.presenters import teller_of
from lado.web.referrals.words import code, texts
from lado.web.who_has import name_of, owner_and_cover, until_at
from workflows import events as e

OF_THE_HAND_OVER = (e.HandedOver, e.HandOverRaised, e.HandedBack)
"""What whoever comes back knows already."""

ABOUT_COVER = (*OF_THE_HAND_OVER, e.HandOverAccepted, e.HandOverRefused)
"""What says nothing of the case itself."""

THRESHOLD = {"met": "The harm threshold is met.", "not met": "The harm threshold is not met."}
NOT_DECIDED = "No decision about the harm threshold is recorded yet."


@dataclass(frozen=True, slots=True)
class Brief:
    """One case as whoever inherits it reads it. `why` says how it came to them, empty where it did not."""

    reference: str
    href: str
    case_href: str
    about: str
    state: str
    tone: Tone
    why: str
    paragraph: str
    clocks: tuple[DeadlineView, ...]
    actions: tuple[str, ...]
    waiting: tuple[str, ...]
    not_to_do: tuple[str, ...]
    last: str
    owner: str
    is_urgent: bool
    answer: str = ""
    """`accept`: it waits for this person; `accepted`: they have it; empty: there is nothing to answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """One case as whoever comes back finds it."""

    reference: str
    href: str
    about: str
    state: str
    tone: Tone
    recorded: tuple[str, ...]
    lapsed: tuple[str, ...]
    next_clock: tuple[DeadlineView, ...]
    owner: str


def brief(file: CaseFile, offered: Offered | None, me: int | None, at: datetime, *, is_opened: bool = False) -> Brief:
    """Say a case as a briefing; `is_opened` with the name of the adult and the words that were given."""
    state = file.practice.flow.state_by_key[file.case.state]
    teller = teller_of(file, at)
    clocks = _clocks(file, at)
    return Brief(
        file.reference,
        url_for("handovers.show", reference=file.reference),
        url_for("referrals.show", reference=file.reference),
        _about(file, is_opened=is_opened),
        state.label,
        "quiet" if state.final else "paused" if state.pauses else "running",
        " ".join((_why(offered, file.names, at), *_refusals(file, is_opened=is_opened))) if offered else "",
        " ".join(_sentences(file, at, is_opened=is_opened)),
        clocks if is_opened else clocks[:1],
        tuple(_actions(file, teller, at, is_opened=is_opened)),
        waiting_for(file),
        not_to_do(file, at, is_opened=is_opened),
        _last(file, teller, at),
        _owner(file, me, at),
        file.case.urgent,
        _answer(offered),
    )


def briefs(found: list[Inherited], me: int | None, at: datetime, answer: str) -> list[Brief]:
    """Those of the cases that wait for an answer (`accept`), or those that were accepted."""
    said = [brief(one.file, one.offered, me, at) for one in found]
    return [one for one in said if one.answer == answer]


def found_again(missed: Missed, since: datetime, until: datetime, at: datetime) -> Found:
    """Say what happened to a case while its officer was away."""
    file = missed.file
    state = file.practice.flow.state_by_key[file.case.state]
    teller = teller_of(file, at)
    return Found(
        file.reference,
        url_for("referrals.show", reference=file.reference),
        _about(file, is_opened=False),
        state.label,
        "quiet" if state.final else "paused" if state.pauses else "running",
        tuple(_happened(made, teller, at) for made in missed.made if not _is_known(made)),
        tuple(_lapsed(file, since, until, at)),
        _clocks(file, at)[:1],
        name_of(file.case.owner, file.names),
    )


def covering(found: list[Inherited], at: datetime) -> list[str]:
    """For whom one is there, and until when: a sentence for each of them."""
    ends = {one.offered.owner: _until(one.file, one.offered, at) for one in found}
    names = found[0].file.names if found else {}
    return [f"{name_of(owner, names)} is away until {end}." for owner, end in ends.items()]


def covering_today(files: list[CaseFile], at: datetime) -> list[str]:
    """For whom one is there without being asked for an answer, and until when: a sentence for each of them."""
    rotas = {file.case.owner: file for file in files if file.case.owner is not None}
    return [_today(owner, file, at) for owner, file in rotas.items()]


def is_covered_by(file: CaseFile, me: int | None, at: datetime) -> bool:
    """Whether this person is there for the owner of the case now."""
    owner = file.case.owner
    return owner not in (None, me) and on_cover(owner or 0, at, file.rota, file.barred).person == me


def _today(owner: int, file: CaseFile, at: datetime) -> str:
    name, absence = name_of(owner, file.names), file.rota.away(owner, at)
    if absence is None:
        return f"{name} has left. You are there for their cases until each of them has another accountable officer."
    return f"{name} does not work today. You are there for them until {point(absence.until_at, at)}."


def _clocks(file: CaseFile, at: datetime) -> tuple[DeadlineView, ...]:
    """The running clocks, the most urgent first, under names that are one on a page of many cases."""
    views = clock_views(file, running(file), at)
    return tuple(replace(view, key=f"{file.reference}-{view.key}") for view in views)


def _about(file: CaseFile, *, is_opened: bool) -> str:
    who = file.subject or NOT_NAMED if is_opened else initials(file.subject)
    return f"{who}, {shortened(file.setting) or 'setting not known'}"


def _refusals(file: CaseFile, *, is_opened: bool) -> list[str]:
    """Who could not take the case since its owner left, and why where the page may say it."""
    found: list[str] = []
    for entry, words in file.entries():
        if isinstance(entry.event, e.HandedBack):
            found = []
        elif isinstance(entry.event, e.HandOverRefused):
            why = f": {words['reason'].rstrip('.')}" if is_opened and words.get("reason") else ""
            found.append(f"{name_of(entry.event.user, file.names)} could not take it{why}.")
    return found


def _why(offered: Offered, names: Mapping[int, str], at: datetime) -> str:
    owner = name_of(offered.owner, names)
    if offered.is_raised:
        asked = name_of(offered.to, names) if offered.to is not None else "whoever covers"
        return f"{owner} is away. It was offered to {asked} and not accepted in time, so it came to you."
    return f"{owner} is away and you are there for them. Offered to you {_on(offered.offered_at, at)}."


def _sentences(file: CaseFile, at: datetime, *, is_opened: bool) -> Iterator[str]:
    received, _ = at_intake(file, "received_at")
    what = "Request for advice" if file.case.advice_call else "Referral"
    yield f"{what} about {_about(file, is_opened=is_opened)}, received {_on(received, at)}."
    state = file.practice.flow.state_by_key[file.case.state].label
    yield f"It has stood in “{state}” since {day_words(_since(file), at)}."
    if not file.case.advice_call:
        yield THRESHOLD.get(file.case.threshold, NOT_DECIDED)
    still_open = sum(not action.is_done for action in file.case.actions.values())
    yield f"{counted(still_open, 'action')} open." if still_open else "No action is open."


def _since(file: CaseFile) -> datetime:
    """When the case came into its present state, by when that was recorded."""
    since: datetime = file.made[0].head.recorded_at
    for made in file.made:
        for entry in made.entries:
            event = entry.event
            if isinstance(event, e.Moved | e.ProcedureChanged) and event.leaves != event.enters:
                since = entry.recorded_at
    return since


def _actions(file: CaseFile, teller: Teller, at: datetime, *, is_opened: bool) -> Iterator[str]:
    said = {
        entry.event.number: " ".join(texts({"action": words["action"]})) if words.get("action") else ""
        for entry, words in file.entries()
        if isinstance(entry.event, e.ActionSet)
    }
    due = {clock.key: clock.due_at for clock in file.case.running.values()}
    for number, action in file.case.actions.items():
        if action.is_done:
            continue
        holder = teller.officer(action.user) if action.user is not None else code("holder", action.holder).lower()
        when = f", by {point(due[f'action:{number}'], at)}" if f"action:{number}" in due else ""
        what = f": {said[number]}" if is_opened and said.get(number) else ""
        yield f"Action {number} is with {holder}{when}{what}"


def _last(file: CaseFile, teller: Teller, at: datetime) -> str:
    """What somebody recorded last; what the scheduler and the hand-over wrote is left out."""
    by_people = [
        made for made in file.made if made.head.actor_id is not None and not isinstance(made.head.event, ABOUT_COVER)
    ]
    return _happened(by_people[-1], teller, at) if by_people else "Nothing yet."


def _happened(made: Made, teller: Teller, at: datetime) -> str:
    by = teller.officer(made.head.actor_id) if made.head.actor_id is not None else "the scheduler"
    return f"{teller.tell(made.head.event).title}: {by}, {point(made.head.recorded_at, at)}"


def _owner(file: CaseFile, me: int | None, at: datetime) -> str:
    owner, cover = owner_and_cover(file.case.owner, at, file.rota, file.names, me, file.barred)
    if file.case.owner is None or not cover:
        return f"{owner} is the accountable officer."
    absence = file.rota.away(file.case.owner, at)
    back = f", and is away until {point(absence.until_at, at)}" if absence else ""
    return f"{owner} stays the accountable officer{back}."


def _until(file: CaseFile, offered: Offered, at: datetime) -> str:
    until = until_at(on_cover(offered.owner, at, file.rota), at, file.rota) or offered.until_at
    return point(until, at)


def _answer(offered: Offered | None) -> str:
    if offered is None:
        return ""
    return "accept" if offered.accepted_at is None else "accepted"


def _is_known(made: Made) -> bool:
    return isinstance(made.head.event, OF_THE_HAND_OVER)


def _lapsed(file: CaseFile, since: datetime, until: datetime, at: datetime) -> Iterator[str]:
    for clock in file.clocks:
        is_late = clock.paused_at is None and (clock.ended_at is None or clock.ended_at > clock.due_at)
        if is_late and since <= clock.due_at < until:
            met = f"; it ended {_on(clock.ended_at, at)}" if clock.ended_at else "; it is not recorded yet"
            yield f"“{clock_name(file, clock)}” was due by {point(clock.due_at, at)}{met}"


def _on(when: datetime, at: datetime) -> str:
    words = day_words(when, at)
    return words if words == "today" else f"on {words}"
