"""Bringing running cases under changed rules, another calendar or another version of the procedure.

Rehearsed first, without a trace; then begun, and applied to one case after the other, each in a transaction of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from lado.act import Act
from lado.domain.rehearsal import ClockChange, Rehearsed, compared
from lado.errors import NotFound, Refused
from lado.models import Change, ChangedCase, HolidayReview, Referral
from lado.queries import changes, cover, ledger, practices
from lado.queries.changes import CHANGED, FAILED, KEPT
from lado.queries.practices import Terms
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import calendar_notices
from lado.services.moves import locked
from lado.services.record import record
from workflows import changing
from workflows.calendar import Calendar
from workflows.case import Case
from workflows.changing import CALENDAR, PROCEDURE, RULES, Changed, Kept
from workflows.events import ClockRederived
from workflows.practice import Practice
from workflows.registry import NAMED, PASSAGES, PROCEDURES

__all__ = ["ClockChange", "Rehearsed", "apply", "begin", "fail", "finish", "rehearse", "review"]

MAY: Mapping[str, Permission] = {
    RULES: Permission.RULES_CHANGE,
    CALENDAR: Permission.CALENDAR_KEEP,
    PROCEDURE: Permission.PROCEDURE_CHANGE,
}
"""What somebody has to be permitted to rehearse and begin each kind of change."""

REHEARSED = 0
"""In place of the number of a change that was not begun."""


class Of(NamedTuple):
    """What the policy is asked about: something of one authority."""

    authority_id: int


Then = Callable[[Terms], Terms]
"""The terms that a case would have, given those that it has."""


def rehearse(act: Act, authority_id: int, kind: str, after: str | Calendar) -> Iterator[Rehearsed]:
    """Say for every open case of the authority what the change would do. Reads only: nothing is written.

    `after` is the canonical text of rules, the version of a snapshot of bank holidays (or the calendar itself, when it
    is not kept yet), or the name of a procedure such as `allegation_v2`. Raises NotAllowed, Refused.
    """
    ensure(act.who, MAY[kind], Of(authority_id))
    then = _then(act, kind, after)
    team = cover.team(act.session, authority_id, act.at)
    known: dict[tuple[str, int, str, str], Terms] = {}
    for found in changes.open_cases(act.session, authority_id):
        versions = found.case.procedure, found.case.version, found.case.rules, found.case.calendar
        terms = known[versions] if versions in known else _terms(act, authority_id, found.case)
        known[versions] = terms
        new = then(terms).practice
        changed = _decide(found.case, kind, new, act, REHEARSED)
        events = () if isinstance(changed, Kept) else changed
        case = changing.after(found.case, events)
        practice = terms.practice if isinstance(changed, Kept) else new
        yield Rehearsed(
            found.reference,
            found.id,
            compared(found.case, terms.practice, case, practice, team, act.at, found.barred),
            found.case.state,
            case.state,
            changed.why if isinstance(changed, Kept) else "",
        )


def begin(act: Act, authority_id: int, kind: str, before: str, after: str, reverts_id: int | None = None) -> Change:
    """Begin to bring the running cases of the authority under `after`; the scheduler goes on with it.

    `before` and `after` are versions: of rules already published, of a snapshot already kept, or names of procedures.
    An earlier change of the same kind that is still under way ends here: its cases go on with this one. From now on
    new cases begin with the procedure that was begun last.
    """
    ensure(act.who, MAY[kind], Of(authority_id))
    _ensure_known(act, authority_id, kind, after)
    act.session.execute(
        update(Change)
        .where(Change.authority_id == authority_id, Change.kind == kind, Change.done_at.is_(None))
        .values(done_at=act.at)
    )
    change = Change(
        authority_id=authority_id,
        kind=kind,
        before=before,
        after=after,
        asked_by_id=act.who.id,
        asked_at=act.at,
        done_at=None,
        reverts_id=reverts_id,
    )
    act.session.add(change)
    act.session.flush()
    return change


def apply(act: Act, change_id: int, referral_id: int) -> ChangedCase:
    """Bring one case under a change, or record why it stays as it is. Repeated, it does nothing more.

    The case is held before it is looked at, so of several workers one does it and the others find it done.
    """
    ensure(act.who, Permission.CHANGE_APPLY)
    referral = locked(act, referral_id)
    change = _change(act, change_id)
    done = act.session.get(ChangedCase, (change_id, referral_id), populate_existing=True)
    if done is not None and done.result != FAILED:
        return done
    case = ledger.case_of(act.session, referral_id)
    terms = _terms(act, referral.authority_id, case)
    new = _then(act, change.kind, _text(act, change))(terms)
    _list_for_review(act, change, referral, case, terms, new)
    changed = _decide(case, change.kind, new.practice, act, change_id)
    if isinstance(changed, Kept):
        return _keep(act, done, change_id, referral_id, KEPT, changed.why)
    record(act, referral, case, changed, new.practice)
    moved = sum(isinstance(event, ClockRederived) for event in changed)
    return _keep(act, done, change_id, referral_id, CHANGED, str(moved))


def fail(act: Act, change_id: int, referral_id: int, problem: str) -> ChangedCase:
    """Record that a case could not be changed: the name of what went wrong, and nothing of the case."""
    ensure(act.who, Permission.CHANGE_APPLY)
    done = act.session.get(ChangedCase, (change_id, referral_id), populate_existing=True)
    return _keep(act, done, change_id, referral_id, FAILED, problem)


def finish(act: Act, change_id: int) -> bool:
    """Mark the change as done when every case was changed or kept. Says whether it is done."""
    ensure(act.who, Permission.CHANGE_APPLY)
    change = _change(act, change_id)
    if change.done_at is None and changes.is_done(act.session, change):
        change.done_at = act.at
        calendar_notices.tell_of_reviews(act, change)
    return change.done_at is not None


def review(act: Act, review_id: int, note: str) -> HolidayReview:
    """Say that a person has looked at what a day announced too late means for a clock, and what they think of it."""
    query = select(HolidayReview).where(HolidayReview.id == review_id).with_for_update()
    found = act.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound("no such review")
    ensure(act.who, Permission.CORRECTION_DECIDE, found)
    if not note.strip():
        raise Refused("Say what you found.")
    if found.reviewed_at is None:
        referral = locked(act, found.referral_id)
        place = f"holiday_review/{found.id}"
        found.sealed = act.vault.seal(referral.sealing_key.wrapped, place, {"note": note.strip()})
        found.reviewed_at, found.reviewed_by_id = act.at, act.who.id
    return found


def _ensure_known(act: Act, authority_id: int, kind: str, after: str) -> None:
    """Refuse a version that nobody can work with, before a change to it stands in the way of others."""
    try:
        if kind == RULES:
            practices.body_of(act.session, authority_id, after)
        elif kind == CALENDAR:
            practices.snapshot(act.session, after)
        elif after not in NAMED:
            raise Refused(f"There is no procedure called {after}.")
    except NoResultFound as unknown:
        raise Refused(f"Version {after} of the {kind} is not kept here.") from unknown


def _change(act: Act, change_id: int) -> Change:
    change = act.session.get(Change, change_id, populate_existing=True)
    if change is None:
        raise NotFound("no such change")
    return change


def _text(act: Act, change: Change) -> str:
    """What `_then` needs to know of the new version: for rules their text, otherwise the version itself."""
    return practices.body_of(act.session, change.authority_id, change.after) if change.kind == RULES else change.after


def _then(act: Act, kind: str, after: str | Calendar) -> Then:
    if isinstance(after, Calendar):
        calendar = after
        return lambda terms: terms._replace(snapshot=calendar)
    if kind == RULES:
        return lambda terms: terms._replace(rules=after)
    if kind == CALENDAR:
        kept = practices.snapshot(act.session, after)
        return lambda terms: terms._replace(snapshot=kept)
    flow = NAMED[after]
    return lambda terms: terms._replace(procedure=flow.key, version=flow.version)


def _terms(act: Act, authority_id: int, case: Case) -> Terms:
    return practices.terms(act.session, authority_id, case.procedure, case.version, case.rules, case.calendar)


def _decide(case: Case, kind: str, practice: Practice, act: Act, change: int) -> Changed:
    if kind == RULES:
        return changing.under_rules(case, practice, act.at, change)
    if kind == CALENDAR:
        return changing.under_calendar(case, practice, act.at, change)
    passage = PASSAGES.get((PROCEDURES[case.procedure, case.version].name, practice.flow.name))
    return changing.under_procedure(case, practice, passage, act.at, change)


def _list_for_review(act: Act, change: Change, referral: Referral, case: Case, was: Terms, now: Terms) -> None:
    if change.kind != CALENDAR:
        return
    under = partial(_under, act, referral.authority_id, case)
    for late in changing.late_days(case, was.snapshot, now.snapshot, act.at, under):
        act.session.add(
            HolidayReview(
                change_id=change.id,
                referral_id=referral.id,
                authority_id=referral.authority_id,
                clock=late.clock,
                occurrence=late.occurrence,
                due_at=late.due_at,
                would_be_due_at=late.would_be_due_at,
            )
        )


def _under(act: Act, authority_id: int, case: Case, rules: str) -> Practice:
    """The practice of a clock that was started under other rules; its calendar is said by whoever asks."""
    body = practices.body_of(act.session, authority_id, rules)
    return _terms(act, authority_id, case)._replace(rules=body).practice


def _keep(act: Act, done: ChangedCase | None, change_id: int, referral_id: int, result: str, said: str) -> ChangedCase:
    if done is None:
        done = ChangedCase(change_id=change_id, referral_id=referral_id, result=result, said=said, done_at=act.at)
        act.session.add(done)
    done.result, done.said, done.done_at = result, said, act.at
    act.session.flush()
    return done
