"""Reading one case whole: its record with words opened, the case that a replay gives, and who is named in it.

The referral is read once and its ledger once; state, clocks and owner come from the replay, never from screen tables.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from lado.act import Act
from lado.domain.cover import NOBODY_BARRED, Rota, on_cover
from lado.models import CaseClock, Escalation, Referral
from lado.queries import accounts, conflicts, cover, ledger, practices, referrals
from lado.queries.ledger import Entry
from lado.queries.rungs import asked
from workflows.case import Case, Clock
from workflows.engine import replay
from workflows.events import (
    AccessEnded,
    AccessGiven,
    CalendarChanged,
    CorrectionAsked,
    CorrectionDecided,
    Escalated,
    EscalationSnoozed,
    Event,
    GlassAnswered,
    GlassAsked,
    HandedBack,
    HandedOver,
    HandOverAccepted,
    HandOverRaised,
    HandOverRefused,
    MessageSent,
    MessageSettled,
    Moved,
    Noted,
    Opened,
    OutcomeAcknowledged,
    OutcomeReleasedTo,
    OutcomeWithheld,
    PartnerReminded,
    ProcedureChanged,
    Restricted,
    RestrictionEnded,
    RulesChanged,
    TellingAgreed,
    UpdateGiven,
    UpdatePromised,
    UrgencyLifted,
    UrgencyRaised,
)
from workflows.model import START
from workflows.practice import Practice

BEGINNINGS = (
    Opened,
    Noted,
    Escalated,
    CorrectionAsked,
    CorrectionDecided,
    RulesChanged,
    CalendarChanged,
    ProcedureChanged,
    HandedOver,
    HandOverAccepted,
    HandOverRefused,
    HandOverRaised,
    HandedBack,
    UrgencyRaised,
    UrgencyLifted,
    EscalationSnoozed,
    MessageSent,
    MessageSettled,
    OutcomeReleasedTo,
    OutcomeWithheld,
    OutcomeAcknowledged,
    PartnerReminded,
    AccessGiven,
    AccessEnded,
    Restricted,
    RestrictionEnded,
    GlassAsked,
    GlassAnswered,
    TellingAgreed,
    UpdatePromised,
    UpdateGiven,
)
"""Besides a move: what begins a group of entries that were recorded together."""


class Made(NamedTuple):
    """One move as the ledger holds it: the entries that were recorded together, the first of which has its words."""

    entries: tuple[Entry, ...]

    @property
    def head(self) -> Entry:
        """The first entry: what was done."""
        return self.entries[0]


class Raised(NamedTuple):
    """A rung of the ladder that was reached for one of the case's clocks, and whether it was answered."""

    clock: str
    occurrence: int
    rung: str
    due_at: datetime
    told_id: int | None
    acknowledged_at: datetime | None
    chain: tuple[int, ...]
    """Who was asked, in order."""


@dataclass(frozen=True)
class CaseFile:
    """One case, read whole. `events` is the number of its last ledger entry: forms are made from it."""

    id: int
    reference: str
    authority_id: int
    events: int
    subject: str
    setting: str
    case: Case
    practice: Practice
    made: tuple[Made, ...]
    opened: Opened
    raised: tuple[Raised, ...]
    rota: Rota
    names: Mapping[int, str]
    barred: frozenset[int] = NOBODY_BARRED
    """Who is kept from it: nobody of them covers here."""

    @property
    def owner_id(self) -> int | None:
        """The accountable officer, for the policy."""
        return self.case.owner

    @property
    def is_open(self) -> bool:
        """Whether the case still needs a clock and an owner."""
        return not self.practice.flow.state_by_key[self.case.state].final

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """Every running of every clock, in order of its start."""
        every = (*self.case.ended, *self.case.running.values())
        return tuple(sorted(every, key=lambda clock: (clock.started_at, clock.due_at, clock.key)))

    def entries(self) -> Iterator[tuple[Entry, dict[str, Any]]]:
        """Every entry with the words that belong to it: those of its move, and its own."""
        for made in self.made:
            for entry in made.entries:
                yield entry, {**made.head.words, **entry.words}


@dataclass(frozen=True)
class ClockFile:
    """One running of one clock, and the case that it belongs to."""

    file: CaseFile
    clock: Clock

    @property
    def authority_id(self) -> int:
        """Whose case it is, for the policy."""
        return self.file.authority_id


def read(act: Act, referral: Referral) -> CaseFile:
    """Read a case that was found for somebody who may read it."""
    entries = ledger.entries(act, referral)
    case = replay(entry.event for entry in entries)
    headline = act.vault.open(referral.sealing_key.wrapped, f"referral/{referral.reference}", referral.sealed)
    opened = entries[0].event
    if not isinstance(opened, Opened):
        raise LookupError("the record of a case begins with its opening")
    rota = cover.rota(act.session, referral.authority_id, act.at)
    barred = conflicts.barred_from(act.session, [referral.id]).get(referral.id, NOBODY_BARRED)
    return CaseFile(
        referral.id,
        referral.reference,
        referral.authority_id,
        referral.events,
        headline["subject"],
        headline["setting"],
        case,
        practices.of_case(act.session, referral),
        tuple(moves_of(entries)),
        opened,
        _raised(act, referral.id),
        rota,
        accounts.names_of(act, people_in(entries, case, rota, act.at, barred)),
        barred,
    )


def find_clock(act: Act, reference: str, clock: str, occurrence: int) -> ClockFile | None:
    """One running of a clock of a case in the person's own authority, or None."""
    referral = referrals.find(act, reference)
    if referral is None:
        return None
    file = read(act, referral)
    found = (one for one in file.clocks if one.key == clock and one.occurrence == occurrence)
    return next((ClockFile(file, one) for one in found), None)


def moves_of(entries: Iterable[Entry]) -> Iterator[Made]:
    """Group the entries of a ledger into the moves that they were recorded with."""
    group: list[Entry] = []
    for entry in entries:
        if group and (_begins(entry.event) or entry.recorded_at != group[0].recorded_at):
            yield Made(tuple(group))
            group = []
        group.append(entry)
    if group:
        yield Made(tuple(group))


def _begins(event: Event) -> bool:
    if isinstance(event, Moved):
        return event.leaves != START  # the first step is recorded with the opening
    return isinstance(event, BEGINNINGS)


def _raised(act: Act, referral_id: int) -> tuple[Raised, ...]:
    query = (
        select(
            CaseClock.key,
            CaseClock.occurrence,
            Escalation.rung,
            Escalation.due_at,
            Escalation.told_id,
            Escalation.acknowledged_at,
            Escalation.chain,
        )
        .join(CaseClock, CaseClock.id == Escalation.clock_id)
        .where(Escalation.referral_id == referral_id)
        .order_by(Escalation.id)
    )
    return tuple(Raised(*row[:-1], asked(row.chain)) for row in act.session.execute(query))


def people_in(
    entries: Iterable[Entry], case: Case, rota: Rota, at: datetime, barred: frozenset[int] = NOBODY_BARRED
) -> set[int]:
    """Everybody whose name the pages of the case may need."""
    found = {entry.actor_id for entry in entries}
    for entry in entries:
        event = entry.event
        found |= {getattr(event, name, None) for name in ("owner", "user", "told", "partner", "person", "keeper")}
        found |= set(event.people) if isinstance(event, Restricted) else set()
        found |= {event.answers.get(name) for name in ("owner", "user")} if isinstance(event, Moved | Noted) else set()
    if case.owner is not None:
        found |= set(on_cover(case.owner, at, rota, barred).chain)
    return {person for person in found if isinstance(person, int) and not isinstance(person, bool)}
