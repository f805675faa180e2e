"""Reading the queue: open cases in the order of their urgency, a page by key, and counts that stop at a bound.

No total is ever counted over a table that grows: a count reads at most MOST + 1 rows of one partial index.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Select, Subquery, bindparam, exists, func, literal, or_, select, union_all

from lado.act import Act
from lado.domain.escalation import WARNING
from lado.domain.urgency import Between
from lado.models import CaseAction, CaseClock, Escalation, PartnerMessage, Referral, SealingKey
from lado.queries.cover import IS_OPEN
from lado.queries.partner_waiting import IS_WAITING
from lado.queries.passed_over import REFUSED_NOW
from lado.queries.referrals import LISTED, Listed, listed
from lado.queries.restrictions import FOR_ME
from lado.security.predicates import MANAGERS

PAGE = 25
MOST = 100
"""Counts say "more than 100" beyond this."""

Anything = Select[*tuple[Any, ...]]
"""A select of whatever columns."""

Owners = tuple[int, ...] | None
"""Whose cases: those of these officers, or with None those of the whole authority."""


MESSAGES = "messages from partners"
"""Under which name the messages from partners are counted that wait for an answer."""

WISHES = "wishes to be let into restricted cases"
"""Under which name those are counted that this person can answer."""

MINE, COVERED, EVERYONES = "mine", "covered", "everyone's"

I_REFUSED = exists().where(REFUSED_NOW.c.referral_id == Referral.id, REFUSED_NOW.c.account_id == bindparam("me"))


class After(NamedTuple):
    """The last case of the page before: the next page begins after it."""

    due_at: datetime
    id: int


class Page(NamedTuple):
    """Some cases in order, and after which one the next page begins (None: this is the last)."""

    rows: list[Listed]
    following: After | None


class Waiting(NamedTuple):
    """Something that waits for this very person: an escalation to answer, or an action that they hold."""

    case: Listed
    clock: str
    due_at: datetime
    rung: str
    """The rung that told them, or empty for an action."""


NEWEST = (
    select(Escalation.id, Escalation.clock_id, Escalation.referral_id, Escalation.rung)
    .where(Escalation.told_id == bindparam("me"), Escalation.acknowledged_at.is_(None))
    .order_by(Escalation.id.desc())
    .limit(bindparam("most"))
    .subquery()
)
"""The newest escalations that were told to a person and have no answer."""

ESCALATIONS = (
    select(*LISTED, CaseClock.key, CaseClock.due_at, NEWEST.c.rung)
    .join(NEWEST, NEWEST.c.referral_id == Referral.id)
    .join(CaseClock, CaseClock.id == NEWEST.c.clock_id)
    .join(SealingKey, SealingKey.id == Referral.key_id)
    .where(
        CaseClock.ended_at.is_(None),
        Referral.authority_id == bindparam("authority"),
        # A reminder about one's own case asks for no answer: the case stands in the queue itself.
        or_(Referral.owner_id != bindparam("me"), NEWEST.c.rung.not_like(f"{WARNING}%")),
    )
    .order_by(NEWEST.c.id)
)

ACTIONS = (
    select(*LISTED, CaseAction.number, CaseAction.due_at)
    .join(CaseAction, CaseAction.referral_id == Referral.id)
    .join(SealingKey, SealingKey.id == Referral.key_id)
    .where(
        CaseAction.holder_id == bindparam("me"),
        CaseAction.is_done.is_(False),
        Referral.authority_id == bindparam("authority"),
    )
    .order_by(CaseAction.due_at)
    .limit(bindparam("most"))
)


def page(act: Act, owners: Owners, after: After | None = None, size: int = PAGE, *, also: tuple[int, ...] = ()) -> Page:
    """The open cases of these owners, most urgent first: one range of one index for each owner, merged.

    `also` are single cases of others that belong to them, by their ids. What the person who asks covers and said that
    they cannot take does not: it is with somebody else.
    """
    if owners == () and not also:
        return Page([], None)
    picked = _picked(act, owners, after, size + 1, also)
    query = (
        select(*LISTED)
        .join(picked, picked.c.id == Referral.id)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .order_by(picked.c.next_due_at, picked.c.id)
        .limit(size + 1)
    )
    found = act.session.execute(query).all()
    rows = listed(act, found[:size])
    last = found[size - 1] if len(found) > size else None
    return Page(rows, After(last.next_due_at, last.id) if last else None)


def counts(act: Act, wanted: Mapping[str, tuple[Owners, Between]], *, with_messages: bool = False) -> dict[str, int]:
    """How many open cases each of these holds, MOST + 1 standing for more. One statement for all of them.

    Those of other owners without what the person who asks said that they cannot take. `with_messages`: under MESSAGES
    besides how many messages from partners wait for an answer, and under WISHES how many wishes to be let in.
    """
    shape = tuple(
        (name, _whose(act, owners), begin is not None, end is not None)
        for name, (owners, (begin, end)) in wanted.items()
    )
    values: dict[str, Any] = {"authority": act.who.authority, "me": act.who.id, "most": MOST + 1}
    values["manages"] = act.who.role in MANAGERS
    for number, (owners, (begin, end)) in enumerate(wanted.values()):
        values |= {f"owners_{number}": owners or (), f"begin_{number}": begin, f"end_{number}": end}
    return {row.name: row.cases for row in act.session.execute(_counting(shape, with_messages), values)}


def waiting(act: Act) -> list[Waiting]:
    """What waits for this person's answer, most urgent first: escalations told to them, and actions they hold."""
    found = [*_escalations(act), *_actions(act)]
    return sorted(found, key=lambda item: (item.due_at, item.case.id, item.clock))


def _picked(act: Act, owners: Owners, after: After | None, size: int, also: tuple[int, ...]) -> Any:
    columns = select(Referral.id, Referral.next_due_at)
    if owners is None:
        return _in_order(_open_of(act, None, columns), after, size).subquery()
    streams = [_in_order(_open_of(act, (owner,), columns), after, size).subquery() for owner in owners]
    if also:
        single = _open_of(act, None, columns).where(Referral.id.in_(also))
        streams.append(_in_order(single, after, size).subquery())
    return union_all(*(select(stream.c.id, stream.c.next_due_at) for stream in streams)).subquery()


def _in_order(query: Anything, after: After | None, size: int) -> Anything:
    if after is not None:
        later = or_(Referral.next_due_at > after.due_at, Referral.id > after.id)
        query = query.where(Referral.next_due_at >= after.due_at, later)
    return query.order_by(Referral.next_due_at, Referral.id).limit(size)


def _open_of(act: Act, owners: Owners, query: Anything) -> Anything:
    if owners is None:
        return query.select_from(Referral).where(IS_OPEN, Referral.authority_id == act.who.authority)
    # Owners come from the person's own authority; asking for it here as well would lead away from the owners' index.
    theirs = query.select_from(Referral).where(IS_OPEN, Referral.owner_id.in_(owners))
    return theirs if _whose(act, owners) == MINE else theirs.where(~I_REFUSED).params(me=act.who.id)


def _whose(act: Act, owners: Owners) -> str:
    if owners is None:
        return EVERYONES
    return MINE if all(owner == act.who.id for owner in owners) else COVERED


@lru_cache(maxsize=64)
def _counting(shape: tuple[tuple[str, str, bool, bool], ...], with_messages: bool) -> CompoundSelect[str, int]:
    """The statement for counts of this shape, built once: name, whose, whether with a begin and an end."""
    parts = []
    for number, (name, whose, has_begin, has_end) in enumerate(shape):
        within = select(literal(1).label("one")).select_from(Referral).where(IS_OPEN)
        if whose == EVERYONES:
            within = within.where(Referral.authority_id == bindparam("authority"))
        else:
            within = within.where(Referral.owner_id.in_(bindparam(f"owners_{number}", expanding=True)))
        if whose == COVERED:
            within = within.where(~I_REFUSED)
        if has_begin:
            within = within.where(Referral.next_due_at >= bindparam(f"begin_{number}"))
        if has_end:
            within = within.where(Referral.next_due_at < bindparam(f"end_{number}"))
        bounded = within.limit(bindparam("most")).subquery()
        parts.append(_counted(name, bounded))
    if with_messages:
        written = select(literal(1).label("one")).where(
            PartnerMessage.authority_id == bindparam("authority"), *IS_WAITING
        )
        parts.append(_counted(MESSAGES, written.limit(bindparam("most")).subquery()))
        parts.append(_counted(WISHES, FOR_ME.limit(bindparam("most")).subquery()))
    return union_all(*parts)


def _counted(name: str, bounded: Subquery) -> Select[str, int]:
    return select(literal(name).label("name"), func.count().label("cases")).select_from(bounded)


def _escalations(act: Act) -> list[Waiting]:
    rows = act.session.execute(ESCALATIONS, {"me": act.who.id, "authority": act.who.authority, "most": MOST}).all()
    latest = {(case.id, row.key): Waiting(case, row.key, row.due_at, row.rung) for case, row in _paired(act, rows)}
    return list(latest.values())


def _actions(act: Act) -> list[Waiting]:
    rows = act.session.execute(ACTIONS, {"me": act.who.id, "authority": act.who.authority, "most": MOST}).all()
    return [Waiting(case, f"action:{row.number}", row.due_at, "") for case, row in _paired(act, rows)]


def _paired(act: Act, rows: Sequence[Any]) -> list[tuple[Listed, Any]]:
    return list(zip(listed(act, rows), rows, strict=True))
