"""Changing the rota: the hours that people work, who has the duty on which days, and changes of it for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.domain import said
from lado.domain.rota import ADD, DAYS, PRIMARY, REMOVE, REPLACE, SECOND, DutyDay, Pattern, Week, write_week
from lado.domain.rota import DutyChange as Change
from lado.errors import BadInput, NotFound, Refused
from lado.models import Account, DutyChange, DutyRule, WorkingPattern
from lado.queries import cover
from lado.security.permissions import Permission
from lado.security.policy import ensure
from lado.services import notices
from lado.services.rota_effects import Effect, what_changes

RANKS = (PRIMARY, SECOND)
DUTY = "first on duty", "second on duty"


class Saved(NamedTuple):
    """What was saved, by its number, and what it changes."""

    id: int
    effect: Effect


class Team(NamedTuple):
    """The council whose duty is arranged, as the policy asks about it."""

    authority_id: int


@dataclass(frozen=True, slots=True)
class NewPattern:
    """The hours that somebody works on each weekday from a day on; `week` None: all office hours."""

    account: int
    from_on: date
    week: Week | None


@dataclass(frozen=True, slots=True)
class NewDuty:
    """Who has a rank of duty on which weekdays (Monday is 0; None: nobody) from a day on, week after week."""

    authority_id: int
    rank: int
    from_on: date
    days: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewChange:
    """A person added to a duty, taken off it, or replaced `by` somebody else for a stretch of time."""

    authority_id: int
    kind: str
    rank: int
    person: int
    from_at: datetime
    until_at: datetime
    by: int | None = None


def set_pattern(act: Act, new: NewPattern) -> Saved:
    """Record the hours that somebody works from a day on. Raises BadInput (account, from_on, week), NotAllowed."""
    account = act.session.get(Account, new.account)
    if account is None or account.role not in {role.value for role in cover.WHO_COVER}:
        raise NotFound("no such person")
    ensure(act.who, Permission.COVER_ARRANGE, account)
    if problems := _pattern_problems(act, new):
        raise BadInput(problems)
    effect = what_changes(act, account.authority_id, Pattern(new.account, new.from_on, new.week))
    row = WorkingPattern(
        authority_id=account.authority_id,
        account_id=new.account,
        from_on=new.from_on,
        week=None if new.week is None else write_week(new.week),
        recorded_by_id=act.who.id,
        recorded_at=act.at,
    )
    act.session.add(row)
    act.session.flush()
    tell(act, new.account, "Your working hours are recorded", f"New working hours hold from {said.day(new.from_on)}.")
    return Saved(row.id, effect)


def set_duty(act: Act, new: NewDuty) -> Saved:
    """Record who has the duty on which weekdays. Raises BadInput (rank, from_on, days), NotAllowed."""
    ensure(act.who, Permission.COVER_ARRANGE, Team(new.authority_id))
    able = able_people(act, new.authority_id)
    problems = {}
    if new.rank not in RANKS:
        problems["rank"] = "Select the first or the second on duty."
    if new.from_on < act.today:
        problems["from_on"] = "Enter today or a later day: who had the duty before stays as it was."
    if not new.days or not all(day in range(DAYS) for day in new.days):
        problems["days"] = "Choose at least one weekday."
    elif any(person is not None and person not in able for person in new.days.values()):
        problems["days"] = "Choose officers or managers of this council who can sign in."
    if problems:
        raise BadInput(problems)
    days = tuple(DutyDay(new.rank, day, person, new.from_on) for day, person in sorted(new.days.items()))
    effect = what_changes(act, new.authority_id, days)
    rows = [
        DutyRule(
            authority_id=new.authority_id,
            rank=day.rank,
            weekday=day.weekday,
            account_id=day.person,
            from_on=day.from_on,
            recorded_by_id=act.who.id,
            recorded_at=act.at,
        )
        for day in days
    ]
    act.session.add_all(rows)
    act.session.flush()
    for person in sorted({day.person for day in days if day.person is not None}):
        words = f"You are {DUTY[new.rank - 1]} on days of the week that are new, from {said.day(new.from_on)}."
        tell(act, person, "You have duty", words)
    return Saved(rows[-1].id, effect)


def change_duty(act: Act, new: NewChange) -> Saved:
    """Record a change of duty for a stretch of time; it outranks the weekly days and every earlier change.

    Raises BadInput (kind, rank, person, by, from_at, until_at), NotAllowed.
    """
    ensure(act.who, Permission.COVER_ARRANGE, Team(new.authority_id))
    if problems := _change_problems(act, new):
        raise BadInput(problems)
    would_be = Change(new.kind, new.rank, new.from_at, new.until_at, new.person, new.by)
    effect = what_changes(act, new.authority_id, would_be)
    row = DutyChange(
        authority_id=new.authority_id,
        kind=new.kind,
        rank=new.rank,
        account_id=new.person,
        by_id=new.by,
        from_at=new.from_at,
        until_at=new.until_at,
        recorded_by_id=act.who.id,
        recorded_at=act.at,
        cancelled_at=None,
    )
    act.session.add(row)
    act.session.flush()
    span = said.span(new.from_at, new.until_at)
    has, has_not = (new.person, None) if new.kind == ADD else (new.by, new.person)
    tell(act, has, "You have duty", f"You are {DUTY[new.rank - 1]} {span}.")
    tell(act, has_not, "You do not have duty", f"You are not {DUTY[new.rank - 1]} {span}.")
    return Saved(row.id, effect)


def cancel_change(act: Act, change_id: int) -> DutyChange:
    """Take a change of duty back: the weekly days hold again. Raises Refused when it is cancelled or over already."""
    query = select(DutyChange).where(DutyChange.id == change_id).with_for_update()
    row = act.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound("no such change of duty")
    ensure(act.who, Permission.COVER_ARRANGE, row)
    if row.cancelled_at is not None:
        raise Refused("This change of duty is cancelled already.")
    if row.until_at <= act.at:
        raise Refused("This change of duty is over already.")
    row.cancelled_at = act.at
    act.session.flush()
    span = said.span(row.from_at, row.until_at)
    for person in (row.account_id, row.by_id):
        tell(act, person, "A change of duty is cancelled", f"The change of duty {span} is cancelled.")
    return row


def able_people(act: Act, authority_id: int) -> frozenset[int]:
    """The people of a council who own cases, cover for each other, and can sign in."""
    query = select(Account.id).where(
        Account.authority_id == authority_id,
        Account.disabled_at.is_(None),
        Account.role.in_([role.value for role in cover.WHO_COVER]),
    )
    return frozenset(act.session.scalars(query))


def tell(act: Act, account_id: int | None, subject: str, body: str) -> None:
    """Write a notice, unless it concerns nobody or the very person who is doing this."""
    if account_id is not None and account_id != act.who.id:
        notices.queue(act, account_id, None, subject, body)


def span_problems(act: Act, from_at: datetime, until_at: datetime) -> dict[str, str]:
    """What is wrong with a stretch of duty that is still to come, by field."""
    if until_at <= from_at:
        return {"until_at": "The duty ends before it begins. Check both dates."}
    if until_at <= act.at:
        return {"until_at": "This is over already. Enter a time that still has to come."}
    return {}


def _pattern_problems(act: Act, new: NewPattern) -> dict[str, str]:
    problems = {}
    if new.from_on < act.today:
        problems["from_on"] = "Enter today or a later day: the hours worked before stay as they were."
    if new.week is not None and len(new.week) != DAYS:
        problems["week"] = "Enter the hours of each day from Monday to Sunday."
    elif new.week is not None and any(opening and opening[1] <= opening[0] for opening in new.week):
        problems["week"] = "A day ends before it begins. Check its hours."
    return problems


def _change_problems(act: Act, new: NewChange) -> dict[str, str]:
    problems = span_problems(act, new.from_at, new.until_at)
    able = able_people(act, new.authority_id)
    if new.kind not in (ADD, REMOVE, REPLACE):
        problems["kind"] = "Select whether somebody is added, taken off or replaced."
    if new.rank not in RANKS:
        problems["rank"] = "Select the first or the second on duty."
    if new.person not in able:
        problems["person"] = "Choose an officer or a manager of this council who can sign in."
    if new.kind == REPLACE and (new.by not in able or new.by == new.person):
        problems["by"] = "Choose somebody else of this council who can sign in."
    if new.kind != REPLACE and new.by is not None:
        problems["by"] = "Leave this empty: nobody is replaced."
    return problems
