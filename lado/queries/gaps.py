"""Reading what the gaps ahead are found from: officers, addresses, office hours, conflicts; and the gaps themselves."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from lado.act import Act
from lado.domain import gaps
from lado.domain.cover import Rota
from lado.domain.demand import monday_of
from lado.domain.gaps import NO_TIME, Ahead, Outlook, Piece, Walled
from lado.models import Account, Authority, Barred, Notice, Referral, SealingKey
from lado.queries import conflicts
from lado.queries.cover import IS_OPEN, WHO_COVER
from lado.queries.notices import NOT_SENT, REMEMBERED
from lado.security.predicates import OFFICERS
from workflows.calendar import ONE_DAY
from workflows.london import london_day
from workflows.practice import Practice

WEEKS = 12
"""How far ahead is looked, in weeks from the beginning of this one."""

LONGEST = timedelta(days=366)
"""How much of a change is looked at before it is made."""

NO_ADDRESS = "no e-mail address is known"
FAILING = "messages to them fail"


class Staff(NamedTuple):
    """The people of a council whom a rota is about: names, who takes referrals, whose cases, who is out of reach."""

    names: Mapping[int, str]
    officers: tuple[int, ...]
    everyone: tuple[int, ...]
    unreachable: Mapping[int, str]
    without_phone: tuple[int, ...]


class Found(NamedTuple):
    """What the coming weeks hold, from what it was found, and about whom."""

    outlook: Outlook
    ahead: Ahead
    staff: Staff


def read(act: Act, authority_id: int, rota: Rota, practice: Practice, reader: int | None = None) -> Found:
    """The gaps of the coming weeks, in as many statements whatever there is.

    As `reader` may know of them, by default whoever acts: without those of cases that they are kept from.
    """
    today = london_day(act.at)
    office = office_between(today, monday_of(today) + timedelta(weeks=WEEKS), practice)
    ahead, staff = _looking(act, authority_id, rota, office, reader)
    return Found(_with_cases_only(act.session, _swept(authority_id, ahead), staff), ahead, staff)


def made(
    act: Act, authority_id: int, before: Rota, after: Rota, span: tuple[datetime, datetime], practice: Practice
) -> Found:
    """The gaps that a change of the rota would make in a span of time, a year of it at most."""
    first, last = max(span[0], act.at), span[1]
    days = london_day(first), min(london_day(last) + ONE_DAY, london_day(first) + LONGEST)
    ahead, staff = _looking(act, authority_id, after, office_between(*days, practice))
    made = gaps.made_by(gaps.sweep(replace(ahead, rota=before)), gaps.sweep(ahead))
    return Found(_with_cases_only(act.session, Outlook(made, NO_TIME, NO_TIME), staff), ahead, staff)


def _looking(
    act: Act, authority_id: int, rota: Rota, office: tuple[Piece, ...], reader: int | None = None
) -> tuple[Ahead, Staff]:
    staff = staff_of(act, authority_id)
    walled = _walled(act, authority_id, act.who.id if reader is None else reader)
    contact = conflicts.contact_of(act.session, authority_id) if walled else None
    return Ahead(rota, staff.officers, staff.everyone, office, staff.unreachable, walled, contact), staff


def staff_of(act: Act, authority_id: int) -> Staff:
    """The people who own cases or take referrals, shut accounts with them, and how they can be reached."""
    query = (
        select(
            Account.id,
            Account.role,
            Account.email_token,
            Account.sealed,
            Account.disabled_at,
            SealingKey.wrapped,
            Account.id.in_(_failing(act.at)).label("is_failing"),
        )
        .join(Authority, Authority.id == Account.authority_id)
        .join(SealingKey, SealingKey.id == Authority.key_id)
        .where(Account.authority_id == authority_id, Account.role.in_([role.value for role in WHO_COVER]))
        .order_by(Account.id)
    )
    rows = act.session.execute(query).all()
    opened = {row.id: act.vault.open(row.wrapped, f"account/{row.email_token.hex()}", row.sealed) for row in rows}
    officers = tuple(row.id for row in rows if row.role in OFFICERS and row.disabled_at is None)
    unreachable = {
        row.id: why for row in rows if row.disabled_at is None and (why := _out_of_reach(row, opened[row.id]))
    }
    return Staff(
        {number: person["name"] for number, person in opened.items()},
        officers,
        tuple(row.id for row in rows),
        unreachable,
        tuple(number for number in officers if not opened[number].get("phone", "").strip()),
    )


def _walled(act: Act, authority_id: int, reader: int | None) -> tuple[Walled, ...]:
    """Open cases that somebody is barred from, by owner and by who is; never one that the reader is barred from.

    Whoever is barred is not to learn that there is such a case, not even from a count.
    """
    rows = act.session.execute(
        select(Referral.id, Referral.owner_id, Barred.account_id)
        .join(Barred, Barred.referral_id == Referral.id)
        .where(IS_OPEN, Referral.authority_id == authority_id, Barred.ended_at.is_(None))
    )
    barred: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        barred.setdefault((row.id, row.owner_id), set()).add(row.account_id)
    counted = Counter((owner, frozenset(whom)) for (_, owner), whom in barred.items() if reader not in whom)
    return tuple(Walled(*group, cases) for group, cases in sorted(counted.items(), key=lambda one: one[0][0]))


def office_between(first: date, until: date, practice: Practice) -> tuple[Piece, ...]:
    """When the council's office is open from a day up to another (excluded)."""
    days = (first + ONE_DAY * number for number in range((until - first).days))
    hours = (practice.rules.office.open_on(day, practice.calendar) for day in days)
    return tuple(Piece(*opening) for opening in hours if opening)


def _out_of_reach(row: Any, person: Mapping[str, str]) -> str:
    if "@" not in person.get("email", ""):
        return NO_ADDRESS
    return FAILING if row.is_failing else ""


def _failing(at: datetime) -> Any:
    """The accounts whose messages fail: one failed lately, and none since that one was taken."""
    later = aliased(Notice)
    has_arrived = exists().where(
        later.account_id == Notice.account_id, later.id > Notice.id, later.state.in_(("sent", "delivered"))
    )
    return select(Notice.account_id).where(
        NOT_SENT, Notice.state == "failed", Notice.next_try_at > at - REMEMBERED, ~has_arrived
    )


SWEPT: dict[int, tuple[Ahead, Outlook]] = {}
"""The last sweep of each council in this process, with what it was made from: nothing changes on most days."""


def _swept(authority_id: int, ahead: Ahead) -> Outlook:
    """The sweep of exactly this; the one before is used again when nothing that it was made from has changed."""
    kept = SWEPT.get(authority_id)
    if kept is not None and kept[0] == ahead:
        return kept[1]
    outlook = gaps.sweep(ahead)
    SWEPT[authority_id] = ahead, outlook
    return outlook


def _with_cases_only(session: Session, outlook: Outlook, staff: Staff) -> Outlook:
    """Leave out the gaps of people who are no officers, or no longer, and have no open case."""
    asked = {gap.what.person for gap in outlook.gaps if gap.what.person not in (None, *staff.officers)}
    if not asked:
        return outlook
    has_case = exists().where(IS_OPEN, Referral.owner_id == Account.id)
    owners = set(session.scalars(select(Account.id).where(Account.id.in_(asked), has_case)))
    return replace(outlook, gaps=tuple(gap for gap in outlook.gaps if gap.what.person not in asked - owners))
