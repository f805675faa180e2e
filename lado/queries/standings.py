"""Reading the queue as it was known at a past instant: which cases were open, in whose hands, and what was next."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, null, or_, select, text
from sqlalchemy.orm import Session

from lado.act import Act
from lado.domain.standings import path
from lado.models import LedgerEntry, Referral, SealingKey, Standing
from lado.queries.queue import After
from lado.queries.referrals import Listed, listed
from workflows.asof import OF_HOW_IT_STANDS, Recorded
from workflows.events import from_plain, read_data

PAGE = 25
"""Cases on one page."""

MOST_LATE = 25
"""Cases that are named as received by then and recorded later; more are counted as more."""

Anything = Select[*tuple[Any, ...]]

IS_OPEN = text("standing.is_open")
"""Word for word the condition of the index, which both databases ask for before they use it."""

STOOD = (
    Referral.id,
    Referral.reference,
    Standing.procedure,
    Standing.procedure_version,
    Standing.state,
    Standing.is_open,
    null().label("outcome"),
    Standing.owner_id,
    Referral.received_at,
    Standing.next_clock,
    Standing.next_due_at,
    null().label("barred"),
    Referral.sealed,
    SealingKey.wrapped,
)
"""What a list shows of a referral, as it stood: in the order of LISTED."""


class Only(NamedTuple):
    """Which part of the queue is asked for; None leaves that open."""

    state: str | None = None
    owner: int | None = None
    lapsed: bool | None = None


class Page(NamedTuple):
    """Some cases in order of urgency, and after which one the next page begins (None: this is the last)."""

    rows: list[Listed]
    following: After | None


class Tally(NamedTuple):
    """How many open cases stood in one state of a procedure, with one owner, their next clock lapsed or not."""

    procedure: str
    procedure_version: int
    state: str
    owner_id: int | None
    lapsed: bool
    cases: int


class Late(NamedTuple):
    """A case that had been received by the instant and was recorded only later."""

    reference: str
    received_at: datetime
    recorded_at: datetime


EVERYTHING = Only()
KINDS = tuple(kind.__name__ for kind in OF_HOW_IT_STANDS)


def page(act: Act, at: datetime, only: Only = EVERYTHING, after: After | None = None, size: int = PAGE) -> Page:
    """The cases that were open at the instant, as was known then, the most urgent first."""
    query = (
        select(*STOOD)
        .select_from(Standing)
        .join(Referral, Referral.id == Standing.referral_id)
        .join(SealingKey, SealingKey.id == Referral.key_id)
        .where(*_open_at(act, at), *_only(only, at))
        .order_by(Standing.next_due_at, Standing.referral_id)
        .limit(size + 1)
    )
    if after is not None:
        later = or_(Standing.next_due_at > after.due_at, Standing.referral_id > after.id)
        query = query.where(Standing.next_due_at >= after.due_at, later)
    found = act.session.execute(query).all()
    last = found[size - 1] if len(found) > size else None
    return Page(listed(act, found[:size]), After(last.next_due_at, last.id) if last else None)


def tallies(act: Act, at: datetime) -> list[Tally]:
    """How many cases were open at the instant, by state, owner and whether the next clock had lapsed."""
    lapsed = (Standing.next_due_at < at).label("lapsed")
    by = (Standing.procedure, Standing.procedure_version, Standing.state, Standing.owner_id, lapsed)
    query = select(*by, func.count()).where(*_open_at(act, at)).group_by(*by)
    return [Tally(*row[:4], bool(row[4]), row[5]) for row in act.session.execute(query)]


def late(act: Act, at: datetime) -> list[Late]:
    """The cases that, as we know now, had been received by the instant and were recorded later, one beyond the most."""
    received_at = func.coalesce(Referral.corrected_received_at, Referral.received_at, type_=Referral.received_at.type)
    query = (
        select(Referral.reference, received_at, Referral.recorded_at)
        .where(Referral.authority_id == act.who.authority, Referral.recorded_at > at, received_at <= at)
        .order_by(Referral.recorded_at, Referral.id)
        .limit(MOST_LATE + 1)
    )
    return [Late(*row) for row in act.session.execute(query)]


def records(session: Session, referral_ids: Iterable[int]) -> dict[int, list[Recorded]]:
    """The part of the record of each of these cases that says how it stands, in order. One statement."""
    found: dict[int, list[Recorded]] = {}
    query = (
        select(LedgerEntry.referral_id, LedgerEntry.number, LedgerEntry.kind, LedgerEntry.data, LedgerEntry.recorded_at)
        .where(LedgerEntry.referral_id.in_(list(referral_ids)), LedgerEntry.kind.in_(KINDS))
        .order_by(LedgerEntry.referral_id, LedgerEntry.number)
    )
    for row in session.execute(query):
        event = from_plain(row.kind, read_data(row.data))
        found.setdefault(row.referral_id, []).append(Recorded(row.number, event, row.recorded_at))
    return found


def _open_at(act: Act, at: datetime) -> tuple[Any, ...]:
    """The spans of open cases over the instant: a few places of one index, however long the history is."""
    return (
        IS_OPEN,
        Standing.authority_id == act.who.authority,
        Standing.node.in_(path(at)),
        Standing.from_at <= at,
        or_(Standing.until_at.is_(None), Standing.until_at > at),
    )


def _only(only: Only, at: datetime) -> list[Any]:
    found: list[Any] = []
    if only.state is not None:
        found.append(Standing.state == only.state)
    if only.owner is not None:
        found.append(Standing.owner_id == only.owner)
    if only.lapsed is not None:
        found.append(Standing.next_due_at < at if only.lapsed else Standing.next_due_at >= at)
    return found
