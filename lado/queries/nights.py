"""What the emergency duty team reads: whom it serves, and of each open case what keeps people safe, never the record.

Every question is asked of the authorities that the worker serves, so another one's case answers as one that is not.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, select

from lado.act import Act
from lado.domain.references import tidied
from lado.models import Authority, CaseClock, LedgerEntry, Referral, SealingKey, SearchToken
from lado.queries import accounts
from lado.queries.ledger import place_of
from lado.vault import folded
from workflows.events import Noted, Opened, PersonAdded, UrgencyLifted, UrgencyRaised, from_plain, read_data

PAGE = 25
MOST_FOUND = 40
WITH_SAFETY = tuple(kind.__name__ for kind in (Opened, PersonAdded, Noted, UrgencyRaised, UrgencyLifted))
"""The kinds of entries that say who it is about and what was done to keep people safe."""

IS_OPEN = Referral.is_open.is_(True)
COLUMNS = (
    Referral.id,
    Referral.authority_id,
    Authority.name.label("council"),
    Referral.reference,
    Referral.procedure,
    Referral.procedure_version,
    Referral.state,
    Referral.is_urgent,
    Referral.owner_id,
    Referral.sealed,
    SealingKey.wrapped,
)


class Served(NamedTuple):
    """An authority that somebody works for out of hours. `authority_id` is for the policy."""

    authority_id: int
    key: str
    name: str
    phone: str


class Running(NamedTuple):
    """A clock that runs."""

    key: str
    due_at: datetime


class Safety(NamedTuple):
    """What is known of one open case that somebody may need in the night, and nothing else of it.

    `safe` is a code of SAFE_NOW as the first caller said it; `steps` are what was done since, the latest last.
    """

    id: int
    authority_id: int
    council: str
    reference: str
    procedure: tuple[str, int]
    state: str
    is_urgent: bool
    owner: str
    subject: str
    role: str
    setting: str
    children: tuple[str, ...]
    safe: str
    steps: tuple[tuple[datetime, str], ...]
    clocks: tuple[Running, ...]


class Cases(NamedTuple):
    """Some open cases in order of reference, and after which one the next page begins (None: this is the last)."""

    rows: list[Safety]
    following: str | None


def served(act: Act) -> list[Served]:
    """The authorities that this person works for, out of hours or by day, in order of name."""
    query = select(Authority.id, Authority.key, Authority.name, Authority.phone).where(
        Authority.id.in_({act.who.authority, *act.who.serves} - {None})
    )
    return [Served(*row) for row in act.session.execute(query.order_by(Authority.name))]


def council(act: Act, council: str) -> Served | None:
    """The authority of this key among those that the person serves, or None."""
    return next((one for one in served(act) if one.key == council), None)


def open_cases(act: Act, authority_id: int, after: str = "", size: int = PAGE) -> Cases:
    """The open cases of an authority, a page at a time, in order of reference."""
    query = _cases(act).where(Referral.authority_id == authority_id, Referral.reference > after)
    rows = act.session.execute(query.order_by(Referral.reference).limit(size + 1)).all()
    return Cases(_safety(act, rows[:size]), rows[size - 1].reference if len(rows) > size else None)


def most_urgent(act: Act, authority_id: int, size: int) -> list[Safety]:
    """The open cases of an authority whose next date comes first."""
    query = _cases(act).where(Referral.authority_id == authority_id)
    order = (Referral.is_urgent.desc(), Referral.next_due_at, Referral.id)
    return _safety(act, act.session.execute(query.order_by(*order).limit(size)).all())


def find(act: Act, authority_id: int, words: str) -> list[Safety]:
    """The open cases of an authority that have this reference, or in which this name or setting occurs."""
    query = _cases(act).where(Referral.authority_id == authority_id)
    if exact := tidied(words):
        query = query.where(Referral.reference == exact)
    elif len(folded(words)) > 1:
        tokens = [act.vault.token("name", words), act.vault.token("setting", words)]
        query = query.where(Referral.id.in_(select(SearchToken.referral_id).where(SearchToken.token.in_(tokens))))
    else:
        return []
    return _safety(act, act.session.execute(query.order_by(Referral.id.desc()).limit(MOST_FOUND)).all())


def case(act: Act, reference: str) -> Safety | None:
    """The open case of this reference at an authority that the person serves, or None."""
    rows = act.session.execute(_cases(act).where(Referral.reference == tidied(reference))).all()
    return next(iter(_safety(act, rows)), None)


def count_open(act: Act, authority_id: int) -> int:
    """How many cases of the authority are open."""
    return len(act.session.scalars(select(Referral.id).where(IS_OPEN, Referral.authority_id == authority_id)).all())


def _cases(act: Act) -> Select[*tuple[Any, ...]]:
    """The open cases of the authorities that the person serves."""
    query = select(*COLUMNS).join(Authority, Authority.id == Referral.authority_id)
    query = query.join(SealingKey, SealingKey.id == Referral.key_id)
    return query.where(IS_OPEN, Referral.authority_id.in_({act.who.authority, *act.who.serves} - {None}))


def _safety(act: Act, rows: Sequence[Row[Any]]) -> list[Safety]:
    ids = [row.id for row in rows]
    said: dict[int, list[tuple[Any, dict[str, Any], datetime]]] = {row.id: [] for row in rows}
    wrapped = {row.id: row.wrapped for row in rows}
    for entry in act.session.execute(_entries(ids)):
        words = act.vault.open(wrapped[entry.referral_id], place_of(entry.referral_id, entry.number), entry.sealed)
        event = from_plain(entry.kind, read_data(entry.data))
        said[entry.referral_id].append((event, words, entry.recorded_at))
    clocks: dict[int, list[Running]] = {row.id: [] for row in rows}
    for clock in act.session.execute(_running(ids)):
        clocks[clock.referral_id].append(Running(clock.key, clock.due_at))
    names = accounts.names_of(act, {row.owner_id for row in rows if row.owner_id is not None})
    return [_one(act, row, said[row.id], clocks[row.id], names) for row in rows]


def _one(act: Act, row: Row[Any], said: Iterable[Any], clocks: list[Running], names: dict[int, str]) -> Safety:
    headline = act.vault.open(row.wrapped, f"referral/{row.reference}", row.sealed)
    role, safe = "", "not_known"
    children: list[str] = []
    steps: list[tuple[datetime, str]] = []
    for event, words, at in said:
        if isinstance(event, PersonAdded) and event.role == "subject":
            role = role or words.get("role", "")
        elif isinstance(event, PersonAdded) and event.role == "child":
            children.append(words.get("name", ""))
        elif isinstance(event, Opened):
            safe = words.get("children_safe") or safe
            steps.append((at, words.get("safety_steps", "")))
        elif isinstance(event, Noted) and event.answers.get("fact") == "children_safe":
            steps.append((at, words.get("note", "")))
        elif isinstance(event, UrgencyRaised | UrgencyLifted):
            steps.extend((at, str(word)) for word in words.values())
    return Safety(
        row.id,
        row.authority_id,
        row.council,
        row.reference,
        (row.procedure, row.procedure_version),
        row.state,
        row.is_urgent,
        names.get(row.owner_id, ""),
        headline["subject"],
        role,
        headline["setting"],
        tuple(name for name in children if name),
        safe,
        tuple((at, words) for at, words in steps if words),
        tuple(clocks),
    )


def _entries(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """The entries of these cases that say who it is about and what keeps people safe."""
    columns = (
        LedgerEntry.referral_id,
        LedgerEntry.number,
        LedgerEntry.kind,
        LedgerEntry.data,
        LedgerEntry.sealed,
        LedgerEntry.recorded_at,
    )
    query = select(*columns).where(
        LedgerEntry.referral_id.in_(ids), LedgerEntry.kind.in_(WITH_SAFETY), LedgerEntry.sealed.is_not(None)
    )
    return query.order_by(LedgerEntry.referral_id, LedgerEntry.number)


def _running(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    query = select(CaseClock.referral_id, CaseClock.key, CaseClock.due_at)
    query = query.where(CaseClock.referral_id.in_(ids), CaseClock.ended_at.is_(None))
    return query.order_by(CaseClock.due_at, CaseClock.key)
